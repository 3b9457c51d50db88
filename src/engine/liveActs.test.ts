// What a person does during a run at awkward moments: the books stay in balance, and the recorded timeline repeats the
// run to the bit, however it is sliced.

import { expect, test } from "vitest";
import type { Field, FieldValue } from "../base/fields.ts";
import { hashText } from "../kernel/random.ts";
import { fieldsOf, parameterOf } from "../model/elements.ts";
import { parseScenarioText, writeScenario } from "../model/parse.ts";
import type { LiveAct } from "../model/result.ts";
import { randomScenario } from "../model/scenario.suite.ts";
import type { Scenario, TimelineEntry } from "../model/scenario.ts";
import { scenarios } from "../scenarios/index.ts";
import type { Run } from "./run.ts";
import { open } from "./sketch.suite.ts";

const seeds = Array.from({ length: 60 }, (_, i) => i + 1);

/** Numbers 0 … sides − 1 that follow from a seed. */
function dice(seed: number): (sides: number) => number {
  let throws = 0;
  return (sides) => Math.floor((hashText(`${seed}/${throws++}`) / 2 ** 32) * sides);
}

type Below = ReturnType<typeof dice>;

function pick<Value>(below: Below, list: readonly Value[]): Value {
  return list[below(list.length)]!;
}

/** A value from the ends of what a field allows, or near its default. */
function valueOf(field: Field, below: Below): FieldValue {
  switch (field.kind) {
    case "choice":
      return pick(below, field.options).value;
    case "flag":
      return below(2) === 1;
    case "text":
    case "table":
    case "variable":
      return field.default;
    case "distribution":
      return pick(below, [
        { distribution: "constant", value: 0 },
        { distribution: "hyperexponential", mean: 5, cv2: 10 },
      ]);
    case "ratio":
      return pick(below, [0, 0.3, 1]);
    default: {
      const usual = field.default ?? 10;
      const most = field.kind === "rate" ? 30 : 50;
      const wish = pick(below, [field.min, usual, 2 * usual, most]);
      if ("none" in field && below(4) === 0) return null;
      return Math.max(field.min, Math.min(field.max, wish));
    }
  }
}

/** Every live parameter of a document, with its element. */
function liveFields(scenario: Scenario) {
  return [...scenario.nodes, ...scenario.channels, ...scenario.connections].flatMap(({ id }) =>
    Object.entries(fieldsOf(scenario, id)).flatMap(([parameter, field]) =>
      field.live === true ? [{ target: id, parameter, field }] : [],
    ),
  );
}

/** One to six acts at one moment: the same twice, a restart of what is up, workers that change while all is down. */
function drawActs(scenario: Scenario, below: Below): readonly LiveAct[] {
  const mortal = scenario.nodes.filter(({ kind }) => kind === "service" || kind === "broker");
  const node = pick(below, mortal);
  const nodes = Number(parameterOf(scenario, node.id, "nodes"));
  const who = { target: node.id, ...(node.kind === "broker" ? { member: below(nodes) } : {}) };
  const crash: LiveAct = { act: "crash", ...who };
  const restart: LiveAct = { act: "restart", ...who };
  const workers = (value: number): LiveAct => {
    return { act: "set", target: node.id, parameter: "concurrency", value };
  };
  const live = liveFields(scenario);
  switch (below(5)) {
    case 0:
      return [crash, crash, restart];
    case 1:
      return [restart, crash];
    case 2:
      return node.kind === "service"
        ? [crash, workers(50), workers(1), restart, workers(20), workers(2)]
        : [restart, restart];
    default: {
      if (live.length === 0) return [restart];
      const { target, parameter, field } = pick(below, live);
      return [{ act: "set", target, parameter, value: valueOf(field, below) }];
    }
  }
}

/** Goes on a little: one event, some events, or to a moment that is no whole microsecond. */
function proceed(run: Run, below: Below): void {
  const ns = run.timeNs() + below(800) * 1e6 + below(3) * 500;
  if (below(3) === 0) run.step();
  else if (below(2) === 0) run.advance({ untilNs: Infinity, maxEvents: below(400) });
  else run.advance({ untilNs: ns, maxEvents: Infinity });
}

for (const seed of seeds) {
  const scenario = seed <= scenarios.length ? scenarios[seed - 1]! : randomScenario(seed);
  test(`acts drawn from seed ${seed} (${scenario.id}) repeat themselves`, () => {
    const below = dice(seed);
    const document: Scenario = { ...scenario, load: { duration: 20_000 } };
    const run = open(document);
    const entries: TimelineEntry[] = [];
    for (let i = 0; i < 30 && run.ended() === null; i++) {
      proceed(run, below);
      for (const act of run.ended() === null ? drawActs(document, below) : []) {
        const done = run.act(act);
        if (done.ok) entries.push(done.value);
        else expect(done.failure).toContain("end");
      }
      expect(run.conservation().violations).toEqual([]);
    }
    run.advance({ untilNs: Infinity, maxEvents: 50_000 });
    expect(run.conservation().violations).toEqual([]);

    const timeline = [...document.timeline, ...entries];
    const recorded = parseScenarioText(writeScenario({ ...document, timeline }));
    if (!recorded.ok) throw new Error(recorded.failure[0]!.message);
    const again = open(recorded.value);
    const slice = 1 + below(3000);
    while (again.ended() === null && again.events() < run.events())
      again.advance({
        untilNs: Infinity,
        maxEvents: Math.min(slice, run.events() - again.events()),
      });
    expect(again.stateHash()).toBe(run.stateHash());
  });
}
