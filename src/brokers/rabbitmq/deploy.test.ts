// Definitions of RabbitMQ: arguments and policies under the names that RabbitMQ uses, routes, and what it would refuse.
// `npm run conformance` has a real one read them.

import { describe, expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import type { BrokerConfig } from "../technology.ts";
import { definitionsOf, type SettingsIn } from "./definitions.ts";
import { rabbitmqDeployment } from "./deploy.ts";

type Channels = readonly (readonly ["exchange" | "queue", string, Parameters?])[];

function broker(
  channels: Channels,
  bindings: readonly (readonly [number, number, string?])[] = [],
  parameters: Parameters = {},
): BrokerConfig {
  return {
    id: "rabbit",
    parameters,
    channels: channels.map(([kind, name, own = {}], index) => ({
      index,
      id: `c${index}`,
      kind,
      name,
      parameters: own,
    })),
    publishers: [],
    subscriptions: [],
    bindings: bindings.map(([from, to, key], index) => ({
      id: `b${index}`,
      from,
      to,
      parameters: key === undefined ? {} : { routing_key: key },
    })),
  };
}

interface Written {
  readonly exchanges: readonly Record<string, unknown>[];
  readonly queues: readonly Record<string, unknown>[];
  readonly bindings: readonly Record<string, unknown>[];
  readonly policies: readonly Record<string, unknown>[];
}

function definitions(config: BrokerConfig, settingsIn: SettingsIn = "arguments"): Written {
  return JSON.parse(JSON.stringify(definitionsOf(config, settingsIn).definitions));
}

const place = { vhost: "/", durable: true, auto_delete: false };

test("a queue has its type, and no argument that only repeats a default", () => {
  const { queues } = definitions(
    broker([
      ["queue", "a"],
      ["queue", "b", { "x-queue-type": "quorum" }],
    ]),
  );
  expect(queues).toEqual([
    { name: "a", ...place, arguments: { "x-queue-type": "classic" } },
    { name: "b", ...place, arguments: { "x-queue-type": "quorum" } },
  ]);
});

const full: Parameters = {
  "x-queue-type": "quorum",
  "x-message-ttl": 1500.5,
  "x-max-length": 10,
  "x-overflow": "reject-publish",
  "x-dead-letter-exchange": "c1",
  "x-dead-letter-routing-key": "dead",
  "x-delivery-limit": 5,
  "x-quorum-initial-group-size": 5,
  "x-single-active-consumer": true,
};

describe("a queue with all settings", () => {
  const config = broker([
    ["queue", "a.b", full],
    ["exchange", "dead letters", { type: "fanout" }],
  ]);

  test("states them as arguments", () => {
    expect(definitions(config).policies).toEqual([]);
    expect(definitions(config).queues[0]?.["arguments"]).toEqual({
      "x-queue-type": "quorum",
      "x-quorum-initial-group-size": 5,
      "x-single-active-consumer": true,
      "x-message-ttl": 1501,
      "x-max-length": 10,
      "x-overflow": "reject-publish",
      "x-dead-letter-exchange": "dead letters",
      "x-dead-letter-routing-key": "dead",
      "x-delivery-limit": 5,
    });
  });

  test("leaves to a policy of its own what a policy can say", () => {
    const { queues, policies } = definitions(config, "policies");
    expect(queues[0]?.["arguments"]).toEqual({
      "x-queue-type": "quorum",
      "x-quorum-initial-group-size": 5,
      "x-single-active-consumer": true,
    });
    expect(policies).toEqual([
      {
        vhost: "/",
        name: "queue a.b",
        pattern: String.raw`^a\.b$`,
        "apply-to": "queues",
        priority: 0,
        definition: {
          "message-ttl": 1501,
          "max-length": 10,
          overflow: "reject-publish",
          "dead-letter-exchange": "dead letters",
          "dead-letter-routing-key": "dead",
          "delivery-limit": 5,
        },
      },
    ]);
  });
});

test("dead letters for a queue go through the default exchange", () => {
  const { queues } = definitions(
    broker([
      ["queue", "a", { "x-dead-letter-exchange": "graveyard" }],
      ["queue", "graveyard"],
    ]),
  );
  expect(queues[0]?.["arguments"]).toMatchObject({
    "x-dead-letter-exchange": "",
    "x-dead-letter-routing-key": "graveyard",
  });
});

test("bindings have their keys; those of a fanout exchange have none", () => {
  const { bindings } = definitions(
    broker(
      [
        ["exchange", "all", { type: "fanout" }],
        ["exchange", "some"],
        ["queue", "q"],
      ],
      [
        [0, 1],
        [1, 2, "order.*"],
        [1, 2, "order.*"],
      ],
    ),
  );
  const rest = { vhost: "/", arguments: {} };
  expect(bindings).toEqual([
    { source: "all", destination: "some", destination_type: "exchange", routing_key: "", ...rest },
    {
      source: "some",
      destination: "q",
      destination_type: "queue",
      routing_key: "order.*",
      ...rest,
    },
  ]);
});

test("an alternate exchange is an argument, or a policy", () => {
  const config = broker([
    ["exchange", "a", { "alternate-exchange": "c1" }],
    ["exchange", "rest"],
  ]);
  expect(definitions(config).exchanges[0]).toEqual({
    name: "a",
    type: "topic",
    ...place,
    arguments: { "alternate-exchange": "rest" },
  });
  const { exchanges, policies } = definitions(config, "policies");
  expect(exchanges[0]?.["arguments"]).toEqual({});
  expect(policies[0]).toMatchObject({
    "apply-to": "exchanges",
    definition: { "alternate-exchange": "rest" },
  });
});

test.each([
  ["amq.topic", /RabbitMQ's own/u],
  ["ö".repeat(128), /255 bytes/u],
  ["first", /another queue has that name/u],
])("the queue “%s” is left out, with its bindings, and that is said", (name, why) => {
  const config = broker(
    [
      ["queue", "first"],
      ["queue", name],
      ["exchange", "e"],
    ],
    [[2, 1, "x"]],
  );
  const { queues, bindings } = definitions(config);
  expect(queues.map((queue) => queue["name"])).toEqual(["first"]);
  expect(bindings).toEqual([]);
  expect(definitionsOf(config, "arguments").remarks).toEqual([expect.stringMatching(why)]);
});

test("dead letters into nowhere are said", () => {
  const config = broker([["queue", "q", { "x-dead-letter-exchange": "gone" }]]);
  expect(definitionsOf(config, "arguments").remarks).toEqual([
    "Queue “q” names the exchange “gone”, which is not part of this file.",
  ]);
});

describe("containers", () => {
  const compose = (parameters: Parameters) => {
    const config = broker([["queue", "q"]], [], parameters);
    const made = rabbitmqDeployment.compose({ host: "mq", config }, (wish) => wish);
    const textOf = (name: string) =>
      made.files.map((one) => ("text" in one && one.name === name ? one.text : "")).join("");
    return { names: Object.keys(made.services), textOf, files: made.files };
  };

  test("load definitions that bring a user, because a node then makes none", () => {
    const [file] = compose({ nodes: 1 }).files;
    expect(file).toMatchObject({
      name: "definitions.json",
      json: { users: [{ name: "guest" }], queues: [{ name: "q" }] },
    });
  });

  test("find each other in a cluster", () => {
    const { names, textOf } = compose({ nodes: 3 });
    expect(names).toEqual(["mq-1", "mq-2", "mq-3"]);
    expect(textOf("20-spillway.conf")).toContain("classic_config.nodes.3 = rabbit@mq-3\n");
    expect(compose({ nodes: 1 }).textOf("20-spillway.conf")).not.toContain("cluster");
  });

  test("state the timeouts, in the older form where the newer one has no word", () => {
    expect(compose({}).textOf("20-spillway.conf")).toContain("consumer_timeout = 1800000\n");
    expect(compose({}).textOf("advanced.config")).toBe("");
    const { textOf } = compose({ consumer_timeout: null, channel_tick_interval: 5000 });
    expect(textOf("20-spillway.conf")).not.toContain("consumer_timeout");
    expect(textOf("advanced.config")).toBe(
      "[{rabbit, [{consumer_timeout, undefined}, {channel_tick_interval, 5000}]}].\n",
    );
  });
});
