// What a person does during a run at awkward moments: the books stay in balance, and the recorded timeline repeats the
// run to the bit, however it is sliced.

import { expect, test } from "vitest";
import { parseScenarioText, writeScenario } from "../model/parse.ts";
import { randomScenario } from "../model/scenario.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import type { TimelineEntry } from "../model/timeline.ts";
import { scenarios } from "../scenarios/everyScenario.suite.ts";
import { type Below, dice, drawActs } from "./drawnActs.suite.ts";
import type { Run } from "./run.ts";
import { open } from "./sketch.suite.ts";

const seeds = Array.from({ length: 60 }, (_, i) => i + 1);

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
        else expect(done.failure).toMatch(/end|no effect/u);
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
