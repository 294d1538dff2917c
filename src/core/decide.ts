/**
 * What the bot does with one message: a pure function from what was gathered to what follows. No I/O, no clock, no chance.
 * The deciders are asked in order and the first that answers is followed; `design.md` §1.
 */
import type { Contact } from "./contact.ts";
import type { Content } from "./content.ts";
import { type FlowMark, flowIdOf } from "./flow.ts";
import { DEFAULT_GROUP, moodOf, riskOf, type Trigger, wantsPerson } from "./handoff.ts";
import type { ArticleMatch } from "./knowledge.ts";
import { ARTICLE_VALUE, phrases } from "./phrases.ts";
import type { Flow, Session } from "./session.ts";
import { PERSON_VALUE, type SkillOutcome } from "./skill.ts";
import type { Attempt, HandoffCode } from "./ticket.ts";
import type { Tone } from "./tone.ts";
import { countStuck, isAskedAgain, isStuck, type Turn } from "./unhappy.ts";

/** Everything a decision may need, fetched before. */
export interface Situation {
  readonly content: Content;
  /** The words to decide on; a "2" after a list of choices already reads as the choice. */
  readonly text: string;
  /** What a tapped or resolved choice stands for. */
  readonly value?: string;
  readonly session: Pick<Session, "state" | "owner" | "misses" | "flow">;
  readonly contact: Pick<Contact, "vip" | "level" | "name">;
  readonly locale: string;
  readonly knowledge: { readonly decision: "answer" | "suggest" | "none"; readonly matches: readonly ArticleMatch[] };
  /** The skill of the flow in progress or of the best match, already asked. */
  readonly skill?: { readonly name: string; readonly outcome: SkillOutcome; readonly articleId?: string };
  /** What the best match says itself, its variables filled in; undefined when one could not be. */
  readonly rendered?: readonly Content[];
  /** What is said in its place then. @default a fixed line */
  readonly fallback?: string;
  /** What a declared flow makes of the message: the one in progress, or the best match's. */
  readonly declared?: DeclaredTurn;
  /** The flow's question once more: the message was about something else, which is answered first. */
  readonly resume?: { readonly say: readonly Content[]; readonly flow: Flow };
  /** How the shop speaks here. @default the shipped warm tone */
  readonly tone?: Tone;
  /** What was asked and told before in this session, and when this was asked. @default nothing */
  readonly earlier?: { readonly turns: readonly Turn[]; readonly at: number };
  /** What whoever waits for a person and asks for one again is told. @default that someone is coming */
  readonly waiting?: string;
  readonly settings: ShopRules;
}

/** One turn of a declared flow, worked out already. */
export interface DeclaredTurn {
  readonly marks: readonly FlowMark[];
  readonly say: readonly Content[];
  /** Where it stands now; null: over. */
  readonly flow: Flow | null;
  readonly handoff?: { readonly code: HandoffCode; readonly words: string; readonly group?: string };
  /** It ended with a skill, already asked. */
  readonly outcome?: SkillOutcome;
  /** It ended with an article. */
  readonly told?: Omit<Say, "content">;
  /** The article that begins it; absent for a flow in progress. */
  readonly articleId?: string;
}

/** What a shop may say about handing over. */
export interface ShopRules {
  readonly vipToPerson: boolean;
  /** Misses in a row after which a person is asked. */
  readonly missesToHandoff: number;
}

export const DEFAULT_RULES: ShopRules = { vipToPerson: false, missesToHandoff: 2 };

export interface Say {
  readonly content: Content;
  readonly articleId?: string;
  readonly articleVersion?: number;
  readonly score?: number;
}

export interface Decision {
  readonly say: readonly Say[];
  readonly handoff?: Trigger;
  /** Misses in a row after this message. */
  readonly misses: number;
  /** The flow that goes on; null ends it. */
  readonly flow: Flow | null;
  /** Nobody had an answer: remembered for the merchant. */
  readonly gap: boolean;
  readonly attempts: readonly Attempt[];
  /** What happened in a declared flow. */
  readonly marks?: readonly FlowMark[];
}

/** One way to answer; undefined passes the message to the next. */
export type Decider = (situation: Situation) => Decision | undefined;

const nothing: Decision = { say: [], misses: 0, flow: null, gap: false, attempts: [] };
const text = (words: string): Content => ({ type: "text", text: words });

/** A person owns the session: the bot stays silent. */
const ownedByPerson: Decider = ({ session }) =>
  session.state === "agent" ? { ...nothing, misses: session.misses, flow: session.flow ?? null } : undefined;

