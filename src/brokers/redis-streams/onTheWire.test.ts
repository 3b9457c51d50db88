// Redis while an acknowledgement is on the wire and its worker restarts: it reads its own pending entries, and finds there what it
// has acknowledged. `npm run soak` found both.

import { expect, test } from "vitest";
import { FakeRun } from "../fakeContext.suite.ts";
import { simulatedRedisStreams as redis } from "./simulated.ts";

/** A stream with one worker that reads its own history after a restart; 1 ms to the primary. */
function oneWorker(): FakeRun {
  const run = new FakeRun(
    redis,
    {
      parameters: { replicas: 0, appendonly: true },
      channels: [{ id: "s", kind: "stream" }],
      publishers: [{ to: "s", parameters: { latency: 1 } }],
      subscriptions: [{ from: "s", parameters: { latency: 1, start: "0" } }],
    },
    { plans: [{}] },
  );
  run.publish(0, 0, "a");
  return run;
}

function restart(run: FakeRun, ms: number): void {
  run.at(ms, () => {
    run.leave(0, 0, "crash");
    run.join(0, 0);
  });
}

test("an acknowledgement that arrives before the second copy ends the entry, which is delivered once", () => {
  const run = oneWorker();
  run.at(10, () => run.settle("a"));
  restart(run, 10.5);
  run.runUntil(1000);
  expect(run.find("deliver")).toHaveLength(1);
  expect(run.books("s")).toMatchObject({ acknowledged: 1, waiting: 0, inFlight: 0 });
  expect([run.liveDeliveries(), run.liveMessages()]).toEqual([0, 0]);
});

test("an acknowledgement that is overtaken by the second copy ends that one, late", () => {
  const run = oneWorker();
  run.at(9, () => run.broker.slowNode?.(0, 1000));
  run.at(10, () => run.settle("a"));
  run.at(11, () => run.broker.slowNode?.(0, 1));
  restart(run, 12);
  run.runUntil(900);
  expect(run.find("deliver").map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(run.heldLabels(0)).toEqual(["a"]);
  run.runUntil(1100);
  expect(run.books("s")).toMatchObject({ acknowledged: 1, waiting: 0, inFlight: 0 });
  run.settle("a");
  run.runUntil(1200);
  expect([run.liveDeliveries(), run.liveMessages()]).toEqual([0, 0]);
});
