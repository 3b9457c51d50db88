// The door for documents: what is valid comes back unchanged, everything else gives problems and never an exception.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Problem } from "../base/problem.ts";
import { pathTo } from "../base/problem.ts";
import { checkScenario } from "./check.ts";
import { documentBytesMax, problemsMax } from "./limits.ts";
import { parseScenario, parseScenarioText, writeScenario } from "./parse.ts";
import {
  emptyScenario,
  rabbitScenario,
  randomScenario,
  scenarios,
  smallScenario,
} from "./scenario.suite.ts";

function failure(value: unknown): readonly Problem[] {
  const result = parseScenario(value);
  if (result.ok) throw new Error("This document should have been refused.");
  return result.failure;
}

function codes(value: unknown): readonly string[] {
  return failure(value).map((problem) => problem.code);
}

/** A small document with something put in the place of one of its parts. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const document = structuredClone(smallScenario()) as unknown as Record<string, unknown>;
  let place: Record<string | number, unknown> = document;
  for (const step of path.slice(0, -1)) place = place[step] as Record<string, unknown>;
  place[path.at(-1) ?? ""] = value;
  return document;
}

describe("a valid document", () => {
  it("is read as it is written", () => {
    for (const scenario of [emptyScenario(), smallScenario(), rabbitScenario()]) {
      const result = parseScenario(scenario);
      expect(result).toEqual({ ok: true, value: scenario });
      expect(checkScenario(scenario)).toEqual([]);
    }
  });

  it("comes back from its text, whatever it holds", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const text = writeScenario(scenario);
        expect(parseScenarioText(text)).toEqual({ ok: true, value: scenario });
        const again = parseScenarioText(text);
        expect(again.ok && writeScenario(again.value)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it("drawn by lot has no errors and depends on the seed alone", () => {
    for (let seed = 0; seed < 50; seed++) {
      const scenario = randomScenario(seed, 6);
      expect(checkScenario(scenario).filter((it) => it.severity === "error")).toEqual([]);
      expect(randomScenario(seed, 6)).toEqual(scenario);
    }
  });

  it("shares nothing with what it was read from", () => {
    const values = [{ value: 10, weight: 3 }];
    const small = structuredClone(smallScenario());
    const source = {
      ...small,
      nodes: small.nodes.map((node) => {
        const parameters = {
          ...node.parameters,
          serviceTime: { distribution: "empirical", values },
        };
        return node.kind === "service" ? { ...node, parameters } : node;
      }),
    };
    const result = parseScenario(source);
    expect(result.ok).toBe(true);
    const objects = new Set<unknown>();
    const walk = (value: unknown, visit: (value: object) => void): void => {
      if (typeof value !== "object" || value === null) return;
      visit(value);
      for (const each of Object.values(value)) walk(each, visit);
    };
    walk(source, (value) => objects.add(value));
    walk(result.ok && result.value, (value) => {
      expect(objects.has(value)).toBe(false);
      expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(value));
    });
  });

  it("is written in the order of the definition, extensions last, ending with a newline", () => {
    const { title, ...rest } = smallScenario();
    const text = writeScenario({ "x-a": 1, ...rest, title });
    expect(
      text.startsWith('{\n  "format": "spillway",\n  "version": 1,\n  "id": "test",\n  "title"'),
    ).toBe(true);
    expect(text.endsWith('  "x-a": 1\n}\n')).toBe(true);
  });

  it("is written as it is when it is not valid", () => {
    const broken = { ...smallScenario(), seed: -1 };
    expect(JSON.parse(writeScenario(broken))).toEqual(broken);
  });

  it("may begin with a byte order mark", () => {
    expect(parseScenarioText(`\uFEFF${writeScenario(smallScenario())}`).ok).toBe(true);
  });

  it("may have two bindings between the same two, by different rules", () => {
    const scenario = rabbitScenario();
    const second = { id: "bind-2", kind: "bind", from: "exchange", to: "queue" } as const;
    const ways = [...scenario.connections, { ...second, parameters: { routing_key: "a.b" } }];
    expect(parseScenario({ ...scenario, connections: ways }).ok).toBe(true);
    expect(codes({ ...scenario, connections: [...scenario.connections, second] })).toEqual([
      "connection/duplicate",
    ]);
  });

  it("keeps extensions at every level", () => {
    const document = changed(["nodes", 0, "x-owner"], { team: ["a", { deep: null }] });
    const result = parseScenario(document);
    expect(result.ok && result.value).toEqual(document);
  });
});

describe("a strict parser", () => {
  const cases: readonly [string, readonly (string | number)[], unknown, string][] = [
    ["a list for an object", ["load"], [], "value/type"],
    ["an object for a list", ["nodes"], {}, "value/type"],
    ["a text for a number", ["seed"], "1", "value/type"],
    ["a fraction for a seed", ["seed"], 1.5, "value/range"],
    ["a seed of 2^32", ["seed"], 2 ** 32, "value/range"],
    ["a negative duration", ["load", "duration"], -1, "value/range"],
    ["a duration that is not a number", ["load", "duration"], Number.NaN, "value/range"],
    ["a title that is too long", ["title"], "x".repeat(201), "value/size"],
    ["an empty list of conditions", ["connections", 3, "after"], [], "value/size"],
    ["an unknown kind of node", ["nodes", 0, "kind"], "toaster", "value/choice"],
    [
      "a kind that is a member of every object",
      ["nodes", 0, "kind"],
      "constructor",
      "value/choice",
    ],
    ["an unknown technology", ["nodes", 1, "technology"], "carrier-pigeon", "value/choice"],
    ["a negative rate", ["nodes", 0, "parameters"], { rate: -1 }, "parameter/value"],
    [
      "a parameter of another kind",
      ["nodes", 0, "parameters"],
      { concurrency: 1 },
      "parameter/unknown",
    ],
    [
      "a parameter of another technology",
      ["connections", 1, "parameters"],
      { prefetch_count: 1 },
      "parameter/unknown",
    ],
    ["an unknown field", ["nodes", 0, "color"], "red", "field/unknown"],
    ["an id with a space", ["nodes", 0, "id"], "a b", "id/invalid"],
    ["an id that is a member of every object", ["nodes", 0, "id"], "toString", "id/invalid"],
    ["a place under an impossible id", ["layout"], { "a b": { x: 0, y: 0 } }, "id/invalid"],
    ["an infinite coordinate", ["layout", "clients", "x"], Number.POSITIVE_INFINITY, "value/range"],
    ["a schema that is a number", ["contracts", 0, "schema"], 7, "value/type"],
    ["a function in an extension", ["x-a"], () => 1, "value/type"],
    ["an undefined value in an extension", ["x-a"], [undefined], "value/type"],
    [
      "a distribution with a foreign field",
      ["timeline", 0],
      {
        at: 0,
        act: "set",
        target: "bank",
        parameter: "serviceTime",
        value: { distribution: "constant", value: 1, x: 1 },
      },
      "value/type",
    ],
    ["an id twice", ["nodes", 3, "id"], "clients", "id/duplicate"],
    ["an id twice over different lists", ["contracts", 0, "id"], "clients", "id/duplicate"],
    ["the reserved id", ["objectives", 0, "id"], "run", "id/reserved"],
    ["a channel of no broker", ["channels", 0, "broker"], "payment", "channel/broker"],
    [
      "a channel of another technology",
      ["channels", 0],
      { id: "orders", broker: "broker", kind: "queue" },
      "channel/kind",
    ],
    ["a connection from nowhere", ["connections", 0, "from"], "client", "connection/dangling"],
    ["a connection to a contract", ["connections", 0, "to"], "order-placed", "connection/dangling"],
    ["a connection to the broker itself", ["connections", 0, "to"], "broker", "connection/refused"],
    ["a consuming store", ["connections", 1, "to"], "ledger", "connection/refused"],
    ["a call into a channel", ["connections", 0, "kind"], "call", "connection/kind"],
    ["an unknown contract", ["connections", 0, "contract"], "order", "connection/contract"],
    ["an unknown condition", ["connections", 3, "after"], ["order"], "connection/after"],
    [
      "a condition on a producer",
      ["connections", 0, "after"],
      ["order-placed"],
      "connection/producer-step",
    ],
  ];

  it.each(cases)("refuses %s", (_, path, value, code) => {
    const problems = failure(changed(path, value));
    expect(problems.map((problem) => problem.code)).toContain(code);
    for (const problem of problems) {
      expect(problem.severity).toBe("error");
      expect(problem.message).toMatch(/^\S.+[.?]$/su);
    }
  });

  it("says where, on which element, and what was probably meant", () => {
    const [problem] = failure(changed(["nodes", 2, "parameters"], { "con/currency": 1 }));
    expect(problem).toEqual({
      code: "parameter/unknown",
      severity: "error",
      path: `/nodes/2/parameters${pathTo("", "con/currency")}`,
      element: "payment",
      message:
        'There is no parameter "con/currency" here. Did you mean "concurrency"? Remove or rename it.',
    });
  });

  it("refuses the same subscription and the same write twice", () => {
    const scenario = smallScenario();
    const twice = [1, 3].map((i) => ({ ...scenario.connections[i], id: `again-${i}` }));
    expect(codes({ ...scenario, connections: [...scenario.connections, ...twice] })).toEqual([
      "connection/duplicate",
      "connection/duplicate",
    ]);
  });

  it("refuses a cycle of synchronous calls and names it", () => {
    const scenario = smallScenario();
    const back = { id: "back", kind: "call", from: "bank", to: "payment", contract: "charge-card" };
    const [problem] = failure({ ...scenario, connections: [...scenario.connections, back] });
    expect(problem?.code).toBe("connection/cycle");
    expect(problem?.message).toMatch(/payment → bank → payment|bank → payment → bank/);
  });

  it("reports missing fields", () => {
    const { seed: _, ...rest } = smallScenario();
    expect(failure(rest)).toMatchObject([{ code: "field/missing", path: "" }]);
  });

  it("refuses more members than the limit without looking at them", () => {
    const nodes = Array.from({ length: 2001 }, () => ({}));
    expect(codes({ ...emptyScenario(), nodes })).toEqual(["value/size"]);
  });

  it("stops after a hundred problems", () => {
    const nodes = Array.from({ length: 2000 }, () => ({}));
    const found = codes({ ...emptyScenario(), nodes });
    expect(found).toHaveLength(problemsMax + 1);
    expect(found.at(-1)).toBe("document/too-many-problems");
  });

  it("judges the largest document in a moment", () => {
    const nodes = Array.from({ length: 2000 }, (_, i) => ({ id: `s${i}`, kind: "service" }));
    const connections = Array.from({ length: 10_000 }, (_, i) => ({
      id: `c${i}`,
      kind: "call",
      from: `s${i % 1000}`,
      to: `s${1000 + ((i * 7) % 1000)}`,
      contract: "request",
    }));
    const contracts = [{ id: "request", name: "Request", contractVersion: "1", schema: {} }];
    const document = { ...emptyScenario(), nodes, connections, contracts };
    const result = parseScenario(document);
    expect(result.ok && checkScenario(result.value).length).toBe(1000);
  });
});

describe("hostile input", () => {
  it("gives problems, whatever it is", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (value) => {
        expect(parseScenario(value).ok).toBe(false);
        expect(
          parseScenario({ ...emptyScenario(), nodes: value, layout: value, "x-a": value }),
        ).toHaveProperty("ok");
      }),
    );
  });

  it("gives problems or a valid document when any part of a document is replaced by noise", () => {
    fc.assert(
      fc.property(scenarios, fc.jsonValue(), fc.nat(), (scenario, noise, choice) => {
        const parts: { owner: Record<string, unknown>; key: string }[] = [];
        const collect = (owner: Record<string, unknown>): void => {
          for (const [key, value] of Object.entries(owner)) {
            parts.push({ owner, key });
            if (typeof value === "object" && value !== null)
              collect(value as Record<string, unknown>);
          }
        };
        const document = structuredClone(scenario);
        collect(document as unknown as Record<string, unknown>);
        const part = parts[choice % parts.length]!;
        part.owner[part.key] = noise;
        const result = parseScenario(document);
        if (result.ok) checkScenario(result.value);
        else expect(result.failure.length).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });

  it("gives problems for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !parseScenarioText(text).ok));
  });

  it("is refused above 10 MB, and judged up to there", () => {
    const code = (text: string): string | undefined => {
      const result = parseScenarioText(text);
      return result.ok ? "ok" : result.failure[0]?.code;
    };
    expect(code(" ".repeat(documentBytesMax + 1))).toBe("document/too-large");
    expect(code("é".repeat(documentBytesMax / 2 + 1))).toBe("document/too-large");
    expect(code(`"${"\\n".repeat(documentBytesMax / 2 - 1)}`)).toBe("document/syntax");
    expect(code(`[${"1,".repeat(documentBytesMax / 2 - 2)}1]`)).toBe("document/format");
    const head = writeScenario(emptyScenario()).trimEnd().slice(0, -1);
    const keys = Array.from({ length: 500_000 }, (_, i) => `"k${i}":0`).join(",");
    expect(code(`${head},${keys}}`)).toBe("field/unknown");
    expect(code(`${head},"x-a":[${"0,".repeat(2_000_000)}0]}`)).toBe("document/too-large");
    expect(code(`${head},"x-a":"${"a".repeat(9_000_000)}"}`)).toBe("ok");
  });

  it("is refused when it is nested deeply, as text and as data", () => {
    const text = "[".repeat(1_000_000);
    expect(parseScenarioText(text)).toMatchObject({
      ok: false,
      failure: [{ code: "document/too-deep" }],
    });
    let deep: unknown = null;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(codes({ ...emptyScenario(), "x-a": deep })).toEqual(["document/too-deep"]);
    const round: Record<string, unknown> = {};
    round["round"] = round;
    expect(codes({ ...emptyScenario(), "x-a": round })).toEqual(["document/too-deep"]);
  });

  it("is refused when its parts multiply", () => {
    let value: unknown = 0;
    for (let i = 0; i < 60; i++) value = [value, value];
    expect(codes({ ...emptyScenario(), "x-a": value })).toEqual(["document/too-large"]);
  });

  it("is refused with a key __proto__ anywhere", () => {
    const text = writeScenario(smallScenario());
    const places = [
      '"layout": {',
      '"schema": {',
      '"parameters": {',
      '"load": {',
      '"nodes": [\n    {',
      "{\n",
    ];
    for (const place of places) {
      expect(text).toContain(place);
      const result = parseScenarioText(text.replace(place, `${place} "__proto__": {"a": 1},`));
      expect(result.ok ? [] : result.failure.map((it) => it.code)).toContain("field/forbidden");
    }
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });
});
