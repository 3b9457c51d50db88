// `twin` and the advice of `run`, as a person at a terminal and a script see them.

import { describe, expect, test } from "vitest";
import { parseScenarioText, writeScenario } from "../model/parse.ts";
import { directCall, sketch, source, worker } from "../engine/sketch.suite.ts";
import { call } from "./memoryShell.suite.ts";

describe("twin", () => {
  test("prints both sides, and what is different", async () => {
    const { code, out } = await call(["twin", "food-delivery"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}Accepted +100 % +68\.46 %$/mu);
    expect(out).toContain("Event-driven, none of 2,058 fails");
    expect(out).toContain("  Kafka falls away.");
    expect(out).toMatch(/Both ran 2 min with seed 42\.\n$/u);
  });

  test("prints one JSON object, and writes the twin as a scenario", async () => {
    const typed = ["twin", "food-delivery", "--duration", "20s", "--json", "--out", "twin.json"];
    const { out, files } = await call(typed);
    const comparison = JSON.parse(out) as { twinVersion: number; figures: { id: string }[] };
    expect(comparison.twinVersion).toBe(1);
    expect(comparison.figures.map(({ id }) => id)).toContain("availability");
    expect(parseScenarioText(files["twin.json"]!).ok).toBe(true);
    const ran = await call(["run", "twin.json"], { files });
    expect(ran.out).toContain("synchronous twin");
  });

  test("says so where there are no events", async () => {
    const calling = sketch({
      nodes: [source("client", 5), worker("server")],
      connections: [directCall("client", "server")],
    });
    const { code, err } = await call(["twin", "-"], { input: writeScenario(calling) });
    expect(code).toBe(1);
    expect(err).toContain("nothing to turn into calls");
  });
});

describe("advice", () => {
  test("stands in the report, from the document and from the run", async () => {
    const { out } = await call(["run", "food-delivery", "--duration", "10s"]);
    expect(out).toContain("Advice\n");
    expect(out).toContain("Payment writes for every delivery");
  });

  test("is part of the JSON, with a patch", async () => {
    const { out } = await call(["run", "food-delivery", "--duration", "10s", "--json"]);
    const { advice } = JSON.parse(out) as {
      advice: { code: string; basis: string; patch: { nodes: { elements: object } } }[];
    };
    const inbox = advice.find(({ code }) => code === "advice/no-idempotency");
    expect(inbox?.basis).toBe("document");
    expect(Object.keys(inbox!.patch.nodes.elements)).toEqual(["payment"]);
  });
});
