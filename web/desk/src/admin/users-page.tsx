import { useMutation, useQuery } from "@tanstack/react-query";
import { Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { patch, post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { usersQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Role, User } from "../api/types.ts";
import { useMe } from "../app/me.ts";
import { codeWords, t as say, useT } from "../i18n/index.ts";
import { momentTime } from "../time.ts";
import { Antd } from "../ui/antd.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Page } from "../ui/page.tsx";
import { Chip, Empty, Failure } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";

const ROLES: readonly Role[] = ["agent", "supervisor", "editor", "admin", "auditor"];

export function UsersPage() {
  const t = useT();
  const me = useMe();
  const query = useQuery(usersQuery);
  const [editing, setEditing] = useState<User | "new">();
  useTitle(t("nav.users"));
  const columns: TableColumnsType<User> = [
    {
      title: t("users.name"),
      key: "name",
      render: (_, user) => (
        <>
          <strong>{user.name}</strong> {user.id === me.user.id && <Chip>{t("users.you")}</Chip>}
          <div className="muted">{user.email}</div>
        </>
      ),
    },
    { title: t("users.role"), key: "role", width: 140, render: (_, user) => codeWords(t, "role", user.role) },
    { title: t("users.groups"), key: "groups", responsive: ["md"], render: (_, user) => user.groups?.join(", ") },
    {
      title: t("users.state"),
      key: "state",
      width: 110,
      render: (_, user) => (
        <Chip tone={user.disabled ? "red" : "green"}>{t(user.disabled ? "users.disabled" : "users.active")}</Chip>
      ),
    },
    {
      title: t("users.lastLogin"),
      key: "login",
      width: 140,
      responsive: ["md"],
      render: (_, user) => <span className="num muted">{user.lastLoginAt ? momentTime(user.lastLoginAt) : "–"}</span>,
    },
    {
      title: <span className="sr">{t("common.edit")}</span>,
      key: "edit",
      width: 60,
      render: (_, user) => (
        <Button
          look="quiet"
          small
          icon="pencil"
          aria-label={`${t("common.edit")}: ${user.name}`}
          onClick={() => setEditing(user)}
        />
      ),
    },
  ];
  return (
    <Page
      title={t("users.title")}
      actions={
        <Button look="primary" icon="plus" onClick={() => setEditing("new")}>
          {t("users.new")}
        </Button>
      }
    >
      {query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Antd>
          <div className="panel">
            <Table<User>
              rowKey="id"
              columns={columns}
              dataSource={query.data ?? []}
              loading={query.isPending}
              pagination={false}
              locale={{ emptyText: <Empty icon="users" title={t("empty.results")} /> }}
            />
          </div>
        </Antd>
      )}
      {editing !== undefined && (
        <UserDialog user={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </Page>
  );
}

function UserDialog({ user, onClose }: { readonly user: User | undefined; readonly onClose: () => void }) {
  const t = useT();
  const me = useMe();
  const [name, setName] = useState(user?.name ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [role, setRole] = useState<Role>(user?.role ?? "agent");
  const [password, setPassword] = useState("");
  const [disabled, setDisabled] = useState(user?.disabled ?? false);
  const isMe = user?.id === me.user.id;
  const save = useMutation({
    mutationFn: () =>
      user === undefined
        ? post("/v1/users", { name: name.trim(), email: email.trim(), role, password })
        : patch(`/v1/users/${user.id}`, {
            ...(name.trim() !== user.name && { name: name.trim() }),
            ...(role !== user.role && { role }),
            ...(disabled !== (user.disabled ?? false) && { disabled }),
          }),
    onSuccess: () => {
      toast(say("users.saved"));
      void queryClient.invalidateQueries({ queryKey: ["users"] });
      onClose();
    },
  });
  const ready = name.trim() !== "" && (user !== undefined || (email.includes("@") && password.length >= 12));
  return (
    <Dialog
      title={t(user ? "users.edit" : "users.new")}
      onClose={onClose}
      onSubmit={() => save.mutate()}
      submit={t("common.save")}
      busy={save.isPending}
      ready={ready}
    >
      <div className="field">
        <label htmlFor="user-name">{t("users.name")}</label>
        <input
          id="user-name"
          className="input"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="user-email">{t("users.email")}</label>
        <input
          id="user-email"
          className="input"
          type="email"
          required
          disabled={user !== undefined}
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="user-role">{t("users.role")}</label>
        <select
          id="user-role"
          className="input"
          disabled={isMe}
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
        >
          {ROLES.map((key) => (
            <option key={key} value={key}>
              {t(`role.${key}`)}
            </option>
          ))}
        </select>
      </div>
      {user === undefined ? (
        <div className="field">
          <label htmlFor="user-password">{t("users.password")}</label>
          <input
            id="user-password"
            className="input"
            type="password"
            required
            minLength={12}
            maxLength={128}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <span className="hint">{t("users.passwordHint")}</span>
        </div>
      ) : (
        !isMe && (
          <label className="row">
            <input type="checkbox" checked={disabled} onChange={(event) => setDisabled(event.target.checked)} />
            {t("users.disable")}
          </label>
        )
      )}
      {disabled && user && !user.disabled && (
        <div className="notice amber">
          <Icon name="alert" />
          {t("users.disableConfirm", { name: user.name })}
        </div>
      )}
      {save.isError && (
        <div className="notice red" role="alert">
          <Icon name="alert" />
          {errorWords(save.error)}
        </div>
      )}
    </Dialog>
  );
}