/** In the queue the bot goes on answering what it surely knows, and says nothing else. */
const queued: Decider = (situation) => {
  const { session, text: words, value, locale, tone } = situation;
  if (session.state !== "queued") return undefined;
  const stay = { ...nothing, misses: session.misses };
  if (wantsPerson(words) || value === PERSON_VALUE)
    return { ...stay, say: [{ content: text(situation.waiting ?? phrases(locale, tone).alreadyQueued) }] };
  const sure = situation.knowledge.decision === "answer" ? answers(situation) : undefined;
  return sure?.handoff === undefined && sure !== undefined ? { ...sure, misses: session.misses } : stay;
};

const urgent: Decider = ({ text: words, session }) => {
  const risk = riskOf(words);
  return risk === undefined ? undefined : { ...nothing, misses: session.misses, handoff: risk };
};

const explicitWish: Decider = ({ text: words, value, session }) =>
  value === PERSON_VALUE || wantsPerson(words)
    ? { ...nothing, misses: session.misses, handoff: trigger("ask_human", words) }
    : undefined;

/** A question the bot asked is being answered. `pass`: it was about something else after all. */
const flowInProgress: Decider = (situation) => {
  const { session, skill, declared, text: words } = situation;
  if (declared !== undefined && declared.articleId === undefined) return fromDeclared(declared, words);
  if (session.flow === undefined || skill === undefined || skill.articleId !== undefined) return undefined;
  return fromSkill(skill, words);
};

const angry: Decider = ({ text: words, session }) =>
  moodOf(words) === "angry"
    ? { ...nothing, misses: session.misses, handoff: { ...trigger("unhappy", words), mood: "angry", priority: "high" } }
    : undefined;

const vip: Decider = ({ contact, settings, text: words }) =>
  settings.vipToPerson && contact.vip
    ? { ...nothing, handoff: { ...trigger("vip_rule", words), priority: "high" } }
    : undefined;

/** The best article speaks: by its skill, or by its own text. */
const answers: Decider = (situation) => {
  const { knowledge, skill, rendered, declared, text: words } = situation;
  const best = knowledge.matches[0];
  if (knowledge.decision !== "answer" || best === undefined) return undefined;
  const told = { articleId: best.articleId, articleVersion: best.version, score: best.score };
  if (skill?.articleId === best.articleId) {
    const decision = fromSkill(skill, words, told);
    if (decision !== undefined) return { ...decision, attempts: [attempt(best, true)] };
  }
  if (declared?.articleId === best.articleId)
    return { ...fromDeclared(declared, words, told), attempts: [attempt(best, true)] };
  // A variable that could not be filled in never reaches a shopper, nor does an answer not written yet: something else does.
  if (rendered === undefined || rendered.length === 0)
    return { ...fallback(situation, told), attempts: [attempt(best, true)] };
  const say = rendered.map((content) => ({ content, ...told }));
  const { handoffGroup } = best.article;
  // Who waits for a person already is only told.
  const next =
    handoffGroup === undefined || situation.session.state !== "bot"
      ? {}
      : { handoff: { ...trigger("ineligible_action", words), group: handoffGroup } };
  return { ...nothing, say, ...next, attempts: [attempt(best, true)] };
};

/** The article's own words for when its facts are missing, or ours, and a way to a person. */
function fallback({ fallback: own, locale, tone, session }: Situation, told: Omit<Say, "content">): Decision {
  const lines = phrases(locale, tone);
  const choices = [{ label: lines.person, value: PERSON_VALUE }];
  return {
    ...nothing,
    misses: session.misses,
    say: [{ content: { type: "choices", text: own ?? lines.unavailable, choices }, ...told }],
  };
}

/** Close, not sure: up to three questions to choose from, and a way out. */
const suggests: Decider = ({ knowledge, locale, session, tone }) => {
  if (knowledge.decision === "none" || knowledge.matches.length === 0) return undefined;
  const offered = knowledge.matches.slice(0, 3);
  const words = phrases(locale, tone);
  return {
    ...nothing,
    // A list of guesses is not yet an answer, nor a miss: the count stands.
    misses: session.misses,
    attempts: offered.map((match) => attempt(match, true)),
    say: [
      {
        content: {
          type: "choices",
          text: words.didYouMean,
          choices: [
            ...offered.map((match) => ({ label: match.article.question, value: `${ARTICLE_VALUE}${match.articleId}` })),
            { label: words.noneOfThese, value: PERSON_VALUE },
          ],
        },
      },
    ],
  };
};

/** A picture, a sticker, a place: nothing to match. The contact is asked for words once, and it counts as no miss. */
const wordless: Decider = ({ content, text: words, locale, session, tone }) => {
  if (words.trim() !== "") return undefined;
  const lines = phrases(locale, tone);
  const line = content.type === "unsupported" ? lines.unsupported : lines.received;
  return { ...nothing, misses: session.misses, say: [{ content: text(line) }] };
};

