import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { putSession, putTicket } from "../api/apply-frame.ts";
import { type ApiError, post } from "../api/client.ts";
import { currentOwner, errorWords, isCode } from "../api/errors.ts";
import { queryClient } from "../api/query-client.ts";
import type { Session, Ticket } from "../api/types.ts";
import { t, type WordKey } from "../i18n/index.ts";
import { toast } from "../ui/toast.tsx";
import { refreshSession } from "./send.ts";

/** What may be done with a session by whom: the server checks the same. */
export interface Rights {
  readonly mine: boolean;
  readonly canTake: "claim" | "take" | undefined;
  readonly canReply: boolean;
  readonly canNote: boolean;
}

export function rightsOf(session: Session, me: string, serves: boolean): Rights {
  const mine = session.state === "agent" && session.owner === me;
  const canTake = !serves
    ? undefined
    : session.state === "queued" && session.ticketId !== undefined
      ? "claim"
      : session.state === "bot"
        ? "take"
        : undefined;
  return { mine, canTake, canReply: mine || canTake !== undefined, canNote: serves && session.ticketId !== undefined };
}

interface Changed {
  readonly session?: Session;
  readonly ticket?: Ticket;
}

/** Claims from the queue or takes over from the bot. @throws ApiError when someone else was first. */
export async function takeSession(session: Session): Promise<{ session: Session; ticketId: string }> {
  const answer =
    session.state === "bot"
      ? await post<Changed>(`/v1/sessions/${session.id}/take`)
      : await post<Changed>(`/v1/tickets/${session.ticketId}/claim`);
  remember(answer);
  const taken = answer.session ?? (await refreshed(session.id));
  const ticketId = answer.ticket?.id ?? taken.ticketId;
  if (ticketId === undefined) throw new Error("A taken session has a ticket.");
  return { session: taken, ticketId };
}

async function refreshed(sessionId: string): Promise<Session> {
  await refreshSession(sessionId);
  const session = queryClient.getQueryData<Session>(["session", sessionId]);
  if (session === undefined) throw new Error("The session was just read.");
  return session;
}

function remember({ session, ticket }: Changed): void {
  if (session) putSession(queryClient, session);
  if (ticket === undefined) return;
  if ("context" in ticket)
    queryClient.setQueryData(["ticket", ticket.id], (old: Ticket | undefined) => ({ ...old, ...ticket }));
  putTicket(queryClient, ticket);
}

export function lostWords(error: ApiError): string {
  const { ownerName, owner } = currentOwner(error);
  const name =
    ownerName ??
    (owner === "bot" ? t("sessions.owner.bot") : owner === "queue" ? t("sessions.owner.queue") : undefined);
  return name === undefined ? t("action.epoch") : t("action.lost", { name });
}

/** Someone was faster, or the ground moved: say who has it and show the state of now. */
export function explainFailure(error: unknown, sessionId: string | undefined): void {
  if (isCode(error, "ticket.already_claimed", "session.epoch_changed", "session.illegal_move")) {
    toast(lostWords(error), "bad");
    if (sessionId) void refreshSession(sessionId);
    return;
  }
  toast(errorWords(error), "bad");
}

export function useTake(session: Session): UseMutationResult<unknown, unknown, void> {
  return useMutation({
    mutationFn: () => takeSession(session),
    onSuccess: () => toast(t("action.claimed")),
    onError: (error) => explainFailure(error, session.id),
  });
}

type TicketVerb = "release" | "transfer" | "return-to-bot" | "resolve" | "reopen";
const DONE: Readonly<Record<TicketVerb, WordKey>> = {
  release: "action.released",
  transfer: "action.transferred",
  "return-to-bot": "action.toBot",
  resolve: "action.resolved",
  reopen: "action.reopened",
};

export function useTicketAction(verb: TicketVerb, ticketId: string | undefined, sessionId: string | undefined) {
  return useMutation({
    mutationFn: (body: Readonly<Record<string, string | undefined>> = {}) =>
      post<Changed>(`/v1/tickets/${ticketId}/${verb}`, body),
    onSuccess: (answer) => {
      remember(answer);
      if (sessionId && answer.session === undefined) void refreshSession(sessionId);
      void queryClient.invalidateQueries({ queryKey: ["ticket", ticketId] });
      toast(t(DONE[verb]));
    },
    onError: (error) => explainFailure(error, sessionId),
  });
}
