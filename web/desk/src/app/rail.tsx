import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { countsQuery } from "../api/queries.ts";
import type { Role } from "../api/types.ts";
import { useT, type WordKey } from "../i18n/index.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { DutySwitch } from "./duty.tsx";
import { canAudit, canManage, canSeeArticles, canSeeDeliveries, canSeeFlows, canSeeSessions, useMe } from "./me.ts";
import { signOut } from "./sign-out.ts";

const PLACES = [
  { to: "/sessions", icon: "chat", title: "nav.sessions", may: canSeeSessions },
  { to: "/tickets", icon: "ticket", title: "nav.tickets", may: canSeeSessions },
  { to: "/articles", icon: "book", title: "nav.articles", may: canSeeArticles },
  { to: "/flows", icon: "list", title: "nav.flows", may: canSeeFlows },
  { to: "/inboxes", icon: "plug", title: "nav.inboxes", may: canSeeArticles },
  { to: "/deliveries", icon: "outbox", title: "nav.deliveries", may: canSeeDeliveries },
  { to: "/users", icon: "users", title: "nav.users", may: canManage },
  { to: "/audit", icon: "shield", title: "nav.audit", may: canAudit },
] as const satisfies readonly { to: string; icon: IconName; title: WordKey; may: (role: Role) => boolean }[];

export function Rail() {
  const t = useT();
  const me = useMe();
  const { data: counts } = useQuery({ ...countsQuery, enabled: canSeeSessions(me.user.role) });
  const visible = PLACES.filter((place) => place.may(me.user.role));
  return (
    <nav className="rail" aria-label={t("nav.main")}>
      <Seal />
      <ul>
        {visible.map((place) => (
          <li key={place.to}>
            <Link to={place.to} className="rail-link" activeProps={{ "aria-current": "page" }}>
              <Icon name={place.icon} />
              <span>{t(place.title)}</span>
              {place.to === "/sessions" && counts !== undefined && counts.queued > 0 && (
                <span className="rail-badge">{counts.queued}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
      <div className="rail-end">
        <DutySwitch />
        <Link to="/settings" className="rail-link" activeProps={{ "aria-current": "page" }}>
          <Icon name="gear" />
          <span>{t("nav.settings")}</span>
        </Link>
        <button
          type="button"
          className="rail-link"
          onClick={() => void signOut()}
          title={`${me.user.name} · ${t("nav.logout")}`}
        >
          <Icon name="logout" />
          <span>{t("nav.logout")}</span>
        </button>
      </div>
    </nav>
  );
}

/** The shop's seal: 二. */
export function Seal() {
  return (
    <svg className="seal" viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" />
      <path d="M10.500 11.500h11M7.500 21.500h17" />
    </svg>
  );
}
