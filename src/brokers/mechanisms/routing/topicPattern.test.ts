// Topic matching against definitions that are too slow and too simple to be wrong, and against what brokers were seen to do.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  amqpTopics,
  matchesTopic,
  mqttTopics,
  natsSubjects,
  topicFault,
  topicLevels,
  type TopicDialect,
} from "./topicPattern.ts";

const matcher = (dialect: TopicDialect) => (pattern: string, topic: string) =>
  matchesTopic(dialect, topicLevels(dialect, pattern), topicLevels(dialect, topic));

const amqp = matcher(amqpTopics);
const mqtt = matcher(mqttTopics);
const nats = matcher(natsSubjects);

/** By definition: the wildcard for many takes as few levels as it must, or one and stays. */
function defined(
  { one, many, manyTakes }: TopicDialect,
  pattern: readonly string[],
  topic: readonly string[],
): boolean {
  const [first, ...rest] = pattern;
  const fits = (tail: readonly string[], levels: readonly string[]): boolean => {
    const [head, ...behind] = tail;
    if (head === undefined) return levels.length === 0;
    if (head === many)
      return (
        (levels.length >= manyTakes && fits(behind, levels.slice(manyTakes))) ||
        (levels.length > 0 && fits(tail, levels.slice(1)))
      );
    return (
      levels.length > 0 && (head === one || head === levels[0]) && fits(behind, levels.slice(1))
    );
  };
  return first === undefined ? topic.length === 0 : fits([first, ...rest], topic);
}

function agrees(dialect: TopicDialect): void {
  const levels = (from: string[]) => fc.array(fc.constantFrom(...from), { maxLength: 7 });
  const { one, many } = dialect;
  fc.assert(
    fc.property(levels(["a", "b", one, many, ""]), levels(["a", "b", ""]), (pattern, topic) => {
      expect(matchesTopic(dialect, pattern, topic)).toBe(defined(dialect, pattern, topic));
    }),
    { numRuns: 2000, seed: 1 },
  );
}

describe("topics of AMQP", () => {
  it("gives the empty key no words, and a dot two empty ones", () => {
    expect(topicLevels(amqpTopics, "")).toEqual([]);
    expect(topicLevels(amqpTopics, ".")).toEqual(["", ""]);
    expect(amqp("#", "")).toBe(true);
    expect(amqp("*", "")).toBe(false);
    expect(amqp("*.*", ".")).toBe(true);
  });

  it("takes exactly one word for * and any number for #", () => {
    expect(amqp("a.*.c", "a.b.c")).toBe(true);
    expect(amqp("a.*.c", "a.c")).toBe(false);
    expect(amqp("a.#.c", "a.c")).toBe(true);
    expect(amqp("a.#.c", "a.b.b.c")).toBe(true);
    expect(amqp("a.#", "a")).toBe(true);
  });

  it("knows case and knows no part of a word", () => {
    expect(amqp("order.*", "Order.placed")).toBe(false);
    expect(amqp("or*", "order")).toBe(false);
  });

  it("agrees with the definition", () => agrees(amqpTopics));

  it("stays quick with many hashes", () => {
    expect(amqp(`${"#.a.".repeat(100)}b`, "a.".repeat(5000) + "c")).toBe(false);
  });
});

describe("topics of MQTT", () => {
  const filters = ["#", "+", "a/+", "a/#", "+/b/+", "+/+", "a/b/c", "/+", "+/", "a/+/c"];

  // As seen on Mosquitto 2.0.21.
  it.each([
    ["a", ["#", "+", "a/#"]],
    ["a/b", ["#", "a/+", "a/#", "+/+"]],
    ["a/b/c", ["#", "a/#", "+/b/+", "a/b/c", "a/+/c"]],
    ["/a", ["#", "+/+", "/+"]],
    ["/", ["#", "+/+", "/+", "+/"]],
    ["a/", ["#", "a/+", "a/#", "+/+", "+/"]],
    ["a//c", ["#", "a/#", "a/+/c"]],
    ["x/b/y", ["#", "+/b/+"]],
  ])("gives %s to the filters it was seen to match", (topic, matched) => {
    expect(filters.filter((filter) => mqtt(filter, topic))).toEqual(matched);
  });

  it("hides topics that begin with $ from filters that begin with a wildcard", () => {
    expect(mqtt("#", "$SYS/load")).toBe(false);
    expect(mqtt("+/load", "$SYS/load")).toBe(false);
    expect(mqtt("$SYS/#", "$SYS/load")).toBe(true);
    expect(mqtt("a/+", "a/$b")).toBe(true);
  });

  it("refuses # before the end and wildcards beside other characters", () => {
    for (const filter of ["#/", "a/#/c", "a#", "a+/b", "", "+b"])
      expect(topicFault(mqttTopics, filter, "allowed"), filter).toBeDefined();
    for (const filter of [...filters, "/", "a//c", "$SYS/#"])
      expect(topicFault(mqttTopics, filter, "allowed"), filter).toBeUndefined();
    expect(topicFault(mqttTopics, "a/+", "forbidden")).toContain("wildcard");
  });

  it("agrees with the definition", () => agrees(mqttTopics));
});

describe("subjects of NATS", () => {
  const patterns = ["a.*", "a.>", ">", "*", "a.*.c", "*.b", "a.b", "a.*.>"];

  // As seen on nats-server 2.10.27.
  it.each([
    ["a", [">", "*"]],
    ["a.b", ["a.*", "a.>", ">", "*.b", "a.b"]],
    ["a.b.c", ["a.>", ">", "a.*.c", "a.*.>"]],
    ["b", [">", "*"]],
    ["x.b", [">", "*.b"]],
    ["a.c", ["a.*", "a.>", ">"]],
    ["A.b", [">", "*.b"]],
    ["a.b.c.d", ["a.>", ">", "a.*.>"]],
  ])("gives %s to the subscriptions it was seen to match", (subject, matched) => {
    expect(patterns.filter((pattern) => nats(pattern, subject))).toEqual(matched);
  });

  it("takes a wildcard inside a token for an ordinary character", () => {
    expect(topicFault(natsSubjects, "a*.b", "forbidden")).toBeUndefined();
    expect(nats("a*.b", "ab.b")).toBe(false);
    expect(nats("a*.b", "a*.b")).toBe(true);
  });

  it("refuses empty tokens, > before the end, and wildcards in what is published", () => {
    for (const pattern of ["", "a..b", ".a", "a.", "a.>.b"])
      expect(topicFault(natsSubjects, pattern, "allowed"), pattern).toBeDefined();
    for (const pattern of patterns)
      expect(topicFault(natsSubjects, pattern, "allowed"), pattern).toBeUndefined();
    expect(topicFault(natsSubjects, "a.*", "forbidden")).toContain("wildcard");
    expect(topicFault(natsSubjects, "a.b", "forbidden")).toBeUndefined();
  });

  it("agrees with the definition", () => agrees(natsSubjects));
});
