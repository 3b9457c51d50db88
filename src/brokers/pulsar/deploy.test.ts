// The script and the container of Pulsar: what they state, what Pulsar would refuse, and that a shell reads the script.

import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { describeBroker, type Sketch } from "../brokerSketch.suite.ts";
import { pulsarDeployment } from "./deploy.ts";
import { simulatedPulsar } from "./simulated.ts";

const folder = mkdtempSync(join(tmpdir(), "spillway-pulsar-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function scriptOf(sketch: Sketch) {
  const config = describeBroker(simulatedPulsar, sketch);
  const { files, remarks } = pulsarDeployment.setUps[0]!.files({ config, host: "main" }, "");
  const [file] = files;
  return { text: file !== undefined && "text" in file ? file.text : "", remarks };
}

/** The commands that the tool is called with when a shell runs the script. */
function calls(text: string): readonly string[] {
  const tool = join(folder, "tool.sh");
  const log = join(folder, "calls.txt");
  const script = join(folder, "script.sh");
  writeFileSync(log, "");
  writeFileSync(
    tool,
    `#!/bin/sh\nshift 2\nfor word in "$@"; do printf '[%s]' "$word"; done >> ${log}\necho >> ${log}\n`,
  );
  writeFileSync(script, text);
  chmodSync(tool, 0o755);
  execFileSync("bash", [script], { env: { ...process.env, PULSAR_ADMIN: tool } });
  return readFileSync(log, "utf8").trim().split("\n");
}

test("the script creates topics with their policies, and subscriptions", () => {
  const { text, remarks } = scriptOf({
    channels: [
      {
        id: "a",
        kind: "topic",
        name: "orders",
        parameters: {
          partitions: 4,
          messageTTL: 120_000,
          retentionTime: null,
          retentionSize: 10_485_760,
          backlogQuotaLimitSize: 1000,
          backlogQuotaPolicy: "producer_exception",
        },
      },
      { id: "b", kind: "topic", name: "ticks", parameters: { persistence: "non-persistent" } },
    ],
    subscriptions: [
      { from: "a", node: "it's", parameters: { subscriptionInitialPosition: "Earliest" } },
      { from: "b" },
    ],
  });
  expect(remarks).toEqual([]);
  const topic = "[persistent://public/default/orders]";
  expect(calls(text)).toEqual([
    `[topics][create-partitioned-topic]${topic}[--partitions][4]`,
    `[topicPolicies][set-message-ttl][--ttl][120]${topic}`,
    `[topicPolicies][set-retention][--time][-1][--size][10M]${topic}`,
    `[topicPolicies][set-backlog-quota][--type][destination_storage][--limit][1000][--policy][producer_exception]${topic}`,
    "[topics][create][non-persistent://public/default/ticks]",
    `[topics][create-subscription]${topic}[--subscription][it's][--messageId][earliest]`,
  ]);
});

test("names that Pulsar refuses are left out and said", () => {
  const { text, remarks } = scriptOf({
    channels: ["a b", "x/y", "same", "same"].map((name, i) => ({
      id: `${i}`,
      kind: "topic",
      name,
    })),
  });
  expect(remarks).toHaveLength(3);
  expect(text.match(/topics create/gu)).toHaveLength(1);
});

test("a container runs broker and bookie, another one the script when it is healthy", () => {
  const config = describeBroker(simulatedPulsar, { channels: [{ id: "t", kind: "topic" }] });
  const { services, files, remarks } = pulsarDeployment.compose(
    { config, host: "main" },
    (port) => port,
  );
  expect(Object.keys(services)).toEqual(["main", "main-topics"]);
  expect(files.map(({ name }) => name)).toEqual(["create-topics.sh"]);
  expect(remarks.join()).toContain("standalone");
  expect(services["main"]).toMatchObject({ ports: ["6650:6650", "8080:8080"] });
});
