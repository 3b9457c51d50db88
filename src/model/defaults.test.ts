// Defaults are part of the document format: a document states only what differs from them. This test holds them,
// so that changing one is a decision. When it fails: write a migration that states the old default where a document
// left it out, raise the version, then run `npx vitest run src/model/defaults.test.ts -u`.

import { expect, test } from "vitest";
import { type Fields, valuesOf } from "../base/fields.ts";
import { technologies } from "../brokers/technologies.ts";
import { callFields, publishFields, writeFields } from "../nodes/connections.ts";
import { spreadFields } from "../nodes/spreading.ts";
import { nodeKinds } from "../nodes/index.ts";

function defaultsOf(lists: Readonly<Record<string, Fields>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(lists).map(([name, fields]) => [name, valuesOf(fields, {})]),
  );
}

test("the defaults of every parameter are those of document version 1", async () => {
  const kinds = Object.entries(nodeKinds).map(([id, kind]) => [id, kind.fields] as const);
  const ofTechnologies = Object.entries(technologies).map(([id, technology]) => {
    const channels = Object.entries(technology.channelKinds);
    return [
      id,
      defaultsOf({
        cluster: technology.clusterFields,
        publish: technology.publishFields,
        consume: technology.consumeFields,
        bind: technology.bindFields,
        ...Object.fromEntries(channels.map(([kind, { fields }]) => [kind, fields])),
      }),
    ] as const;
  });
  const defaults = {
    nodes: defaultsOf(Object.fromEntries(kinds)),
    connections: defaultsOf({
      publish: publishFields,
      step: spreadFields,
      call: callFields,
      write: writeFields,
    }),
    technologies: Object.fromEntries(ofTechnologies),
  };
  await expect(`${JSON.stringify(defaults, null, 2)}\n`).toMatchFileSnapshot("defaults.v1.json");
});
