type Attributes = Readonly<Record<string, string | ((event: Event) => void)>>;

/** One element with its attributes, listeners (`onclick`) and children; text is always text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (typeof value === "string") made.setAttribute(name, value);
    else made.addEventListener(name.slice(2), value);
  made.append(...children);
  return made;
}

export function byId<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`);
  return found;
}
