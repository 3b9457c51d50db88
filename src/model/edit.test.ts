// Edits leave whole documents behind: nothing dangles, whatever is removed, copied or pasted.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addChannel,
  addConnection,
  addContract,
  addNode,
  moveNodes,
  rename,
  setParameter,
  withoutElements,
} from "./edit.ts";
import { copyElements, pasteFragment } from "./fragment.ts";
import { freshId } from "./freshId.ts";
import { elementOf } from "./elements.ts";
import { parseScenario } from "./parse.ts";
import { emptyScenario, rabbitScenario, scenarios, smallScenario } from "./scenario.suite.ts";

/** Documents are large, and most of what can go wrong is in each of them. */
const several = { numRuns: 40 };

function ids(scenario: ReturnType<typeof smallScenario>): readonly string[] {
  return [
    ...scenario.nodes,
    ...scenario.channels,
    ...scenario.connections,
    ...scenario.contracts,
  ].map((element) => element.id);
}

describe("setting a parameter", () => {
  it("states it, and takes it back when it is the default", () => {
    const set = setParameter(smallScenario(), "bank", "concurrency", 4);
    expect(elementOf(set, "bank")?.value).toEqual({
      id: "bank",
      kind: "service",
      parameters: { concurrency: 4 },
    });
    const back = setParameter(set, "bank", "concurrency", 1);
    expect(back).toEqual(smallScenario());
    const time = { distribution: "exponential", mean: 20 } as const;
    expect(setParameter(back, "bank", "serviceTime", time)).toBe(back);
  });

  it("does nothing to unknown elements and parameters", () => {
    const scenario = smallScenario();
    expect(setParameter(scenario, "nobody", "rate", 1)).toBe(scenario);
    expect(setParameter(scenario, "bank", "rate", 1)).toBe(scenario);
    expect(setParameter(scenario, "bank", "constructor", 1)).toBe(scenario);
    expect(setParameter(scenario, "order-placed", "rate", 1)).toBe(scenario);
  });
});

describe("adding", () => {
  it("puts a node on the grid, and others at the end of their lists", () => {
    let scenario = addNode(emptyScenario(), { id: "a", kind: "producer" }, { x: 13, y: -3 });
    expect(scenario.layout).toEqual({ a: { x: 16, y: 0 } });
    scenario = addNode(scenario, { id: "b", kind: "broker", technology: "kafka" }, { x: 0, y: 0 });
    scenario = addChannel(scenario, { id: "t", broker: "b", kind: "topic" });
    scenario = addContract(scenario, { id: "e", name: "E", contractVersion: "1", schema: {} });
    scenario = addConnection(scenario, {
      id: "p",
      kind: "publish",
      from: "a",
      to: "t",
      contract: "e",
    });
    expect(parseScenario(scenario)).toEqual({ ok: true, value: scenario });
  });

  it("finds ids that are free in the whole document", () => {
    expect(freshId(smallScenario(), "Orders")).toBe("orders-2");
    expect(freshId(smallScenario(), "Fast")).toBe("fast-2");
    expect(freshId(smallScenario(), "run")).toBe("run-2");
    expect(freshId(smallScenario(), "constructor")).toBe("item");
  });
});

describe("renaming", () => {
  it("sets a name, and leaves it out when it says nothing", () => {
    const named = rename(smallScenario(), "bank", " Bank ");
    expect(elementOf(named, "bank")?.value.name).toBe("Bank");
    expect(rename(named, "bank", "")).toEqual(smallScenario());
    expect(rename(named, "bank", "bank")).toEqual(smallScenario());
    expect(elementOf(rename(named, "order-placed", " "), "order-placed")?.value.name).toBe(
      "order-placed",
    );
    expect(rename(named, "nobody", "x")).toBe(named);
  });
});

describe("moving", () => {
  it("snaps to the grid and leaves others where they are", () => {
    const moved = moveNodes(smallScenario(), { bank: { x: 3, y: 5 } });
    expect(moved.layout["bank"]).toEqual({ x: 0, y: 8 });
    expect(moved.layout["clients"]).toBe(moved.layout["clients"]);
  });
});

describe("removing", () => {
  it("takes what is gone out of the focus of bookmarks", () => {
    const bookmark = { id: "moment", caption: "Look", focus: ["orders", "kafka"] };
    const scenario = { ...emptyScenario(), bookmarks: [bookmark] };
    expect(withoutElements(scenario, ["kafka"]).bookmarks).toEqual([
      { ...bookmark, focus: ["orders"] },
    ]);
    expect(withoutElements(scenario, ["else"]).bookmarks?.[0]).toBe(bookmark);
  });

  it("takes channels, connections, faults, objectives and places along", () => {
    const left = withoutElements(smallScenario(), ["broker", "payment"]);
    expect(ids(left)).toEqual(["clients", "bank", "ledger", "order-placed", "charge-card"]);
    expect(left.timeline).toEqual([]);
    expect(left.objectives).toEqual([]);
    expect(left.layout).toEqual({ clients: { x: 0, y: 0 } });
  });

  it("takes what carries a contract, and steps that wait for nothing else", () => {
    const left = withoutElements(smallScenario(), ["order-placed"]);
    expect(left.connections.map((it) => it.id)).toEqual(["take", "charge"]);
  });

  it("shortens a list of conditions", () => {
    const scenario = smallScenario();
    const [place, take, charge, book] = scenario.connections;
    const both = { ...book!, after: ["order-placed", "charge-card"] } as typeof book & object;
    const left = withoutElements({ ...scenario, connections: [place!, take!, charge!, both] }, [
      "charge-card",
    ]);
    expect(left.connections.at(-1)).toMatchObject({ id: "book", after: ["order-placed"] });
  });

  it("leaves a whole document, whatever is removed", () => {
    fc.assert(
      fc.property(scenarios, fc.array(fc.nat(), { maxLength: 4 }), (scenario, picks) => {
        const all = ids(scenario);
        const left = withoutElements(
          scenario,
          picks.map((pick) => all[pick % all.length] ?? ""),
        );
        expect(parseScenario(left)).toEqual({ ok: true, value: left });
      }),
      several,
    );
  });
});

