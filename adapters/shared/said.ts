import type { InboundEvent, InboundMessage } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { soundContent } from "./wire.ts";

/** Where and by whom something was said. */
export type Frame = Pick<InboundMessage, "channelMessageId" | "sender" | "address" | "at">;

/** What one message of a platform says, as one event for each content: the first has the message's own id, those after it a number behind. */
export function toMessages(frame: Frame, contents: readonly Content[]): readonly InboundEvent[] {
  return contents.map((said, index) => {
    const content = soundContent(said);
    const mediaRef = "fileId" in content ? content.fileId : undefined;
    const channelMessageId = index === 0 ? frame.channelMessageId : `${frame.channelMessageId}:${index}`;
    return { type: "message", message: { ...frame, channelMessageId, content, ...(mediaRef && { mediaRef }) } };
  });
}
