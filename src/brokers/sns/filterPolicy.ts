// Filter policies: what SNS takes as one, how complex it is, and whether a message passes. Pure functions.

import { valuesOf } from "../../base/fields.ts";
import { fail, type Result, succeed } from "../../base/result.ts";
import {
  compilePattern,
  type JsonPattern,
  matchesPattern,
} from "../mechanisms/routing/jsonPattern.ts";
import {
  factsOf,
  isJsonObject,
  type Json,
  type JsonObject,
  noFacts,
  parseFacts,
  parseJson,
} from "../mechanisms/routing/messageFacts.ts";
import type { PatternDialect } from "../mechanisms/routing/valueTests.ts";
import type { PublisherConfig } from "../technology.ts";
import { publishFields } from "./fields.ts";

const KEYS_MAX = 5;
const COMBINATIONS_MAX = 150;

/** What a policy looks at. */
export type FilterScope = "MessageAttributes" | "MessageBody";

function dialectOf(scope: FilterScope): PatternDialect {
  return {
    numberMax: 1e9,
    decimals: 5,
    operators: [
      "prefix",
      "suffix",
      "equals-ignore-case",
      "anything-but",
      "numeric",
      "exists",
      "cidr",
    ],
    negatable: ["prefix"],
    isNested: scope === "MessageBody",
  };
}

/** Reads a filter policy; undefined when there is none. The failure is a sentence. */
export function readPolicy(
  text: string,
  scope: FilterScope,
): Result<JsonPattern | undefined, string> {
  if (text.trim() === "") return succeed(undefined);
  const parsed = parseJson(text);
  return parsed.ok ? compilePolicy(parsed.value, scope) : parsed;
}

/** The same of a value that has been parsed. */
export function compilePolicy(policy: Json, scope: FilterScope): Result<JsonPattern, string> {
  const { keys, combinations } = complexityOf(policy);
  if (keys > KEYS_MAX)
    return fail(`The policy has ${keys} keys; SNS takes ${KEYS_MAX}. Use fewer.`);
  if (combinations > COMBINATIONS_MAX)
    return fail(
      `The values multiply to ${combinations} combinations; SNS takes ${COMBINATIONS_MAX}. List fewer values.`,
    );
  return compilePattern(policy, dialectOf(scope));
}

/** Number of keys with values, and what their numbers of values multiply to, each times its depth: the measure by which
 *  SNS limits policies (sns/latest/dg/subscription-filter-policy-constraints.html). */
export function complexityOf(
  policy: Json,
  depth = 1,
): { readonly keys: number; readonly combinations: number } {
  let keys = 0;
  let combinations = 1;
  if (!isJsonObject(policy)) return { keys, combinations };
  for (const [name, member] of Object.entries(policy)) {
    const isList = Array.isArray(member);
    // Array.isArray forgets what the elements are.
    const elements: readonly Json[] = isList ? member : [];
    if (name === "$or" && elements.every(isJsonObject)) {
      const inside = elements.map((one) => complexityOf(one, depth));
      keys += inside.reduce((sum, one) => sum + one.keys, 0);
      combinations *= inside.reduce((sum, one) => sum + one.combinations, 0);
    } else if (isList) {
      keys++;
      combinations *= elements.length * depth;
    } else {
      const inside = complexityOf(member, depth + 1);
      keys += inside.keys;
      combinations *= inside.combinations;
    }
  }
  return { keys, combinations };
}

/** What a policy of this scope sees of a message with a key. What cannot be read is taken for nothing. */
export function factsFor(publisher: PublisherConfig, scope: FilterScope, key: string): JsonObject {
  const values = valuesOf(publishFields, publisher.parameters);
  const facts = parseFacts(scope === "MessageBody" ? values.Message : values.MessageAttributes);
  return factsOf(facts.ok ? facts.value : noFacts, key, publisher.contract);
}

/** Whether a policy accepts a message; no policy accepts all, and one that cannot be read none. */
export function accepts(
  policy: Result<JsonPattern | undefined, string>,
  facts: JsonObject,
): boolean {
  if (!policy.ok) return false;
  return policy.value === undefined || matchesPattern(policy.value, facts);
}

/** Whether messages of one publisher can differ by the key for filter policies. */
export function usesKey({ parameters }: PublisherConfig): boolean {
  const { MessageAttributes, Message } = valuesOf(publishFields, parameters);
  return MessageAttributes.includes("{key}") || Message.includes("{key}");
}
