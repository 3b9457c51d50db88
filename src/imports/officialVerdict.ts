// What the official AsyncAPI parser says about imported texts. It is large and compiles code while it runs, so it works
// in a worker of its own that is started for it. Only the imported files are read: the network is never asked.

import { AvroSchemaParser } from "@asyncapi/avro-schema-parser";
import { Parser } from "@asyncapi/parser";
import { ProtoBuffSchemaParser } from "@asyncapi/protobuf-schema-parser";
import type { Finding } from "./findings.ts";
import { pointerOf } from "./findings.ts";
import type { VerdictQuestion } from "./importAsyncapi.ts";
import type { ImportFile } from "./workspace.ts";

/** The folder in which the parser believes the files to lie. */
const root = "/import/";

/** Findings of one document that are handed on; the parser repeats itself. */
const findingsMax = 200;

/** Everything the parser finds in a document. Never throws. */
export async function officialVerdict({
  file,
  files,
}: VerdictQuestion): Promise<readonly Finding[]> {
  const text = files.find(({ name }) => name === file)?.text ?? "";
  try {
    const diagnostics = await parserFor(files).validate(text, { source: root + file });
    return diagnostics
      .filter(({ code }) => code !== "asyncapi-latest-version")
      .slice(0, findingsMax)
      .map((one) => findingFrom(one, file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The official parser stopped at this document (${reason.slice(0, 200)}). What was read of it is drawn.`;
    return [
      {
        severity: "warning",
        code: "import/parser",
        file,
        line: 1,
        column: 1,
        pointer: "",
        message,
      },
    ];
  }
}

interface Diagnostic {
  readonly code: string | number;
  readonly message: string;
  readonly path: readonly (string | number)[];
  /** 0 error, 1 warning, 2 information, 3 hint. */
  readonly severity: number;
  readonly source?: string | undefined;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

function findingFrom(
  { code, message, path, severity, source, range }: Diagnostic,
  file: string,
): Finding {
  const isElsewhere = source?.startsWith(root) === true && source !== root + file;
  return {
    severity: severity === 0 ? "error" : severity === 1 ? "warning" : "info",
    code: String(code),
    file: isElsewhere ? source.slice(root.length) : file,
    line: range.start.line + 1,
    column: range.start.character + 1,
    pointer: pointerOf(path.map(String)),
    message: message.slice(0, 500),
  };
}

/** What stands in a file that is not there. Throwing would not do: where our reader fails, the parser asks its own one,
 *  which goes to the network or to the disk. Our own findings say that the file is missing. */
const missing = "{}";

/** Recommendations (tags, contact, licence) are no business of a drawing: only rules that the specification makes. */
function parserFor(files: readonly ImportFile[]): Parser {
  const texts = new Map(files.map(({ name, text }) => [root + name, text]));
  const read = (uri: { path(): string }): string => {
    const path = decoded(uri.path());
    return texts.get(path) ?? namesake(path, texts) ?? missing;
  };
  // Order 1, not 0: the parser takes 0 for no order and then asks its own reader first.
  const resolvers = [
    { schema: "file", order: 1, read },
    { schema: "http", order: 1, read: () => missing },
    { schema: "https", order: 1, read: () => missing },
  ];
  return new Parser({
    ruleset: { core: true, recommended: false },
    schemaParsers: [AvroSchemaParser(), ProtoBuffSchemaParser()],
    __unstable: { resolver: { cache: false, resolvers } },
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The only file of that name, in whatever folder: what was dropped may have lost its folders. */
function namesake(path: string, texts: ReadonlyMap<string, string>): string | undefined {
  const last = path.slice(path.lastIndexOf("/"));
  const found = [...texts.keys()].filter((name) => name.endsWith(last));
  return found.length === 1 ? texts.get(found[0] ?? "") : undefined;
}
