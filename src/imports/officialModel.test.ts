// The official parser as a judge of what we read: the same servers, channels, operations and messages, each with the same
// contents. EXAMPLES=full takes all of them instead of a sample.

import { Parser } from "@asyncapi/parser";
import { AvroSchemaParser } from "@asyncapi/avro-schema-parser";
import { ProtoBuffSchemaParser } from "@asyncapi/protobuf-schema-parser";
import { describe, expect, test } from "vitest";
import type { DocumentDescription, MessageDescription } from "./description.ts";
import { type Example, filesOf, sampleOfExamples } from "./examples.suite.ts";
import { Findings } from "./findings.ts";
import { readDocument } from "./readDocument.ts";
import { References } from "./references.ts";
import { readWorkspace } from "./workspace.ts";

describe("agrees with the official parser", () => {
  test.each(sampleOfExamples())("on $file", async (example) => {
    expect(ownView(example)).toEqual(await officialView(example));
  });
});

interface View {
  readonly servers: readonly string[];
  readonly channels: readonly (readonly [address: unknown, messages: readonly string[]])[];
  readonly operations: readonly (readonly [string, unknown, readonly string[]])[];
}

function ownView(example: Example): View {
  const findings = new Findings();
  const workspace = readWorkspace(filesOf(example), findings);
  const file = workspace.get(example.file);
  const document = file && readDocument(file, new References(workspace, findings), findings);
  if (document === undefined) throw new Error("The document cannot be read.");
  return viewOf(document);
}

function viewOf({ servers, channels, operations }: DocumentDescription): View {
  const named = (messages: readonly MessageDescription[]): readonly string[] =>
    messages
      .map(({ title, contentType, description, payload, headers }) =>
        JSON.stringify([
          title,
          contentType,
          description,
          payload !== undefined,
          headers.length > 0,
        ]),
      )
      .toSorted();
  return {
    servers: servers.map(({ key, protocol }) => `${key} ${protocol}`),
    channels: channels.map(({ address, messages }) => [address, named(messages)]),
    operations: operations.map(({ action, channel, messages }) => [
      action,
      channel.address,
      named(messages),
    ]),
  };
}

async function officialView(example: Example): Promise<View> {
  const files = filesOf(example);
  const read = (uri: { path(): string }): string => {
    const path = decodeURIComponent(uri.path());
    const found = files.find(({ name }) => path.endsWith(`/${name}`));
    if (found === undefined) throw new Error(`There is no ${path}.`);
    return found.text;
  };
  const parser = new Parser({
    ruleset: { core: true, recommended: false },
    schemaParsers: [AvroSchemaParser(), ProtoBuffSchemaParser()],
    __unstable: { resolver: { resolvers: [{ schema: "file", order: 1, read }] } },
  });
  const { document, diagnostics } = await parser.parse(files[0]?.text ?? "", {
    source: `/${example.file}`,
  });
  expect(
    diagnostics.filter(({ severity }: { readonly severity: number }) => severity === 0),
  ).toEqual([]);
  if (document === undefined) throw new Error("The official parser refuses the document.");
  return {
    servers: document
      .servers()
      .all()
      .map((server) => `${server.id()} ${server.protocol().toLowerCase()}`),
    channels: document
      .channels()
      .all()
      .map((channel) => [channel.address() ?? null, officialMessages(channel.messages().all())]),
    operations: document
      .operations()
      .all()
      .map((operation) => [
        operation.isSend() ? "send" : "receive",
        operation.channels().all()[0]?.address() ?? null,
        officialMessages(operation.messages().all()),
      ]),
  };
}

interface OfficialMessage {
  title(): string | undefined;
  contentType(): string | undefined;
  description(): string | undefined;
  summary(): string | undefined;
  hasPayload(): boolean;
  headers(): unknown;
  json(): unknown;
}

// It lists a message twice that goes both ways.
function officialMessages(messages: readonly OfficialMessage[]): readonly string[] {
  const different = [...new Map(messages.map((one) => [one.json(), one])).values()];
  return different
    .map((message) =>
      JSON.stringify([
        message.title(),
        message.contentType(),
        message.description() ?? message.summary(),
        message.hasPayload(),
        message.headers() !== undefined,
      ]),
    )
    .toSorted();
}
