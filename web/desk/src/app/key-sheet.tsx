import { useT, type WordKey } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { keyNames } from "./commands.ts";

const SHEET: readonly (readonly [WordKey, readonly (readonly [string, WordKey, number?])[]])[] = [
  [
    "keys.group.list",
    [
      ["KeyJ", "keys.next"],
      ["KeyK", "keys.previous"],
      ["Enter", "keys.open"],
      ["Slash", "keys.search"],
    ],
  ],
  [
    "keys.group.session",
    [
      ["KeyA", "keys.take"],
      ["KeyR", "keys.reply"],
      ["KeyN", "keys.note"],
      ["KeyT", "keys.transfer"],
      ["KeyB", "keys.bot"],
      ["KeyQ", "keys.release"],
      ["KeyE", "keys.resolve"],
      ["Shift+KeyE", "keys.resolveNext"],
      ["KeyL", "tickets.addTag"],
      ["KeyO", "keys.orders"],
    ],
  ],
  [
    "keys.group.composer",
    [
      ["Enter", "keys.send"],
      ["Shift+Enter", "keys.newline"],
      ["Alt+1", "keys.suggestion", 1],
      ["Alt+2", "keys.suggestion", 2],
      ["Alt+3", "keys.suggestion", 3],
    ],
  ],
  [
    "keys.group.go",
    [
      ["KeyG KeyI", "nav.sessions"],
      ["KeyG KeyT", "nav.tickets"],
      ["KeyG KeyF", "nav.articles"],
      ["KeyG KeyC", "nav.inboxes"],
      ["KeyG KeyD", "nav.deliveries"],
      ["KeyG KeyS", "nav.settings"],
    ],
  ],
  [
    "keys.group.general",
    [
      ["Mod+KeyK", "keys.palette"],
      ["?", "keys.sheet"],
      ["Escape", "keys.escape"],
    ],
  ],
];

export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  return (
    <Dialog title={t("keys.title")} onClose={onClose} wide>
      <div className="key-sheet">
        {SHEET.map(([group, rows]) => (
          <section key={group}>
            <h3>{t(group)}</h3>
            <dl>
              {rows.map(([keys, title, n]) => (
                <div key={keys}>
                  <dt>{t(title, n === undefined ? {} : { n })}</dt>
                  <dd>
                    {keyNames(keys).map((name) => (
                      <kbd key={name}>{name}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="hint">{t("keys.hint")}</p>
    </Dialog>
  );
}
