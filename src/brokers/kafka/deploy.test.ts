// Topics and containers of Kafka: what they state, what Kafka would refuse, and that a shell reads the script as meant.

import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import type { Deployable } from "../deployment.ts";
import { kafkaDeployment } from "./deploy.ts";

const [strimzi, script] = kafkaDeployment.setUps;
const folder = mkdtempSync(join(tmpdir(), "spillway-kafka-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function broker(names: readonly string[], parameters: Parameters = {}): Deployable {
  const channels = names.map((name, index) => ({
    index,
    id: `topic-${index}`,
    kind: "topic",
    name,
    parameters: index === 0 ? parameters : {},
  }));
  const nothing = { parameters: {}, publishers: [], subscriptions: [], bindings: [] };
  return { host: "main", config: { id: "kafka", channels, ...nothing } };
}

describe("Strimzi", () => {
  const manifests = (names: readonly string[], parameters?: Parameters) => {
    const { files, remarks } = strimzi!.files(broker(names, parameters), "");
    const [file] = files;
    return { yaml: file !== undefined && "yaml" in file ? file.yaml : [], remarks };
  };

  test("gets every setting of a topic", () => {
    const parameters = { partitions: 6, "replication.factor": 2, "retention.ms": null };
    expect(manifests(["orders"], parameters).yaml).toEqual([
      {
        apiVersion: "kafka.strimzi.io/v1",
        kind: "KafkaTopic",
        metadata: { name: "orders", labels: { "strimzi.io/cluster": "main" } },
        spec: {
          partitions: 6,
          replicas: 2,
          config: {
            "min.insync.replicas": 1,
            "cleanup.policy": "delete",
            "retention.ms": -1,
            "retention.bytes": -1,
            "segment.ms": 604_800_000,
            "segment.bytes": 1_073_741_824,
            "unclean.leader.election.enable": false,
          },
        },
      },
    ]);
  });

  test("gets names that Kubernetes allows, and the topic's own beside them", () => {
    const { yaml } = manifests(["Orders_Placed", "orders-placed", "a..b-", "_"]);
    const names = yaml
      .map((one) => JSON.parse(JSON.stringify(one)))
      .map(({ metadata, spec }) => [metadata.name, spec.topicName]);
    expect(names).toEqual([
      ["orders-placed", "Orders_Placed"],
      ["orders-placed-2", "orders-placed"],
      ["a.b", "a..b-"],
      ["topic", "_"],
    ]);
  });

  test.each([
    ["orders.{region}", /letters, digits/u],
    ["", /letters, digits/u],
    ["..", /letters, digits/u],
    ["x".repeat(250), /249 at most/u],
  ])("does not get the topic “%s”, and that is said", (name, why) => {
    const { yaml, remarks } = manifests([name]);
    expect(yaml).toEqual([]);
    expect(remarks).toEqual([expect.stringMatching(why)]);
  });

  test("gets one of two topics that Kafka takes for the same", () => {
    const { yaml, remarks } = manifests(["a.b", "a_b", "a.b"]);
    expect(yaml).toHaveLength(1);
    expect(remarks).toHaveLength(2);
  });
});

describe("the script", () => {
  /** Runs it with a tool that writes down how it was called. */
  function calls(text: string): readonly (readonly string[])[] {
    const [tool, list, path] = ["tool.sh", "calls", "script.sh"].map((name) => join(folder, name));
    writeFileSync(tool!, `#!/bin/sh\nprintf '%s\\n' "$#" "$@" >> "${list}"\n`);
    chmodSync(tool!, 0o755);
    writeFileSync(list!, "");
    writeFileSync(path!, text);
    execFileSync("bash", ["-n", path!]);
    const environment = { PATH: process.env["PATH"], KAFKA_TOPICS: tool, BOOTSTRAP_SERVER: "b:1" };
    execFileSync("bash", [path!], { env: environment });
    const lines = readFileSync(list!, "utf8").split("\n").slice(0, -1);
    const found: string[][] = [];
    while (lines.length > 0) found.push(lines.splice(0, Number(lines.shift())));
    return found;
  }

  test("creates each topic with its settings, and none twice", () => {
    const [file] = script!.files(broker(["orders", "Payments.x-1"], { partitions: 4 }), "").files;
    expect(file?.name).toBe("create-topics.sh");
    const made = calls(file !== undefined && "text" in file ? file.text : "");
    expect(made).toHaveLength(2);
    expect(made[0]?.join(" ")).toBe(
      "--bootstrap-server b:1 --create --if-not-exists --topic orders --partitions 4 --replication-factor 3 --config min.insync.replicas=1 --config cleanup.policy=delete --config retention.ms=604800000 --config retention.bytes=-1 --config segment.ms=604800000 --config segment.bytes=1073741824 --config unclean.leader.election.enable=false",
    );
    expect(made[1]).toContain("Payments.x-1");
  });

  test("is not written for a broker without topics", () => {
    expect(script!.files(broker([]), "").files).toEqual([]);
  });
});

describe("containers", () => {
  const compose = (nodes: number) => {
    const ports: number[] = [];
    const portFrom = (wish: number) => ports[ports.push(wish + ports.length) - 1] ?? wish;
    const { host, config } = broker(["orders"]);
    return kafkaDeployment.compose(
      { host, config: { ...config, parameters: { nodes } } },
      portFrom,
    );
  };
  const environmentOf = (nodes: number, name: string): Record<string, string> =>
    JSON.parse(JSON.stringify(compose(nodes).services[name])).environment;

  test("are one for a node, and one that creates the topics", () => {
    expect(Object.keys(compose(1).services)).toEqual(["main", "main-topics"]);
    expect(environmentOf(1, "main")).toMatchObject({
      KAFKA_NODE_ID: "1",
      KAFKA_PROCESS_ROLES: "broker,controller",
      KAFKA_CONTROLLER_QUORUM_VOTERS: "1@main:29093",
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
      KAFKA_BROKER_SESSION_TIMEOUT_MS: "9000",
    });
  });

  test("have three controllers and ports of their own in larger clusters", () => {
    const last = environmentOf(4, "main-4");
    expect(last["KAFKA_PROCESS_ROLES"]).toBe("broker");
    expect(last["KAFKA_LISTENERS"]).not.toContain("CONTROLLER");
    expect(last["KAFKA_CONTROLLER_QUORUM_VOTERS"]?.split(",")).toHaveLength(3);
    expect(last["KAFKA_ADVERTISED_LISTENERS"]).toContain("EXTERNAL://localhost:9095");
  });
});
