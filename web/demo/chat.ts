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

/** A shop's own server makes this token when its member signs in; here the demo server plays that part. */
export async function identifyMember(member: string): Promise<void> {
  const response = await fetch(`/demo/identity?member=${encodeURIComponent(member)}`);
  if (!response.ok) throw new Error(`The demo server answered ${response.status}.`);
  const { token } = (await response.json()) as { token: string };
  tellChat("identify", { token });
}
