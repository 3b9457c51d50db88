// What Redis refuses, and what is set up for the real thing.

import { describe, expect, it } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker } from "../brokerSketch.suite.ts";
import { checkRedis } from "./check.ts";
import { redisStreamsDeployment } from "./deploy.ts";
import { simulatedRedisStreams as redis } from "./simulated.ts";

interface Given {
  readonly cluster?: Parameters;
  readonly stream?: Parameters;
  readonly publish?: Parameters;
  readonly readers?: readonly Parameters[];
  readonly workers?: number;
}

const configOf = ({ cluster, stream, publish, readers = [{}], workers = 1 }: Given) =>
  describeBroker(redis, {
    parameters: { replicas: 0, ...cluster },
    channels: [{ id: "s", kind: "stream", ...(stream && { parameters: stream }) }],
    publishers: [{ to: "s", ...(publish && { parameters: publish }) }],
    subscriptions: readers.map((parameters) => ({ from: "s", workers, parameters })),
  });

describe("what Redis refuses", () => {
  const codes = (given: Given) =>
    checkRedis(configOf(given)).map(({ code }) => code.replace("redis-streams/", ""));

  it("knows newer commands only in newer versions", () => {
    expect(codes({ publish: { idmp: "IDMP" } })).toEqual(["version-idmp"]);
    expect(codes({ publish: { idmp: "IDMP" }, cluster: { version: "8.6" } })).toEqual([]);
    expect(codes({ readers: [{ claim: "CLAIM" }] })).toEqual(["version-claim"]);
    expect(codes({ readers: [{ on_failure: "XNACK" }], cluster: { version: "8.6" } })).toEqual([
      "version-xnack",
    ]);
    expect(codes({ stream: { trim: "MAXLEN", references: "ACKED" } })).toEqual([
      "version-references",
    ]);
  });

  it("finds what strands, empties or multiplies", () => {
    expect(codes({ readers: [{ start: ">" }] })).toEqual(["nobody-claims"]);
    expect(codes({ cluster: { save: "", replicas: 1 } })).toEqual(["empty-primary"]);
    expect(codes({ cluster: { save: "1 x" } })).toEqual(["save"]);
    expect(codes({ cluster: { "min-replicas-to-write": 1 } })).toEqual(["min-replicas"]);
    expect(codes({ publish: { wait_replicas: 1 } })).toEqual(["wait"]);
    expect(codes({ readers: [{ command: "XREAD" }], workers: 2 })).toEqual(["every-worker"]);
    expect(codes({ readers: [{ claim: "XAUTOCLAIM", dead_letter_stream: "no" }] })).toEqual([
      "dead-letter-stream",
    ]);
    expect(codes({ readers: [{ group: "g" }, { group: "g", noack: true }] })).toEqual([
      "mixed-noack",
    ]);
  });
});

describe("how Redis is set up", () => {
  it("makes each group once, and quotes names", () => {
    const config = configOf({ readers: [{ group: 'g "1"' }, { group: 'g "1"' }, {}] });
    const [setUp] = redisStreamsDeployment.setUps;
    const { files } = setUp!.files({ config, host: "redis" }, "");
    expect(files).toEqual([
      {
        name: "groups.redis",
        text: 'XGROUP CREATE "s" "g \\"1\\"" 0 MKSTREAM\nXGROUP CREATE "s" "service-2" 0 MKSTREAM\n',
      },
    ]);
  });

  it("starts replicas and sentinels with the settings of the drawing", () => {
    const config = configOf({ cluster: { replicas: 2, appendonly: true } });
    const { services, files } = redisStreamsDeployment.compose(
      { config, host: "redis" },
      (wish) => wish,
    );
    expect(Object.keys(services)).toEqual([
      "redis",
      "redis-replica-1",
      "redis-replica-2",
      "redis-sentinel-1",
      "redis-sentinel-2",
      "redis-sentinel-3",
      "redis-groups",
    ]);
    const text = (name: string) => {
      const found = files.find((file) => file.name === name);
      return found !== undefined && "text" in found ? found.text : "";
    };
    expect(text("redis.conf")).toContain('appendonly yes\nappendfsync everysec\nsave ""\n');
    expect(text("replica.conf")).toContain("replicaof redis 6379");
    expect(text("sentinel.conf")).toContain("down-after-milliseconds redis 30000");
  });
});
