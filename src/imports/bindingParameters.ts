// What bindings say about channels and operations, as parameters of the drawing. A value that the model does not allow
// is left out, with a finding; what the model has no parameter for stays in the text.

import { type Fields, parseValue, type Parameters } from "../base/fields.ts";
import type { TechnologyId } from "../brokers/index.ts";
import { manuals } from "../brokers/manuals.ts";
import { isObject } from "../model/equal.ts";
import type { FieldValue } from "../base/fields.ts";
import type { Bindings } from "./description.ts";
import type { Findings } from "./findings.ts";
import type { References, Spot } from "./references.ts";

/** What is needed to read bindings. */
export interface BindingReading {
  readonly references: References;
  readonly findings: Findings;
}

/** A parameter and the binding's value for it, before anybody has looked whether it is allowed. */
type Wanted = readonly (readonly [name: string, value: unknown, spot: Spot])[];

/** Keeps what the fields allow. */
export function allowed(fields: Fields, wanted: Wanted, findings: Findings): Parameters {
  const parameters: Record<string, FieldValue> = {};
  for (const [name, value, spot] of wanted) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined || value === undefined) continue;
    const parsed = parseValue(field, value);
    if (parsed.ok) {
      if (parsed.value !== field.default) parameters[name] = parsed.value;
    } else
      findings.add(
        "warning",
        "import/binding-value",
        spot,
        `${name}: ${JSON.stringify(value)?.slice(0, 60)} cannot be simulated, so the default counts. The text keeps it.`,
      );
  }
  return parameters;
}

/** The content of the binding of a protocol. */
export function bindingIn(bindings: Bindings, protocol: string): Spot | undefined {
  const spot = bindings.get(protocol);
  return spot !== undefined && isObject(spot.value) ? spot : undefined;
}

/** A value inside a binding, references followed. */
export function valueIn(
  { references }: Pick<BindingReading, "references">,
  spot: Spot | undefined,
  ...path: readonly string[]
): unknown {
  let here = spot;
  for (const step of path) here = here === undefined ? undefined : references.child(here, step);
  return here?.value;
}

/** A text that a schema allows only one of: `{ enum: ["billing"] }`, `{ const: "billing" }`, or itself. */
export function onlyText(schema: unknown): string | undefined {
  if (typeof schema === "string") return schema;
  if (!isObject(schema)) return undefined;
  const list: unknown = schema["enum"];
  const one: unknown =
    schema["const"] ?? (Array.isArray(list) && list.length === 1 ? list[0] : schema["default"]);
  return typeof one === "string" ? one : undefined;
}

/** Settings that a technology itself finds in its bindings. */
export function ownSettings(
  technology: TechnologyId,
  level: "channel" | "publish" | "consume",
  bindings: Bindings,
): Wanted {
  const own = manuals[technology].asyncapi;
  const spot = bindingIn(bindings, own.key);
  if (spot === undefined || !isObject(spot.value)) return [];
  const found = Object.entries(own.parametersIn(level, spot.value));
  return found.map(([name, value]) => [name, value, spot]);
}

/** Settings of a Kafka topic. */
export function topicSettings(reading: BindingReading, bindings: Bindings): Wanted {
  const spot = bindingIn(bindings, "kafka");
  if (spot === undefined) return [];
  const at = (...path: readonly string[]) => valueIn(reading, spot, ...path);
  const settings = (name: string) => at("topicConfiguration", name);
  const unlimited = (value: unknown) => (value === -1 ? null : value);
  return [
    ["partitions", at("partitions"), spot],
    ["replication.factor", at("replicas"), spot],
    ["retention.ms", unlimited(settings("retention.ms")), spot],
    ["retention.bytes", unlimited(settings("retention.bytes")), spot],
    ["min.insync.replicas", settings("min.insync.replicas"), spot],
    ["segment.ms", settings("segment.ms"), spot],
    ["segment.bytes", settings("segment.bytes"), spot],
    ["unclean.leader.election.enable", settings("unclean.leader.election.enable"), spot],
  ];
}

/** Settings of a Kafka consumer. */
export function groupSettings(reading: BindingReading, bindings: Bindings): Wanted {
  const spot = bindingIn(bindings, "kafka");
  const group = onlyText(valueIn(reading, spot, "groupId"));
  return spot === undefined ? [] : [["group.id", group, spot]];
}

/** Settings of a publisher over AMQP. */
export function amqpPublishSettings(reading: BindingReading, bindings: Bindings): Wanted {
  const spot = bindingIn(bindings, "amqp");
  if (spot === undefined) return [];
  const mode = valueIn(reading, spot, "deliveryMode");
  return [
    ["delivery_mode", typeof mode === "number" ? String(mode) : mode, spot],
    ["mandatory", valueIn(reading, spot, "mandatory"), spot],
    ["expiration", valueIn(reading, spot, "expiration"), spot],
  ];
}

/** Settings of a consumer over AMQP. */
export function amqpConsumeSettings(reading: BindingReading, bindings: Bindings): Wanted {
  const spot = bindingIn(bindings, "amqp");
  const ack = valueIn(reading, spot, "ack");
  if (spot === undefined || typeof ack !== "boolean") return [];
  return [["ack", ack ? "manual" : "automatic", spot]];
}
