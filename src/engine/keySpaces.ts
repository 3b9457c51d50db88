// The keys of a run: every producer has some, numbered one after the other, and so has every publish step whose events have
// keys of their own; new keys without end come behind all of these. Texts say which of them mean the same.

import type { Recording } from "../base/recording.ts";
import { spreadingOf } from "../model/elements.ts";
import type { Scenario } from "../model/scenario.ts";
import { copiesMax, type SpreadValues } from "../nodes/spreading.ts";
import type { CompiledProducer } from "./recordings.ts";

/** Keys that belong together. */
interface KeySpace {
  /** Number of its first key, and how many it has. */
  readonly firstKey: number;
  readonly keys: number;
  readonly keyName: string;
  /** Where the keys are those of a recording. */
  readonly recording?: Recording | undefined;
}

/** What gives the events of a publish step keys of their own. */
export interface OwnKeys {
  readonly values: SpreadValues;
  /** Number of its first key, and from one of its keys to the next. */
  readonly firstKey: number;
  readonly stride: number;
}

/** All keys of a run. */
export interface KeySpaces {
  /** Text of a key, "" for a number that is none. */
  text(key: number): string;
  /** The first key of any space that has the same text. */
  shared(key: number): number;
  /** By id of the publish connection, where it has keys of its own. */
  readonly own: ReadonlyMap<string, OwnKeys>;
}

/** The keys of a document whose producers are compiled. */
export function keySpacesOf(scenario: Scenario, producers: readonly CompiledProducer[]): KeySpaces {
  const spaces: KeySpace[] = producers.map(({ values, ...rest }) => ({
    ...rest,
    keyName: values.keyName,
  }));
  let next = spaces.reduce((sum, { keys }) => sum + keys, 0);
  const own = new Map<string, OwnKeys>();
  const keyed = scenario.connections.flatMap((link) => {
    const values = spreadingOf(scenario, link);
    return values === undefined || values.keyBy === "cause" ? [] : [{ id: link.id, values }];
  });
  const fresh = keyed.filter(({ values }) => values.keyBy === "fresh");
  for (const { id, values } of keyed) {
    if (values.keyBy === "fresh") continue;
    const keys = values.keyBy === "drawn" ? values.ownKeys : copiesMax;
    spaces.push({ firstKey: next, keys, keyName: values.ownKeyName });
    own.set(id, { values, firstKey: next, stride: 1 });
    next += keys;
  }
  fresh.forEach(({ id, values }, i) => {
    own.set(id, { values, firstKey: next + i, stride: fresh.length });
  });
  return { own, ...textsOf(spaces, { from: next, names: fresh.map(nameOfKeys) }) };
}

/** What the new keys of connections are called that take turns in numbering them. */
function nameOfKeys({ values }: { readonly values: SpreadValues }): string {
  return values.ownKeyName;
}

interface FreshKeys {
  /** Number of the first of all. */
  readonly from: number;
  readonly names: readonly string[];
}

function textsOf(spaces: readonly KeySpace[], fresh: FreshKeys): Omit<KeySpaces, "own"> {
  const text = (key: number): string => {
    if (key >= fresh.from && fresh.names.length > 0) return freshText(key, fresh);
    const space = spaces.find((one) => key >= one.firstKey && key < one.firstKey + one.keys);
    if (space === undefined) return "";
    const number = key - space.firstKey;
    return space.recording?.hasKeys === true
      ? space.recording.keyNames[number]!
      : `${space.keyName}-${number}`;
  };
  const shared = (key: number): number => {
    // What is new is like nothing else.
    if (key >= fresh.from) return key;
    const same = text(key);
    for (const one of spaces) {
      const number = numberOfKey(one, same);
      if (number >= 0 && number < one.keys) return one.firstKey + number;
    }
    return key;
  };
  return { text, shared };
}

/** Such as "item-new-1": no key of a space reads like it. */
function freshText(key: number, { from, names }: FreshKeys): string {
  const number = key - from;
  const at = number % names.length;
  return `${names[at]!}-new-${(number - at) / names.length + 1}`;
}

/** Number of a key among those of a space, −1 when it has none of this text. */
function numberOfKey({ recording, keyName }: KeySpace, text: string): number {
  if (recording?.hasKeys === true) return recording.keyNames.indexOf(text);
  const start = `${keyName}-`;
  const number = text.startsWith(start) ? Number(text.slice(start.length)) : NaN;
  return `${keyName}-${number}` === text ? number : -1;
}
