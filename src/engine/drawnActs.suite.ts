// Acts and numbers drawn from a seed, for tests in which a person meddles with random documents.

import type { Field, FieldValue } from "../base/fields.ts";
import { hashText } from "../kernel/random.ts";
import { hasVersions, versionsOf } from "../model/contracts.ts";
import { fieldsOf, memberCount, obstacleOf, parameterOf, zoneCount } from "../model/elements.ts";
import { standsAlone } from "../model/faults.ts";
import type { LiveAct } from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";
import { dealings, dealingsOf } from "../model/versions.ts";

/** Numbers 0 … sides − 1 that follow from a seed. */
export function dice(seed: number): (sides: number) => number {
  let throws = 0;
  return (sides) => Math.floor((hashText(`${seed}/${throws++}`) / 2 ** 32) * sides);
}

/** Draws a number below another. */
export type Below = ReturnType<typeof dice>;

/** One of a list. */
export function pick<Value>(below: Below, list: readonly Value[]): Value {
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
    case "recording":
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
      field.live === true && obstacleOf(scenario, id, parameter) === undefined
        ? [{ target: id, parameter, field }]
        : [],
    ),
  );
}

/** Another version of a contract that has several; undefined where none has. */
function rollOutOf(scenario: Scenario, below: Below): LiveAct | undefined {
  const versioned = scenario.contracts.filter(hasVersions);
  if (versioned.length === 0) return undefined;
  const contract = pick(below, versioned);
  const speakers = dealings(scenario, contract.id);
  if (speakers.length === 0) return undefined;
  const { contractVersion } = pick(below, versionsOf(contract));
  const target = pick(below, speakers).connection.id;
  return dealingsOf(scenario, target, contract.id).length === 0
    ? undefined
    : { act: "roll out", target, contract: contract.id, contractVersion };
}

/** What befalls nodes and zones of a cluster, and its end. */
function clusterFaults(scenario: Scenario, target: string, below: Below): readonly LiveAct[] {
  const member = below(memberCount(scenario, target));
  const zone = below(zoneCount(scenario, target));
  return pick<readonly LiveAct[]>(below, [
    [{ act: "isolate", target, member }],
    [
      { act: "isolate", target, zone },
      { act: "crash", target, zone },
    ],
    [
      { act: "reconnect", target, member },
      { act: "reconnect", target, zone },
    ],
    [{ act: "slow", target, member, factor: pick(below, [1, 50, 100_000]) }],
    [{ act: "restart", target, zone }],
  ]);
}

/** A fault of the network around some node, or the end of all that befall it first. */
function drawNetworkAct(scenario: Scenario, below: Below): LiveAct {
  const target = pick(below, scenario.nodes).id;
  if (below(4) === 0) return { act: "heal", target };
  const direction = pick(below, ["both", "out", "in"] as const);
  const faults = [
    { partition: true },
    { loss: 0.2, latency: { distribution: "exponential", mean: 30 } },
    { duplication: 0.3, reordering: 0.2, reorderDelay: 100 },
    { bandwidth: 20_000 },
  ] as const;
  return { act: "network", target, direction, ...pick(below, faults) };
}

/** One to six acts at one moment: the same twice, a restart of what is up, workers that change while all is down. */
export function drawActs(scenario: Scenario, below: Below): readonly LiveAct[] {
  const mortal = scenario.nodes.filter(({ kind }) => kind === "broker" || standsAlone(kind));
  const node = pick(below, mortal);
  const nodes = Number(parameterOf(scenario, node.id, "nodes"));
  const who = { target: node.id, ...(node.kind === "broker" ? { member: below(nodes) } : {}) };
  const crash: LiveAct = { act: "crash", ...who };
  const restart: LiveAct = { act: "restart", ...who };
  const workers = (value: number): LiveAct => {
    return { act: "set", target: node.id, parameter: "concurrency", value };
  };
  const live = liveFields(scenario);
  const rollOut = rollOutOf(scenario, below);
  if (rollOut !== undefined && below(3) === 0) return [rollOut];
  if (below(5) === 0) return [drawNetworkAct(scenario, below)];
  if (node.kind === "broker" && below(4) === 0) return clusterFaults(scenario, node.id, below);
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
