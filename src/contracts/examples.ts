// Examples of messages as they travel: with the envelope of a CloudEvent or its attributes in the headers. Only those are
// written that fit their schemas, because tools refuse documents whose examples do not.

import { formatOf, jsonSchemaOf } from "../model/contracts.ts";
import { isEqual, isObject } from "../model/equal.ts";
import type { Contract, ContractExample, ContractVersion, JsonSchema } from "../model/scenario.ts";
import { type MessageExample, withoutGaps } from "./document.ts";
import { attributePrefix, requiredAttributes } from "../schemas/cloudEvents.ts";
import { fitOf } from "../schemas/json/validate.ts";
import type { Lens } from "./lens.ts";
import { contentTypeOf } from "./payloads.ts";
import { quoted } from "./quoted.ts";

/** The examples of a version of a contract that travels over this protocol (the first, where it travels over several). */
export function examplesLens(
  contract: Contract,
  version: ContractVersion,
  protocol: string | undefined,
): Lens<ContractVersion["examples"], readonly MessageExample[] | undefined> {
  return {
    write: (examples = []) => {
      const written = examples
        .filter((example) => isFit(example, contract, version))
        .map((example) => inTransit(example, contract, protocol));
      return written.length > 0 ? written : undefined;
    },
    read: (said) => readExamples(said, contract.envelope),
  };
}

/** Examples as a message has them, without what the envelope has added. */
export function readExamples(
  said: unknown,
  envelope: Contract["envelope"],
): ContractVersion["examples"] {
  if (!Array.isArray(said)) return undefined;
  return said.filter(isObject).map(({ name, summary, headers, payload }) => {
    const data =
      envelope === "structured" && isObject(payload) && "data" in payload
        ? payload["data"]
        : payload;
    return withoutGaps({
      name: textOf(name),
      summary: textOf(summary),
      payload: data,
      headers: envelope === "binary" ? withoutAttributes(headers) : objectOf(headers),
    });
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function objectOf(value: unknown): JsonSchema | undefined {
  return isObject(value) ? value : undefined;
}

function withoutAttributes(headers: unknown): JsonSchema | undefined {
  if (!isObject(headers)) return undefined;
  const own = Object.entries(headers).filter(([name]) => !/^ce[-_]/u.test(name));
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}

function inTransit(
  { name, summary, headers, payload }: ContractExample,
  contract: Contract,
  protocol: string | undefined,
): MessageExample {
  const attributes = requiredAttributes(contract.name);
  const isEvent = contract.envelope === "structured";
  const datacontenttype = contentTypeOf(formatOf(contract));
  const prefix = attributePrefix(protocol ?? "http");
  const added = Object.entries(attributes).map(([key, value]) => [prefix + key, value] as const);
  return withoutGaps({
    name,
    summary,
    headers:
      contract.envelope === "binary" && protocol !== undefined
        ? { ...Object.fromEntries(added), ...headers }
        : headers,
    payload: isEvent ? { ...attributes, datacontenttype, data: payload } : payload,
  });
}

function isFit(
  { headers, payload, ...rest }: ContractExample,
  contract: Contract,
  version: ContractVersion,
): boolean {
  if (payload === undefined && (headers === undefined || contract.envelope === "structured"))
    return false;
  if (Object.keys(rest).some((key) => key.startsWith("x-"))) return false;
  if (!isEqual(quoted({ headers, payload }), { headers, payload })) return false;
  const isJson = jsonSchemaOf(contract) !== undefined;
  // A binary payload has no form in JSON in which it travels inside an event.
  if (contract.envelope === "structured" && !isJson) return false;
  const schema = isJson && isObject(version.schema) ? version.schema : {};
  return fits(payload, schema) && fits(headers, version.headers ?? {});
}

// One whose schema leads outside, or takes too long to look at, may be refused by tools as well.
function fits(value: unknown, schema: JsonSchema): boolean {
  return value === undefined || fitOf(schema)(value).verdict === "fits";
}