const misses: Decider = ({ session, settings, text: words, locale, knowledge, tone }) => {
  const count = session.misses + 1;
  const attempts = knowledge.matches.slice(0, 3).map((match) => attempt(match, false));
  if (count >= settings.missesToHandoff) {
    return { ...nothing, misses: count, gap: true, attempts, handoff: trigger("miss2", words) };
  }
  const lines = phrases(locale, tone);
  return {
    ...nothing,
    misses: count,
    gap: true,
    attempts,
    say: [{ content: { type: "choices", text: lines.miss, choices: [{ label: lines.person, value: PERSON_VALUE }] } }],
  };
};

export const DECIDERS: readonly Decider[] = [
  ownedByPerson,
  queued,
  urgent,
  explicitWish,
  flowInProgress,
  vip,
  angry,
  answers,
  suggests,
  wordless,
  misses,
];

/** Asks the shop's own rules right after the ones no rule may overturn, then the built-in deciders. */
export function decide(situation: Situation, rules: readonly Decider[] = []): Decision {
  for (const decider of [...DECIDERS.slice(0, 4), ...rules, ...DECIDERS.slice(4)]) {
    const decision = decider(situation);
    if (decision !== undefined) return withFlow(situation, unlessInVain(situation, decision));
  }
  return nothing;
}

/** What was told to the same question a moment ago, or asked in vain three times, is not said once more: a person takes over. */
function unlessInVain(situation: Situation, decision: Decision): Decision {
  const { session, text: words, value, earlier, resume, declared } = situation;
  if (session.state !== "bot" || decision.handoff !== undefined || decision.gap) return decision;
  const told = decision.say.find(({ articleId }) => articleId !== undefined)?.articleId;
  const again =
    value === undefined &&
    session.flow === undefined &&
    earlier !== undefined &&
    isAskedAgain(
      {
        text: words,
        at: earlier.at,
        said: decision.say.map(({ content }) => content),
        ...(told === undefined ? {} : { articleId: told }),
      },
      earlier.turns,
    );
  // A declared flow counts its own wrong answers; one that was interrupted has moved on.
  const flow = resume === undefined && declared === undefined ? countStuck(session.flow, decision.flow) : decision.flow;
  if (!again && !isStuck(flow)) return { ...decision, flow };
  const { misses, attempts } = decision;
  return { ...nothing, misses, attempts, handoff: { ...trigger("unhappy", words), mood: worse(moodOf(words)) } };
}

const worse = (mood: Trigger["mood"]): Trigger["mood"] => (mood === "calm" ? "unhappy" : mood);

/** A flow interrupted by a question goes on after its answer; one interrupted by a handover was left for a person. */
function withFlow({ session, resume }: Situation, decision: Decision): Decision {
  if (resume !== undefined && decision.handoff === undefined && decision.flow === null) {
    const say = [...decision.say, ...resume.say.map((content) => ({ content }))];
    return { ...decision, say, flow: resume.flow };
  }
  const flowId = flowIdOf(session.flow?.skill);
  if (decision.handoff === undefined || decision.marks !== undefined || flowId === undefined) return decision;
  const { run = "", step = "" } = session.flow ?? {};
  return { ...decision, marks: [{ flowId, run, step, outcome: "person" }] };
}

function fromDeclared(declared: DeclaredTurn, words: string, told: Omit<Say, "content"> = {}): Decision {
  const { marks, say, flow, handoff, outcome } = declared;
  // What a flow ends with is its skill's to say; whatever else happens, its marks stand.
  const ended = outcome === undefined ? undefined : fromSkill({ name: "", outcome }, words, told);
  if (ended !== undefined) return { ...ended, marks };
  return {
    ...nothing,
    say: say.map((content) => ({ content, ...(declared.told ?? told) })),
    flow,
    marks,
    ...(handoff === undefined
      ? {}
      : { handoff: { ...trigger(handoff.code, handoff.words), group: handoff.group ?? DEFAULT_GROUP } }),
  };
}

function fromSkill(
  skill: NonNullable<Situation["skill"]>,
  words: string,
  told: Omit<Say, "content"> = {},
): Decision | undefined {
  const { outcome } = skill;
  switch (outcome.kind) {
    case "say":
      return { ...nothing, say: outcome.contents.map((content) => ({ content, ...told })), flow: outcome.flow ?? null };
    case "handoff":
      return {
        ...nothing,
        say: outcome.contents.map((content) => ({ content, ...told })),
        handoff: trigger(outcome.code, outcome.words || words),
      };
    case "pass":
    case "failed":
      return undefined;
  }
}

function trigger(code: Trigger["code"], words: string): Trigger {
  return { code, words, priority: "normal", group: DEFAULT_GROUP, mood: moodOf(words) };
}

function attempt(match: ArticleMatch, shown: boolean): Attempt {
  return {
    articleId: match.articleId,
    question: match.article.question,
    score: match.score,
    shown,
    version: match.version,
  };
}
