// Recognising CloudEvents in messages: attributes in headers (binary mode), or around the payload (structured mode).
// Rules: CloudEvents 1.0.2, its JSON format and its bindings for HTTP, Kafka, AMQP and NATS.

import { isObject } from "../model/equal.ts";
import type { MessageDescription } from "./description.ts";
import type { References, Spot } from "./references.ts";

/** The attributes that every event has. */
const required = ["id", "source", "specversion", "type"];

/** Whether a schema of headers describes the attributes of an event: `ce_id` (Kafka), `ce-id` (HTTP, NATS),
 *  `cloudEvents_id` or `cloudEvents:id` (AMQP). */
export function isBinary(headers: unknown): boolean {
  const properties = isObject(headers) ? headers["properties"] : undefined;
  if (!isObject(properties)) return false;
  const names = new Set(Object.keys(properties).map((name) => name.toLowerCase()));
  return ["ce_", "ce-", "cloudevents_", "cloudevents:"].some((prefix) =>
    ["type", "source"].every((attribute) => names.has(prefix + attribute)),
  );
}

/** Whether a payload is an event with its attributes around the data. */
export function isStructured(references: References, message: MessageDescription): boolean {
  if (message.contentType?.toLowerCase().startsWith("application/cloudevents") === true)
    return true;
  const { payload } = message;
  if (payload === undefined) return false;
  const names = new Set(
    branchesOf(references, payload).flatMap((branch) => {
      const properties = references.child(branch, "properties")?.value;
      return isObject(properties) ? Object.keys(properties) : [];
    }),
  );
  return required.every((attribute) => names.has(attribute)) && names.has("data");
}

/** The schema of the data of a structured event: that of the last branch that says something about it. */
export function dataOf(references: References, payload: Spot): Spot | undefined {
  return branchesOf(references, payload)
    .toReversed()
    .flatMap((branch) => {
      const properties = references.child(branch, "properties");
      return properties === undefined ? [] : (references.child(properties, "data") ?? []);
    })
    .find(({ value }) => isObject(value));
}

const branchesMax = 100;

/** A schema and those that it is put together from by allOf. */
function branchesOf(references: References, spot: Spot): readonly Spot[] {
  const branches = [spot];
  for (const branch of branches) {
    const all = references.child(branch, "allOf");
    if (all === undefined || !Array.isArray(all.value)) continue;
    for (const index of all.value.keys()) {
      const found = references.child(all, String(index));
      if (found !== undefined && branches.length < branchesMax) branches.push(found);
    }
  }
  return branches;
}
