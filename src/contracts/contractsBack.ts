// The contracts of a document that carries its scenario: the messages of one contract are its versions.

import { pathTo } from "../base/problem.ts";
import { isObject } from "../model/equal.ts";
import type { Contract } from "../model/scenario.ts";
import { readExamples } from "./examples.ts";
import type { Found } from "./fromExtensions.ts";
import { readHeaders } from "./headers.ts";
import { recover } from "./lens.ts";
import {
  extensionOf,
  follow,
  type Foreign,
  listIn,
  memberOf,
  objectsIn,
  without,
} from "./lookup.ts";
import { tagsLens } from "./messages.ts";
import { languageOf, schemaLens } from "./payloads.ts";

interface Said {
  readonly key: string;
  readonly message: Foreign;
  readonly extension: Foreign;
}

/** The contracts. `listed` has the id of each, or an object with the names of its versions, oldest first. */
export function contractsIn(document: unknown, listed: readonly unknown[]): readonly Found[] {
  const groups = new Map<unknown, Said[]>();
  for (const [key, message] of objectsIn(memberOf(document, "components"), "messages")) {
    const extension = extensionOf(message);
    const { contract } = extension;
    if (contract === undefined) continue;
    const group = groups.get(contract);
    if (group === undefined) groups.set(contract, [{ key, message, extension }]);
    else group.push({ key, message, extension });
  }
  const orders = new Map(
    listed.filter(isObject).map((entry) => [entry["id"], listIn(entry, "versions")]),
  );
  return [...groups].map(([id, group]) =>
    contractOf(document, { id, group, order: orders.get(id) }),
  );
}

function contractOf(
  document: unknown,
  {
    id,
    group,
    order,
  }: {
    readonly id: unknown;
    readonly group: readonly Said[];
    readonly order?: readonly unknown[] | undefined;
  },
): Found {
  const rank = ({ extension }: Said): number => order?.indexOf(extension["contractVersion"]) ?? -1;
  const versions = group.toSorted((a, b) => rank(a) - rank(b));
  const newest = versions.at(-1);
  const earlier = versions.slice(0, -1).map((said) => versionOf(document, said).value);
  const message = newest?.message ?? {};
  const extension = newest?.extension ?? {};
  const { value, format } = newest ? versionOf(document, newest) : { value: {}, format: undefined };
  return {
    id,
    pointer: pathTo("/components/messages", newest?.key ?? ""),
    value: {
      ...without(extension, ["contract", "schemaHead"]),
      ...value,
      id,
      name: message["name"],
      description: message["description"],
      format: format === "json-schema" ? extension["format"] : format,
      tags: recover(
        extension["tags"],
        message["tags"],
        tagsLens(extension["deprecated"] === true).read,
      ),
      earlier: order === undefined && earlier.length === 0 ? undefined : earlier,
    },
  };
}

/** Members of the extension that belong to the contract, not to one of its versions. */
const ofContract = ["contract", "owner", "key", "envelope", "deprecated", "schemaHead"];

function versionOf(document: unknown, { key, message, extension }: Said) {
  const envelope = envelopeOf(extension["envelope"]);
  const payload = payloadIn(message["payload"], envelope);
  const { value: schema, reference = `#/components/schemas/${key}` } = follow(document, payload);
  const format = languageOf(schema);
  const body = recover(extension["schema"], schema, schemaLens(format, reference).read);
  const head = extension["schemaHead"];
  const { headers, traits, examples } = message;
  return {
    format,
    value: {
      ...without(extension, ofContract),
      schema: isObject(head) && isObject(body) ? { ...head, ...body } : body,
      headers: recover(extension["headers"], { headers, traits }, () => readHeaders(key, headers)),
      examples: recover(extension["examples"], examples, (said) => readExamples(said, envelope)),
    },
  };
}

function envelopeOf(value: unknown): Contract["envelope"] {
  return value === "binary" || value === "structured" ? value : undefined;
}

// Inside the envelope of an event the payload is its data; one that is no JSON is described beside it.
function payloadIn(payload: unknown, envelope: Contract["envelope"]): unknown {
  if (envelope !== "structured") return payload;
  const properties = memberOf(listIn(payload, "allOf").at(1), "properties");
  return memberOf(properties, "data") ?? memberOf(memberOf(properties, "data_base64"), "x-schema");
}
