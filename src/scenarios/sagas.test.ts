// Sagas end whole: over many seeds and crashes, every order is either shipped with everything done once, or cancelled with
// everything taken back, and the books of stock, payments and parcels say the same.

import { describe, expect, test } from "vitest";
import { finish } from "../engine/sketch.suite.ts";
import { Dice } from "../model/scenario.suite.ts";
import type { Node, Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { sagaChoreography } from "./sagaChoreography.ts";
import { sagaOrchestration } from "./sagaOrchestration.ts";

/** What the stores say of one order: writes by contract. */
type Books = ReadonlyMap<string, ReadonlyMap<string, number>>;

function booksOf(scenario: Scenario): Books {
  const books = new Map<string, Map<string, number>>();
  const run = finish(scenario, {
    onEvent: ({ event, key = "", contract = "" }) => {
      const order = books.get(key) ?? new Map<string, number>();
      books.set(key, order);
      if (event === "written") order.set(contract, (order.get(contract) ?? 0) + 1);
    },
  });
  expect(run.report(0).conservation.holds).toBe(true);
  return books;
}

/** The words in which a saga says what it has done to an order. */
interface Words {
  readonly done: readonly [reserved: string, paid: string, shipped: string];
  readonly undone: readonly [released: readonly string[], refunded: readonly string[]];
  readonly confirmed: string;
  readonly cancelled: string;
}

const styles: readonly (readonly [Scenario, Words])[] = [
  [
    sagaOrchestration,
    {
      done: ["reserve-stock", "take-payment", "book-parcel"],
      undone: [["release-stock"], ["refund-payment"]],
      confirmed: "order-confirmed",
      cancelled: "order-cancelled",
    },
  ],
  [
    sagaChoreography,
    {
      done: ["order-placed", "stock-reserved", "payment-taken"],
      undone: [["payment-declined", "payment-refunded"], ["parcel-declined"]],
      confirmed: "order-shipped",
      cancelled: "order-cancelled",
    },
  ],
];

/** Orders whose books do not balance. */
function halfDone(books: Books, words: Words): readonly string[] {
  return [...books].flatMap(([key, order]) => {
    const count = (...contracts: readonly string[]): number =>
      contracts.reduce((sum, one) => sum + (order.get(one) ?? 0), 0);
    const [reserve, pay, ship] = words.done;
    const [reserved, paid, shipped] = [count(reserve), count(pay), count(ship)];
    const released = count(...words.undone[0]);
    const refunded = count(...words.undone[1]);
    const [confirmed, cancelled] = [count(words.confirmed), count(words.cancelled)];
    const isWhole =
      confirmed + cancelled === 1 &&
      reserved === 1 &&
      shipped === confirmed &&
      reserved - released === confirmed &&
      paid - refunded === confirmed;
    return isWhole ? [] : [`${key}: ${JSON.stringify([...order])}`];
  });
}

function withCrashes(scenario: Scenario, seed: number): Scenario {
  const dice = new Dice(seed);
  const services = scenario.nodes.filter(({ kind }) => kind === "service");
  const timeline = Array.from({ length: 8 }, (): TimelineEntry => ({
    at: dice.between(500, 14_000),
    act: "crash",
    target: dice.pick(services).id,
    duration: dice.between(1, 2000),
  }));
  return {
    ...scenario,
    seed,
    load: { duration: 60_000, sourcesStopAt: 12_000 },
    timeline: timeline.toSorted((a, b) => a.at - b.at),
  };
}

describe.each(styles.map(([scenario, words]) => [scenario.id, scenario, words] as const))(
  "%s",
  (_, scenario, words) => {
    test("ends whole as it is, with orders of both ends", () => {
      const books = booksOf(scenario);
      expect(halfDone(books, words)).toEqual([]);
      const ends = [...books.values()].map((order) => order.has(words.confirmed));
      expect(ends.filter(Boolean).length).toBeGreaterThan(400);
      expect(ends.filter((isConfirmed) => !isConfirmed).length).toBeGreaterThan(50);
    });

    test("ends whole with whatever services crash whenever", () => {
      for (let seed = 1; seed <= 12; seed++)
        expect([seed, ...halfDone(booksOf(withCrashes(scenario, seed)), words)]).toEqual([seed]);
    });

    test("does not without what it rests on", () => {
      const bare = (node: Node): Node => {
        if (node.kind !== "service" || node.parameters === undefined) return node;
        const { idempotent: _, idempotencyBy: __, ...rest } = node.parameters;
        return { ...node, parameters: rest };
      };
      const careless = { ...scenario, nodes: scenario.nodes.map(bare) };
      const broken = [1, 2, 3, 4, 5, 6].flatMap((seed) =>
        halfDone(booksOf(withCrashes(careless, seed)), words),
      );
      expect(broken).not.toEqual([]);
    });
  },
);

test("without anything that takes a step back, refused orders stay half done", () => {
  const nodes = sagaOrchestration.nodes.map((node): Node => {
    if (node.id !== "saga" || node.kind !== "service" || node.handlers === undefined) return node;
    const handlers = node.handlers.map((handler) => ({
      ...handler,
      steps: handler.steps.map((step) =>
        step.do === "call" ? { do: step.do, over: step.over } : step,
      ),
    }));
    return { ...node, handlers };
  });
  const books = booksOf({ ...sagaOrchestration, nodes });
  const cancelled = [...books.values()].filter((order) => order.has("order-cancelled"));
  expect(halfDone(books, styles[0]![1])).toHaveLength(cancelled.length);
});

describe("one order whose third step is refused", () => {
  /** A single order; parcels refuse it. */
  function refused(scenario: Scenario): Scenario {
    const nodes = scenario.nodes.map((node): Node => {
      if (node.kind !== "service") {
        const parameters = { ...node.parameters, rate: 1, arrivals: "constant" };
        return node.kind === "producer" ? { ...node, parameters } : node;
      }
      const refusalRate = node.id === "parcels" ? 1 : 0;
      const handlers = node.handlers?.map((handler) => ({
        ...handler,
        steps: handler.steps.map((step) => (step.do === "work" ? { ...step, refusalRate } : step)),
      }));
      return handlers === undefined ? node : { ...node, handlers };
    });
    const load = { duration: 30_000, sourcesStopAt: 1500 };
    return { ...scenario, nodes, load, timeline: [], objectives: [] };
  }

  test("T1 T2 T3✗ C2 C1: ten messages by orchestration", () => {
    const steps: string[] = [];
    const { calls } = finish(refused(sagaOrchestration), {
      onEvent: ({ event, contract = "" }) => {
        if (event === "requested" || event === "answered") steps.push(`${event} ${contract}`);
      },
    }).report(0);
    const orders = calls.find(({ id }) => id === "send-reserve-stock")!.calls;
    expect(orders).toBe(1);
    expect(steps).toEqual(
      ["reserve-stock", "take-payment", "book-parcel", "refund-payment", "release-stock"].flatMap(
        (contract) => [`requested ${contract}`, `answered ${contract}`],
      ),
    );
  });

  test("T1 T2 T3✗ C2 C1: five events by choreography", () => {
    const events: string[] = [];
    finish(refused(sagaChoreography), {
      onEvent: ({ event, contract = "" }) => {
        if (event === "published" && contract !== "order-placed") events.push(contract);
      },
    });
    expect(events).toEqual([
      "stock-reserved",
      "payment-taken",
      "parcel-declined",
      "payment-refunded",
      "order-cancelled",
    ]);
  });
});
