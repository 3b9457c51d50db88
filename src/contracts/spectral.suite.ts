// Spectral's own ruleset for AsyncAPI as a second judge: stricter than the parser's about contacts, tags, descriptions.

import { Spectral } from "@stoplight/spectral-core";
import { asyncapi } from "@stoplight/spectral-rulesets";
import { sentences } from "./oracle.suite.ts";
import { writeDocument } from "./yaml.ts";

const spectral = new Spectral();
spectral.setRuleset({ extends: [], ...asyncapi });

/** What the ruleset has to say of a document, save hints and the existence of a newer version, and save that it does not
 *  know Avro and Protobuf. */
export async function lintOf(document: object): Promise<readonly string[]> {
  const all = await spectral.run(writeDocument(document, "json"));
  return sentences(all.filter(({ code }) => !String(code).endsWith("unsupported-schemaFormat")));
}
