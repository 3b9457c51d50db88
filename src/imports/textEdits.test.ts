// Changes of texts: only what was changed differs, and the data is what it should be.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { editText, type TextEdit } from "./textEdits.ts";

const yaml = `# Head.
channels:
  orders: # The important one.
    address: orders.placed
    description: 'It''s about orders'
    bindings: { kafka: { partitions: 6 } }
  other:
    address: other # end
tags:
  - name: a
`;

function linesThatDiffer(before: string, after: string): readonly string[] {
  const known = new Set(before.split("\n"));
  return after.split("\n").filter((line) => !known.has(line));
}

describe("a change of a YAML text", () => {
  test.each<readonly [TextEdit, readonly string[]]>([
    [
      { do: "set", path: ["channels", "orders", "address"], value: "orders.new" },
      ["    address: orders.new"],
    ],
    [
      { do: "set", path: ["channels", "orders", "description"], value: "That's it" },
      ["    description: 'That''s it'"],
    ],
    [
      { do: "set", path: ["channels", "orders", "bindings", "kafka", "partitions"], value: 12 },
      ["    bindings: { kafka: { partitions: 12 } }"],
    ],
    [
      { do: "set", path: ["channels", "orders", "bindings", "kafka", "replicas"], value: 3 },
      ["    bindings: { kafka: { partitions: 6, replicas: 3 } }"],
    ],
    [{ do: "set", path: ["channels", "other", "title"], value: "Other" }, ["    title: Other"]],
    [
      { do: "set", path: ["channels", "other", "x", "y"], value: [1] },
      ["    x:", "      y:", "        - 1"],
    ],
    [
      { do: "rename", path: ["channels", "orders"], key: "purchases" },
      ["  purchases: # The important one."],
    ],
    [{ do: "remove", path: ["channels", "orders", "address"] }, []],
  ])("%j touches nothing else", (edit, expected) => {
    const after = editText(yaml, [edit]);
    expect(linesThatDiffer(yaml, after)).toEqual(expected);
    expect(after.split("\n").length - yaml.split("\n").length).toBe(
      edit.do === "remove" ? -1 : expected.length - linesThatDiffer(after, yaml).length,
    );
  });

  test("that changes nothing leaves the text alone", () => {
    expect(editText(yaml, [{ do: "set", path: ["tags", "0", "name"], value: "a" }])).toBe(yaml);
  });
});

test("a change of a JSON text touches one line", () => {
  const json = `${JSON.stringify({ a: { b: "x", c: [1, 2] }, d: true }, null, 2)}\n`;
  const after = editText(json, [{ do: "set", path: ["a", "b"], value: "y" }]);
  expect(linesThatDiffer(json, after)).toEqual(['    "b": "y",']);
  const added = editText(json, [{ do: "set", path: ["a", "e"], value: { f: 1 } }]);
  expect(JSON.parse(added)).toEqual({ a: { b: "x", c: [1, 2], e: { f: 1 } }, d: true });
});

test("any change of any text gives the data that it should", () => {
  const leaf = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.constantFrom("a", "b", "c d", "e: f", "1", "true");
  const inner = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 3 }),
    fc.dictionary(key, leaf, { maxKeys: 3 }),
  );
  const data = fc.dictionary(key, fc.dictionary(key, inner, { maxKeys: 3 }), {
    minKeys: 1,
    maxKeys: 3,
  });
  fc.assert(
    fc.property(
      data,
      fc.tuple(key, key, fc.boolean()),
      inner,
      (before, [first, second, isJson], value) => {
        const text = isJson ? JSON.stringify(before, null, 2) : stringify(before);
        const after = editText(text, [{ do: "set", path: [first, second], value }]);
        expect(parse(after)).toEqual({ ...before, [first]: { ...before[first], [second]: value } });
      },
    ),
    { numRuns: 300 },
  );
});
