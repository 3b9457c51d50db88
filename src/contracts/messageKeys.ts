// The keys under which messages stand in a document: one for each version of each event, and one for the answers of
// requests. The newest version has the plain name, `OrderPlaced`; earlier ones carry theirs, `OrderPlaced.v1.0.0`.

import { versionsOf } from "../model/contracts.ts";
import type { Scenario } from "../model/scenario.ts";

/** Keys of the messages of a scenario. */
export interface MessageKeys {
  /** Contract id → version → key; the newest version first. */
  readonly versions: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Contract id → key of the newest version. */
  readonly newest: ReadonlyMap<string, string>;
  /** Contract id → key of the answer to it. */
  readonly replies: ReadonlyMap<string, string>;
  /** Key of a message → its place among all of them, in the order in which documents list them. */
  readonly places: ReadonlyMap<string, number>;
  /** Key of the schema of CloudEvents; with a dot and a protocol behind it that of their headers. */
  readonly cloudEvent: string;
}

/** Chooses the keys. A message is known by the name of its event where that can be a key and belongs to one contract
 *  only, otherwise by the id of the contract. */
export function messageKeysOf(scenario: Scenario): MessageKeys {
  const newest = newestKeysOf(scenario);
  const taken = new Set(newest.values());
  const take = (wish: string): string => {
    const key = freeKey(wish, taken);
    taken.add(key);
    return key;
  };
  const replies = new Map([...newest].map(([id, key]) => [id, take(replyKey(key))]));
  const versions = new Map<string, ReadonlyMap<string, string>>();
  for (const contract of scenario.contracts) {
    const keys = new Map([[contract.contractVersion, newest.get(contract.id) ?? contract.id]]);
    for (const { contractVersion } of versionsOf(contract).toReversed())
      if (!keys.has(contractVersion))
        keys.set(contractVersion, take(earlierKey(newest.get(contract.id) ?? "", contractVersion)));
    versions.set(contract.id, keys);
  }
  const order = [...versions].flatMap(([id, keys]) => [...keys.values(), replies.get(id) ?? id]);
  const places = new Map(order.map((key, place) => [key, place]));
  return { versions, newest, replies, places, cloudEvent: take("CloudEvent") };
}

function newestKeysOf(scenario: Scenario): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { id, name } of scenario.contracts)
    for (const word of new Set([id, name])) counts.set(word, (counts.get(word) ?? 0) + 1);
  const isFree = (name: string) =>
    /^[A-Za-z][\w.-]*$/u.test(name) &&
    !/^CloudEvent|\.reply$/u.test(name) &&
    counts.get(name) === 1;
  return new Map(scenario.contracts.map(({ id, name }) => [id, isFree(name) ? name : id]));
}

function replyKey(requestKey: string): string {
  return `${requestKey}.reply`;
}

function earlierKey(key: string, version: string): string {
  const word = version.replace(/[^\w.-]+/gu, "-").replace(/^v(?=\d)/u, "");
  return `${key}.v${word}`;
}

/** The key of the message of a contract in a version; absent or unknown: the newest. */
export function messageKey(
  { versions, newest }: MessageKeys,
  contract: string,
  version?: string,
): string {
  const earlier = version === undefined ? undefined : versions.get(contract)?.get(version);
  return earlier ?? newest.get(contract) ?? contract;
}

/** Message keys, each once, in the order of the contracts. */
export function inOrder({ places }: MessageKeys, wanted: Iterable<string>): readonly string[] {
  return [...new Set(wanted)].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

/** The wish, or the wish with a number where it is taken. */
export function freeKey(wish: string, taken: ReadonlySet<string>): string {
  let key = wish;
  for (let number = 2; taken.has(key); number++) key = `${wish}-${number}`;
  return key;
}
