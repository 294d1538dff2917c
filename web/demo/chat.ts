/** The widget's page API, as a shop uses it: calls made before the script has loaded wait in an array. */
type Call = readonly [method: string, ...args: unknown[]];

declare global {
  interface Window {
    Xiaoer?: { push(...calls: Call[]): unknown };
  }
}

export function tellChat(...call: Call): void {
  window.Xiaoer ??= [];
  window.Xiaoer.push(call);
}

export interface Link {
  readonly code: string;
  readonly say: string;
  readonly urls: Readonly<Record<string, string>>;
}

/** What a signed-in member says in another channel to be known there. */
export async function linkMember(member: string, locale: string): Promise<Link> {
  const post = async <T>(path: string, body: object, token?: string): Promise<T> => {
    const response = await fetch(path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return (await response.json()) as T;
  };
  const identity = { token: await memberToken(member) };
  const { token } = await post<{ token: string }>("/v1/visitor/sessions", { inboxId: "web", identity });
  return post<Link>("/v1/visitor/links", { locale }, token);
}

/** A shop's own server makes this token when its member signs in; here the demo server plays that part. */
export async function identifyMember(member: string): Promise<void> {
  tellChat("identify", { token: await memberToken(member) });
}

async function memberToken(member: string): Promise<string> {
  const response = await fetch(`/demo/identity?member=${encodeURIComponent(member)}`);
  if (!response.ok) throw new Error(`The demo server answered ${response.status}.`);
  return ((await response.json()) as { token: string }).token;
}
