// Reads a .proto text and says where something is wrong with it. protobufjs reads the grammar and resolves types; names
// and numbers are checked here, because it stops at the first mistake and says no place.

import protobuf from "protobufjs";
import type { Problem } from "../../base/problem.ts";
import { placed, type PlacedProblem, type Span } from "../placedProblem.ts";
import { error, warning } from "../schemaProblems.ts";
import { checkNumbers } from "./numbers.ts";
import { type Declaration, type Outline, outlineOf } from "./outline.ts";
import { excessOf } from "./protoSize.ts";

/** A .proto text that was read. */
export interface ProtoFile {
  readonly root: protobuf.Root;
  /** The message that is the payload: the one whose comment holds @RootNode (AsyncAPI's mark), or else the first one
   *  that stands at the top of the file, which is also what registries take. */
  readonly payload: protobuf.Type;
  /** Whether it imports files that are not known here; types may then be missing. */
  readonly hasForeignImports: boolean;
}

/** What was read, and what is wrong; the file is absent where it has errors. */
export interface ProtoReading {
  readonly file?: ProtoFile;
  readonly problems: readonly PlacedProblem[];
}

/** Most problems that are reported for one text. */
const problemsMax = 50;

/** Reads a text. */
export function readProtobuf(text: string): ProtoReading {
  const place = (problem: Problem, span: Span) => placed(problem, span, text);
  const excess = excessOf(text);
  if (excess !== undefined)
    return { problems: [place(error("contract/syntax", "", excess.message), excess.span)] };
  const outline = outlineOf(text);
  const numbers = checkNumbers(outline).slice(0, problemsMax);
  const placing = numbers.map(([problem, span]) => place(problem, span));
  const parsed = parse(text);
  if (typeof parsed === "string") {
    const [problem, span] = syntaxProblem(parsed, text, outline);
    // What was found above is what the parser stops at.
    const isKnown = /duplicate|reserved/u.test(parsed) && placing.length > 0;
    return { problems: isKnown ? placing : [place(problem, span), ...placing] };
  }
  const { root, hasForeignImports } = parsed;
  const types = checkTypes(parsed, outline).map(([problem, span]) => place(problem, span));
  const payload = payloadOf(root, outline, parsed.prefix);
  const missing = payload === undefined ? [place(noMessage(), { start: 0, end: text.length })] : [];
  const problems = [...missing, ...placing, ...types].slice(0, problemsMax);
  const hasErrors = problems.some(({ severity }) => severity === "error");
  if (payload === undefined || hasErrors) return { problems };
  return { file: { root, payload, hasForeignImports }, problems };
}

function noMessage(): Problem {
  return error("contract/schema", "", "The file has no message. Add one: it is the payload.");
}

interface Parsed {
  readonly root: protobuf.Root;
  /** The package as names with a dot behind it, or "". */
  readonly prefix: string;
  readonly hasForeignImports: boolean;
}

/** What protobufjs makes of the text, or its complaint. */
function parse(text: string): Parsed | string {
  try {
    const options = { keepCase: true, alternateCommentMode: true };
    const { root, package: name, imports, weakImports } = protobuf.parse(text, options);
    const files = [...(imports ?? []), ...(weakImports ?? [])];
    const known = files.map((file) => protobuf.common.get(file));
    for (const one of known) if (one?.nested !== undefined) root.addJSON(one.nested);
    settle(root);
    return {
      root,
      prefix: name === undefined ? "" : `${name}.`,
      hasForeignImports: known.some((one) => one === null || one === undefined),
    };
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : "the text cannot be read";
  }
}

/** Works out what is required and packed. Types that are missing stop it, but only afterwards; they are looked for below. */
function settle(root: protobuf.Root): void {
  try {
    root.resolveAll();
  } catch {
    // Said at the place of each type by `checkTypes`.
  }
}

/** The complaint of protobufjs, at the word that it is about. */
function syntaxProblem(
  complaint: string,
  text: string,
  { tokens }: Outline,
): readonly [Problem, Span] {
  const line = Number(/\(line (\d+)\)/u.exec(complaint)?.[1] ?? 1);
  const word = /'([^']*)'/u.exec(complaint)?.[1] ?? "";
  const start = lineStart(text, line);
  const end = lineStart(text, line + 1);
  const here = tokens.filter((token) => token.start >= start && token.start < end);
  const last = tokens.at(-1) ?? { start: 0, end: 0 };
  const isAtEnd = word === "null";
  const token = isAtEnd ? last : (here.findLast((one) => one.text === word) ?? here[0] ?? last);
  const said = complaint
    .replace(/ ?\(line \d+\)/u, "")
    .replace("illegal token 'null'", "the text ends too early")
    .replaceAll(/'([^']*)'/gu, "“$1”");
  return [
    error("contract/syntax", "", `This is not valid Protobuf: ${said}. Correct it here.`),
    token,
  ];
}

function lineStart(text: string, line: number): number {
  let at = 0;
  for (let i = 1; i < line; i++) {
    const next = text.indexOf("\n", at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  return at;
}

function payloadOf(
  root: protobuf.Root,
  { declarations }: Outline,
  prefix: string,
): protobuf.Type | undefined {
  const messages = declarations
    .filter(({ kind, path }) => kind === "message" && path.length === 1)
    .map(({ path }) => root.lookup(`.${prefix}${path.join(".")}`, protobuf.Type))
    .filter((type) => type instanceof protobuf.Type);
  return messages.find(({ comment }) => comment?.includes("@RootNode")) ?? messages[0];
}

function checkTypes(parsed: Parsed, outline: Outline): readonly (readonly [Problem, Span])[] {
  const byPath = new Map<string, Declaration>();
  for (const one of outline.declarations)
    if (one.kind === "field") byPath.set(`.${parsed.prefix}${one.path.join(".")}`, one);
  const found: (readonly [Problem, Span])[] = [];
  for (const [name, { typeSpan, span }] of byPath) {
    if (found.length >= problemsMax) break;
    const field = fieldAt(parsed.root, name);
    if (field !== undefined && !isResolvable(field))
      found.push([missingType(field.type, parsed.hasForeignImports), typeSpan ?? span]);
  }
  return found;
}

function fieldAt(root: protobuf.Root, name: string): protobuf.Field | undefined {
  const dot = name.lastIndexOf(".");
  const type = root.lookup(name.slice(0, dot), protobuf.Type);
  const own = name.slice(dot + 1);
  if (!(type instanceof protobuf.Type) || !Object.hasOwn(type.fields, own)) return undefined;
  return type.fields[own];
}

function isResolvable(field: protobuf.Field): boolean {
  try {
    field.resolve();
    return true;
  } catch {
    return false;
  }
}

function missingType(type: string, hasForeignImports: boolean): Problem {
  if (type.startsWith("google.protobuf."))
    return error(
      "contract/reference",
      "",
      `“${type}” needs its import. Add it at the top of the file.`,
    );
  return hasForeignImports
    ? warning(
        "contract/reference",
        "",
        `“${type}” lies in another file, which is not followed. Copy it into this one.`,
      )
    : error(
        "contract/reference",
        "",
        `There is no message or enum “${type}”. Define it, or correct the name.`,
      );
}
