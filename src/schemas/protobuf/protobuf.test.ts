// Protobuf: mistakes are found where they stand, correct files are left in peace, and what is read can be sampled.

import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { jsonSamplesOf, samplesOf } from "../samples.ts";
import { protobufLanguage } from "./protobufLanguage.ts";
import { readProtobuf } from "./readProtobuf.ts";

/** `severity code line:column` of each problem of a text. */
function found(text: string): readonly string[] {
  return readProtobuf(text).problems.map(
    ({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`,
  );
}

/** A file with a message of these lines, the first on line 3. */
function message(...lines: readonly string[]): string {
  return ['syntax = "proto3";', "message A {", ...lines, "}"].join("\n");
}

const rule = "error contract/schema";
const syntax = "error contract/syntax";
const unknown = "error contract/reference";

describe("a text", () => {
  test.each([
    [message("  string id = 1;"), []],
    [message("  // a comment; with } signs", "  string id = 1; /* and", " another */"), []],
    [message("  string id = 1"), [`${syntax} 4:1`]],
    [message("  string = 1;"), [`${syntax} 3:10`]],
    [message("  string id 1;"), [`${syntax} 3:13`]],
    ['syntax = "proto3";\nmessage A {', [`${syntax} 2:11`]],
    ["nonsense", [`${syntax} 1:1`, "warning contract/doubtful 1:1"]],
    ["", [`${rule} 1:1`]],
    ['syntax = "proto3";\nenum E { A = 0; }', [`${rule} 1:1`]],
    ["message A { optional int32 a = 1; }", ["warning contract/doubtful 1:1"]],
    [message("  Missing a = 1;"), [`${unknown} 3:3`]],
    [message("  repeated Missing a = 1;"), [`${unknown} 3:12`]],
    [message("  map<string, Missing> a = 1;"), [`${unknown} 3:3`]],
    [message("  oneof x { Missing a = 1; }"), [`${unknown} 3:13`]],
    [message("  B b = 1;", "  message B { Missing c = 1; }"), [`${unknown} 4:15`]],
    [message("  google.protobuf.Timestamp at = 1;"), [`${unknown} 3:3`]],
    [message("  string a = 1;", "  string a = 2;"), [`${rule} 4:10`]],
    [message("  string a = 1;", "  string b = 1;"), [`${rule} 4:10`]],
    [message("  string a = 1;", "  oneof x { string b = 1; }"), [`${rule} 4:20`]],
    [message("  string a = 0;"), [`${rule} 3:14`]],
    [message("  string a = 536870912;"), [`${rule} 3:14`]],
    [message("  string a = 19500;"), [`${rule} 3:14`]],
    [message('  reserved 2, 5 to 7, 100 to max; reserved "old";', "  string a = 1;"), []],
    [message("  reserved 2, 5 to 7;", "  string a = 6;"), [`${rule} 4:14`]],
    [message("  reserved 100 to max;", "  string a = 200;"), [`${rule} 4:14`]],
    [message('  reserved "old";', "  string old = 1;"), [`${rule} 4:10`]],
    [message("  enum E { ONE = 1; }"), [`${rule} 3:18`]],
    [message("  enum E { option allow_alias = true; Z = 0; Y = 0; }"), []],
    [message('  string a = 1 [deprecated = true, json_name = "b"];', "  int32 c = 2;"), []],
  ])("%s", (text, problems) => {
    expect(found(text)).toEqual(problems);
  });

  test("may name types of files that are not followed, with a warning", () => {
    const text = `syntax = "proto3";\nimport "other.proto";\nmessage A { Missing a = 1; }`;
    expect(found(text)).toEqual(["warning contract/reference 3:13"]);
    expect(protobufLanguage.toJsonSchema(text, "writer")).toMatchObject({ properties: { a: {} } });
  });

  test("says the line in words where there is no place for it", () => {
    const [problem] = protobufLanguage.check(message("  Missing a = 1;"));
    expect(problem).toMatchObject({ path: "", code: "contract/reference" });
    expect(problem?.message).toMatch(/^Line 3: /u);
    expect(protobufLanguage.check({})).toMatchObject([{ code: "contract/syntax" }]);
  });
});

describe("the payload", () => {
  const two = (comment: string): string =>
    `syntax = "proto3";\npackage p;\nmessage A { B b = 1; }\n${comment}\nmessage B { string id = 1; }`;

  test("is the first message of the file", () => {
    expect(readProtobuf(two("// Another.")).file?.payload.fullName).toBe(".p.A");
  });

  test("is the message that says so", () => {
    expect(readProtobuf(two("// The event. @RootNode")).file?.payload.fullName).toBe(".p.B");
  });
});

const wellKnown = ["timestamp", "duration", "wrappers", "struct"]
  .map((name) => `import "google/protobuf/${name}.proto";`)
  .join("\n");

const everything = `syntax = "proto3";
package shop.v1;
${wellKnown}
// An order.
message Order {
  string order_id = 1; // Identifies it.
  int64 total_cents = 2;
  uint32 amount = 3;
  bytes raw = 4 [json_name = "bin"];
  Kind kind = 5;
  repeated Line lines = 6;
  map<string, Line> by_sku = 7;
  oneof payment { string card = 8; bool cash = 9; }
  google.protobuf.Timestamp at = 10;
  google.protobuf.Duration took = 11;
  google.protobuf.StringValue note = 12;
  google.protobuf.Struct more = 13;
  Order parent = 14;
  double weight = 15;
  enum Kind { NEW = 0; OLD = 1; }
  message Line { string sku = 1; }
}`;

describe("as JSON Schema", () => {
  test("a writer writes the canonical form", () => {
    expect(protobufLanguage.toJsonSchema(everything, "writer")).toMatchObject({
      title: "Order",
      description: "An order.",
      additionalProperties: false,
      properties: {
        orderId: { type: "string", description: "Identifies it." },
        totalCents: { type: "string" },
        amount: { type: "integer", minimum: 0, maximum: 4_294_967_295 },
        bin: { contentEncoding: "base64" },
        kind: { enum: ["NEW", "OLD"] },
        lines: { type: "array", items: { $ref: "#/definitions/shop.v1.Order.Line" } },
        bySku: { additionalProperties: { $ref: "#/definitions/shop.v1.Order.Line" } },
        at: { format: "date-time" },
        note: { type: "string" },
        parent: { $ref: "#" },
      },
      "x-oneof": [["card", "cash"]],
    });
  });

  test("authors may use the names of the file, readers skip what they do not know", () => {
    const author = protobufLanguage.toJsonSchema(everything, "author");
    expect(author).toMatchObject({
      properties: { orderId: {}, order_id: {} },
      additionalProperties: false,
    });
    const reader = protobufLanguage.toJsonSchema(everything, "reader");
    expect(reader).not.toHaveProperty("additionalProperties");
  });

  test("what was required in proto2 is required", () => {
    const text = 'syntax = "proto2"; message A { required string a = 1; optional string b = 2; }';
    expect(protobufLanguage.toJsonSchema(text, "writer")).toMatchObject({ required: ["a"] });
  });
});

test("samples fit, and protobufjs reads them", () => {
  const made = samplesOf({ language: protobufLanguage, schema: everything, seed: 3, count: 30 });
  const samples = made.ok ? made.value : [];
  expect(samples).toHaveLength(30);
  // protobufjs knows names as they are in the file, and no forms of the well-known types.
  const plain = everything.replaceAll(/.*google.*\n/gu, "");
  const { root } = protobuf.parse(plain);
  const type = root.lookupType("shop.v1.Order");
  const described = protobufLanguage.toJsonSchema(
    plain.replace(' [json_name = "bin"]', ""),
    "writer",
  );
  const others = jsonSamplesOf(described ?? {}, 3, 30);
  for (const { fit, value } of others.ok ? others.value : []) {
    expect(fit.verdict).toBe("fits");
    const bytes = type.encode(type.fromObject(value as object)).finish();
    expect(type.decode(bytes)).toBeInstanceOf(protobuf.Message);
    for (const name of Object.keys(value as object)) expect(type.fields).toHaveProperty(name);
  }
  for (const { fit } of samples) expect(fit.verdict).toBe("fits");
});

describe("reading ends with a verdict", () => {
  test("whatever stands in the text", () => {
    const words = fc.constantFrom(
      ..."message enum oneof reserved option extend map < > { } [ ] = ; , 1 19000 to max string A a.b".split(
        " ",
      ),
      '"x',
      "/*",
      "//",
      "\n",
      "repeated",
      "__proto__",
      "constructor",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const text = `syntax = "proto3"; message A { ${parts.join(" ")}`;
        const { file, problems } = readProtobuf(text);
        expect(file === undefined).toBe(problems.some(({ severity }) => severity === "error"));
        for (const { span } of problems) expect(span.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test("and not at all with so many fields that protobufjs would take minutes", () => {
    const fields = (count: number): string =>
      message(...Array.from({ length: count }, (_, i) => `string f${i} = ${20_000 + i};`));
    expect(found(fields(300))).toEqual([]);
    expect(found(fields(3_000))).toEqual([`${syntax} 710:8`]);
  });

  test("in no time", () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `string f${i} = 1;`);
    for (const text of [
      "message A {".repeat(20_000),
      message(...many),
      message("reserved 1 to 9;".repeat(20_000), ...many),
      "/*".repeat(100_000),
      '"'.repeat(100_000),
      `syntax = "proto3"; ${"enum E { A = 1; } ".repeat(10_000)}`,
    ]) {
      const before = performance.now();
      expect(readProtobuf(text).problems.length).toBeLessThanOrEqual(51);
      expect(performance.now() - before).toBeLessThan(2_000);
    }
  });
});
