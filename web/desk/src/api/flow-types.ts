/** The shop's settings and flows, as the API says them. */
export const TONES = ["warm", "polite", "neutral"] as const;
export type ToneProfile = (typeof TONES)[number];

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export interface HoursJson {
  readonly from: string;
  readonly to: string;
}

interface DayJson {
  readonly date: string;
  readonly name?: string;
}

export interface CalendarJson {
  readonly week: Readonly<Partial<Record<(typeof WEEKDAYS)[number], readonly HoursJson[]>>>;
  readonly holidays: readonly DayJson[];
  readonly extra: readonly (DayJson & { readonly hours: readonly HoursJson[] })[];
}

export interface ShopSettingsJson {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly thresholds: { readonly answer: number; readonly suggest: number } | null;
  readonly vipToPerson: boolean;
  readonly missesToHandoff: number;
  readonly groups: readonly string[];
  readonly hours: string;
  readonly calendar: CalendarJson | null;
  readonly promiseMinutes: number;
  readonly returnLeftChats: boolean;
  readonly handleMinutes: number;
  readonly idleHours: number;
  readonly tone: {
    readonly profile: ToneProfile;
    readonly channels: Readonly<Record<string, ToneProfile>>;
    readonly inboxes: Readonly<Record<string, ToneProfile>>;
    readonly address: Readonly<Record<string, { readonly greeting?: string; readonly you?: string }>>;
  };
  readonly staleTranslations: "answer" | "fallback";
  readonly bannedWords: readonly string[];
  readonly locales: readonly string[];
  /** Absent from a server that does not know it. */
  readonly starters?: Starters;
  readonly review?: Review;
  readonly version: number;
}

/** Whether the shipped articles answer: `auto` until the shop has enough of its own. */
export const STARTERS = ["auto", "always", "never"] as const;
export type Starters = (typeof STARTERS)[number];

/** Whose articles somebody else looks at before shoppers are told. */
export const REVIEWS = ["off", "editors"] as const;
export type Review = (typeof REVIEWS)[number];

/** The words of a tone, in each language of the bot. */
export interface ToneWordsJson {
  readonly profile: ToneProfile;
  readonly words: Readonly<Record<string, { readonly greeting: string; readonly you: string }>>;
}

/** The languages the bot's own lines exist in. */
export const SHOP_LOCALES = ["zh-CN", "zh-TW", "en", "ja"] as const;

export type Texts = Readonly<Partial<Record<"zh-CN" | "zh-TW" | "en" | "ja", string>>>;

export const VALIDATIONS = ["order-number", "phone", "choice", "text", "date", "number", "pattern"] as const;
export type ValidationKind = (typeof VALIDATIONS)[number];

/** What a condition may ask of the shopper besides their answers. */
export const FACTS = ["contact.verified", "contact.vip", "contact.tier", "order.status", "order.count"] as const;
export type Fact = (typeof FACTS)[number];
export type FactValue = string | number | boolean;

export type ConditionJson =
  | { readonly slot: string; readonly in: readonly string[] }
  | { readonly slot: string; readonly filled: boolean }
  | { readonly fact: Fact; readonly in: readonly FactValue[] };

export type BranchJson = { readonly when?: ConditionJson } & (
  | { readonly to: string }
  | { readonly finish: FinishJson }
);

export interface FlowStepJson {
  readonly id: string;
  readonly slot: string;
  readonly ask: Texts;
  readonly invalid?: Texts;
  readonly choices?: readonly { readonly value: string; readonly label: Texts }[];
  readonly validate: {
    readonly kind: ValidationKind;
    readonly pattern?: string;
    readonly last?: number;
    readonly min?: number;
    readonly max?: number;
    readonly when?: "any" | "past" | "future";
  };
  readonly retries: number;
  readonly skip?: ConditionJson;
  readonly next: readonly BranchJson[];
}

export type FinishJson =
  | { readonly skill: string }
  | { readonly article: string }
  | { readonly handoff: { readonly group: string; readonly text?: Texts } }
  | { readonly message: Texts };

export interface FlowJson {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly steps: readonly FlowStepJson[];
  readonly finish: FinishJson;
  readonly timeoutMinutes: number;
  readonly origin: "shipped" | "changed" | "own";
  readonly version: number;
}

export interface FlowSaid {
  readonly type: string;
  readonly text?: string;
  readonly choices?: readonly { readonly label: string; readonly value: string }[];
}

export interface FlowTried {
  readonly turns: readonly { readonly answer?: string; readonly say: readonly FlowSaid[] }[];
  readonly step: string | null;
  readonly end: { readonly finish: FinishJson | null; readonly kind?: "person" | "cancelled" } | null;
}

export interface FlowFiguresJson {
  readonly steps: readonly {
    readonly step: string;
    readonly entered: number;
    readonly passed: number;
    readonly failed: number;
    readonly person: number;
    readonly cancelled: number;
    readonly abandoned: number;
  }[];
}

export interface VariableJson {
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly sample: { readonly zh: string; readonly en: string };
}
