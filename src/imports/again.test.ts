// The merge of the import before, the drawing, and the import now.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { setParameter } from "../model/edit.ts";
import type { Scenario } from "../model/scenario.ts";
import { swarmScenario } from "../model/swarm.suite.ts";
import { withReread } from "./again.ts";
import { importAsyncapi } from "./importAsyncapi.ts";

const text = `asyncapi: 3.0.0
info: { title: Shop, version: 1.0.0 }
servers: { main: { host: kafka.example.com, protocol: kafka } }
channels:
  orders: { address: orders, messages: { OrderPlaced: { payload: { type: object } } } }
operations:
  place: { action: send, channel: { $ref: '#/channels/orders' } }
`;
const added = text
  .replace("address: orders,", "address: orders, description: All of them,")
  .replace("  orders: {", "  bills: { address: bills }\n  orders: {");

function imported(some: string): Scenario {
  const { scenario } = importAsyncapi([{ name: "shop.yaml", text: some }]);
  if (scenario === undefined) throw new Error("This text should be imported.");
  return scenario;
}

describe("texts that are read again", () => {
  const [before, now] = [imported(text), imported(added)];
  const producer = before.nodes.find(({ kind }) => kind === "producer")!;
  const faster = setParameter(before, producer.id, "rate", 77);
  const drawing: Scenario = {
    ...faster,
    title: "Mine",
    nodes: [...faster.nodes, { id: "mine", kind: "service" }],
    layout: { ...before.layout, [producer.id]: { x: 800, y: 8 } },
  };
  const after = withReread(drawing, before, now);
  const channel = (scenario: Scenario) =>
    scenario.channels.find(({ id }) => id === before.channels[0]!.id);

  it("bring what is new", () => {
    expect(channel(after)?.description).toBe("All of them");
    expect(after.channels).toHaveLength(2);
    expect(after.sources).toEqual(now.sources);
  });

  it("leave what was drawn, placed and set", () => {
    expect(after.title).toBe("Mine");
    expect(after.nodes).toEqual(drawing.nodes);
    expect(after.layout[producer.id]).toEqual({ x: 800, y: 8 });
  });

  it("take what is gone", () => {
    const back = withReread(after, now, before);
    expect(back.channels).toHaveLength(1);
    expect(channel(back)).not.toHaveProperty("description");
  });

  it("change nothing where nothing has changed, and are taken whole where nothing was drawn", () => {
    const swarm = fc.nat().map(swarmScenario);
    fc.assert(
      fc.property(swarm, swarm, (one, other) => {
        const { layout: _, ...unchanged } = withReread(one, other, other);
        const { layout: __, ...same } = one;
        expect(unchanged).toEqual(same);
        const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).sort();
        const taken = withReread(one, one, other);
        expect(ids(taken.nodes)).toEqual(ids(other.nodes));
        expect(ids(taken.channels)).toEqual(ids(other.channels));
        expect(ids(taken.contracts)).toEqual(ids(other.contracts));
      }),
      { numRuns: 40 },
    );
  });
});