describe("copy and paste", () => {
  it("doubles a part under fresh ids with the connections inside it", () => {
    const scenario = smallScenario();
    const fragment = copyElements(scenario, ["broker", "payment"]);
    const pasted = pasteFragment(scenario, fragment, { x: 16, y: 16 });
    expect(pasted.ids).toEqual(["broker-2", "payment-2", "orders-2"]);
    expect(pasted.scenario.connections.slice(4)).toEqual([
      { id: "take-2", kind: "consume", from: "orders-2", to: "payment-2" },
    ]);
    expect(pasted.scenario.layout["payment-2"]).toEqual({ x: 176, y: 16 });
    expect(pasted.scenario.contracts).toEqual(scenario.contracts);
  });

  it("counts on instead of adding numbers to numbers", () => {
    const scenario = smallScenario();
    const fragment = copyElements(scenario, ["bank"]);
    const twice = pasteFragment(
      pasteFragment(scenario, fragment, { x: 0, y: 0 }).scenario,
      fragment,
      { x: 0, y: 0 },
    );
    expect(twice.ids).toEqual(["bank-3"]);
  });

  it("pastes a lone channel into its broker, and leaves it out where there is none", () => {
    const fragment = copyElements(rabbitScenario(), ["queue"]);
    expect(
      pasteFragment(rabbitScenario(), fragment, { x: 0, y: 0 }).scenario.channels,
    ).toHaveLength(3);
    expect(pasteFragment(smallScenario(), fragment, { x: 0, y: 0 }).ids).toEqual([]);
  });

  it("brings contracts along, and gives one of another content a fresh id", () => {
    const fragment = copyElements(smallScenario(), ["payment", "bank"]);
    const empty = pasteFragment(emptyScenario(), fragment, { x: 0, y: 0 }).scenario;
    expect(empty.contracts.map((it) => it.id)).toEqual(["charge-card"]);
    const other = { id: "charge-card", name: "Other", contractVersion: "2", schema: {} };
    const both = pasteFragment(addContract(emptyScenario(), other), fragment, {
      x: 0,
      y: 0,
    }).scenario;
    expect(both.contracts.map((it) => it.id)).toEqual(["charge-card", "charge-card-2"]);
    expect(both.connections).toMatchObject([{ contract: "charge-card-2" }]);
  });

  it("leaves a whole document, into whichever it is pasted", () => {
    fc.assert(
      fc.property(scenarios, scenarios, fc.array(fc.nat()), (from, to, picks) => {
        const all = ids(from);
        const fragment = copyElements(
          from,
          picks.map((pick) => all[pick % all.length] ?? ""),
        );
        const { scenario } = pasteFragment(to, fragment, { x: 8, y: 8 });
        const result = parseScenario(scenario);
        expect(result.ok ? [] : result.failure).toEqual([]);
      }),
      several,
    );
  });
});

describe("versions that connections and rollouts name", () => {
  const small = smallScenario();
  const versioned = {
    ...small,
    connections: small.connections.map((link) =>
      link.kind === "consume" ? { ...link, reads: { "order-placed": "1.0.0" } } : link,
    ),
    timeline: [
      ...small.timeline,
      {
        at: 1000,
        act: "roll out",
        target: "payment",
        contract: "order-placed",
        contractVersion: "1.0.0",
      },
    ],
  } as const;

  it("go with their contract", () => {
    expect(parseScenario(versioned).ok).toBe(true);
    const without = withoutElements(versioned, ["order-placed"]);
    expect(without.timeline).toEqual(small.timeline);
    expect(without.connections.find(({ id }) => id === "take")).not.toHaveProperty("reads");
    expect(parseScenario(without).ok).toBe(true);
  });

  it("are pasted under the new name of a contract that differs from the one that is there", () => {
    const fragment = copyElements(versioned, ["broker", "payment"]);
    const other = {
      ...emptyScenario(),
      contracts: [{ id: "order-placed", name: "Other", contractVersion: "9", schema: {} }],
    };
    const pasted = pasteFragment(other, fragment, { x: 0, y: 0 }).scenario;
    expect(pasted.connections[0]).toMatchObject({ reads: { "order-placed-2": "1.0.0" } });
    expect(parseScenario(pasted).ok).toBe(true);
  });
});
