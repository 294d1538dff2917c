import { useQuery } from "@tanstack/react-query";
import { type ShopSettingsJson, TONES, type ToneProfile } from "../api/flow-types.ts";
import { inboxesQuery, tonesQuery } from "../api/queries.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { AddressFields } from "./address-fields.tsx";
import { Select } from "./inputs.tsx";
import type { SectionProps } from "./shop-draft.ts";

type Tone = ShopSettingsJson["tone"];

/** How the shop speaks: one tone, other ones by channel and by inbox, and words of its own. */
export function ToneSection({ draft: { tone }, set }: SectionProps) {
  const t = useT();
  const { data: tones = [] } = useQuery(tonesQuery);
  const change = (part: Partial<Tone>) => set("tone", { ...tone, ...part });
  return (
    <>
      <Select
        title={t("shop.tone")}
        hint={t("shop.toneHint")}
        at={["tone.profile"]}
        value={tone.profile}
        options={TONES.map((profile) => [profile, t(`tone.${profile}`)])}
        onChange={(profile) => change({ profile })}
      />
      <AddressFields
        address={tone.address}
        shipped={tones.find(({ profile }) => profile === tone.profile)?.words}
        onChange={(address) => change({ address })}
      />
      <Places tone={tone} onChange={change} />
    </>
  );
}

/** The channels and inboxes where another tone speaks: the inbox's own wins over its channel's, that over the shop's. */
function Places({ tone, onChange }: { readonly tone: Tone; readonly onChange: (part: Partial<Tone>) => void }) {
  const t = useT();
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  const channels = [...new Set([...inboxes.map(({ channel }) => channel), ...Object.keys(tone.channels)])];
  if (channels.length === 0) return null;
  const nameOf = (channel: string) => codeWords(t, "channel", channel);
  return (
    <div className="wide tone-places">
      <h3>{t("shop.tonePlaces")}</h3>
      <p className="hint">{t("shop.tonePlacesHint")}</p>
      <ul>
        {channels.map((channel) => (
          <li key={channel}>
            <ToneOf
              name={t("shop.toneChannel", { name: nameOf(channel) })}
              value={tone.channels[channel]}
              above={tone.profile}
              inherit={(words) => t("shop.asShop", { tone: words })}
              onChange={(profile) => onChange({ channels: withProfile(tone.channels, channel, profile) })}
            />
            {inboxes
              .filter((inbox) => inbox.channel === channel)
              .map(({ id, name }) => (
                <ToneOf
                  key={id}
                  name={t("shop.toneOf", { name })}
                  value={tone.inboxes[id]}
                  above={tone.channels[channel] ?? tone.profile}
                  inherit={(words) => t("shop.asChannel", { tone: words })}
                  onChange={(profile) => onChange({ inboxes: withProfile(tone.inboxes, id, profile) })}
                />
              ))}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ToneOfProps {
  readonly name: string;
  readonly value: ToneProfile | undefined;
  /** What speaks where nothing is chosen. */
  readonly above: ToneProfile;
  readonly inherit: (words: string) => string;
  readonly onChange: (profile: ToneProfile | "") => void;
}

function ToneOf({ name, value = undefined, above, inherit, onChange }: ToneOfProps) {
  const t = useT();
  return (
    <Select<ToneProfile | "">
      title={name}
      value={value ?? ""}
      options={[
        ["", inherit(t(`tone.${above}`))],
        ...TONES.map((profile): readonly [ToneProfile, string] => [profile, t(`tone.${profile}`)]),
      ]}
      onChange={onChange}
    />
  );
}

type Profiles = Readonly<Record<string, ToneProfile>>;

function withProfile(profiles: Profiles, id: string, profile: ToneProfile | ""): Profiles {
  const { [id]: _before, ...others } = profiles;
  return profile === "" ? others : { ...others, [id]: profile };
}
