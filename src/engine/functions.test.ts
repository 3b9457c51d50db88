// Serverless functions in a run.
import { expect, it } from "vitest";
import { burst, exactly, failing, notBefore, runSketch } from "./functionRuns.suite.ts";

const exact = { early_duplicates: 0, disorder: 0 };

it("smoke", () => {
  const run = runSketch({ ...burst(10), function: exactly(100), channel: {...exact}, timeline: [...notBefore(1000), ...failing(1650, 1750)] , duration: 100_000});
  console.log(run.events.filter(e => ["started","handled","failed","returned","delivered","acknowledged"].includes(e.event)).map(e => `${e.t} ${e.event} ${e.message} ${e.reason ?? ""} ${e.attempt ?? ""}`).join("\n"));
  console.log(run.platform);
});
