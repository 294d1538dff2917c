import type { FakeEvent } from "../../../adapters/shared/fake.ts";
import { InvalidError } from "../../core/errors.ts";
import type { PlayedEvent } from "../../http/simulator-contract.ts";

/** What a shopper does, with what the page leaves open filled in. @throws {InvalidError} the platform has nothing of the kind */
export function toFakeEvent(event: PlayedEvent, userId: string, plays: readonly FakeEvent["type"][]): FakeEvent {
  const type = plays.find((one) => one === event.type);
  const text = event.text ?? "";
  switch (type) {
    case undefined:
      throw new InvalidError("simulator.not_possible", `This platform has no ${event.type}.`);
    case "text":
    case "edit":
      return { type, userId, text };
    case "tap":
      return { type, userId, label: event.label ?? "" };
    case "location":
      return { type, userId, lat: 31.2347, lng: 121.4747 };
    case "sticker":
      return { type, userId, emoji: "👍" };
    case "join":
      return { type, userId, ...(event.payload !== undefined && { payload: event.payload }) };
    case "image":
      return { type, userId, name: "photo.jpg", ...(text !== "" && { caption: text }) };
    case "audio":
    case "video":
      return { type, userId, name: type === "audio" ? "voice.ogg" : "clip.mp4" };
    case "file":
      return { type, userId, name: "发票.pdf" };
    default:
      return { type, userId };
  }
}

/** How the shopper's own phone shows it. */
export function wordsOf(event: FakeEvent): string {
  switch (event.type) {
    case "text":
    case "edit":
      return event.text;
    case "tap":
      return event.label;
    case "sticker":
      return event.emoji;
    case "location":
      return `${event.lat}, ${event.lng}`;
    case "image":
    case "file":
      return event.caption ?? event.name ?? "";
    case "audio":
    case "video":
      return event.name ?? "";
    default:
      return "";
  }
}
