/**
 * What has been said, in order. Our own words stand in it before the server has them, under their `clientId`, and keep their place when it
 * answers; whatever comes twice (a page and a stream, two streams) is known by its id. Pure: every change makes a new timeline.
 */
const EMPTY = Object.freeze([]);

/** Adds or replaces messages of the server's. */
function withMessages(timeline, messages) {
  const kept = new Map(timeline.map((message) => [keyOf(message), message]));
  for (const message of messages) {
    // Until now it stood here under our own key.
    if (message.clientId !== undefined) kept.delete(`c:${message.clientId}`);
    kept.set(`m:${message.id}`, message);
  }
  return sorted([...kept.values()]);
}

/** Our own words, on their way. */
function withPending(timeline, { clientId, content, at }) {
  const message = { clientId, content, at, direction: "inbound", author: { kind: "contact" }, state: "sending" };
  return sorted([...timeline.filter((other) => keyOf(other) !== `c:${clientId}`), message]);
}

function withState(timeline, clientId, state) {
  return timeline.map((message) => (keyOf(message) === `c:${clientId}` ? { ...message, state } : message));
}

/** How far an answer has come to the contact; only of messages that are here. */
function withReceipt(timeline, { messageId, delivery }) {
  return timeline.map((message) => (message.id === messageId ? { ...message, delivery } : message));
}

/** Under its `clientId` while only we know it, then under its id. */
function keyOf(message) {
  return message.id === undefined ? `c:${message.clientId}` : `m:${message.id}`;
}

/** By the server's number; what it has not seen yet stands last, as it was written. */
function sorted(messages) {
  const last = Number.MAX_SAFE_INTEGER;
  return messages
    .map((message, index) => ({ message, index }))
    .sort((a, b) => (a.message.seq ?? last) - (b.message.seq ?? last) || a.index - b.index)
    .map(({ message }) => message);
}

module.exports = { EMPTY, withMessages, withPending, withReceipt, withState };
