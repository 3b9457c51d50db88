// What is doubtful about bridges: nothing comes to them, they carry messages round in a circle, or their dead letters have
// nowhere to go.

import type { Problem } from "../base/problem.ts";
import { type Bridging, bridgingOf, deadLetterChannelOf, isBridge } from "./bridges.ts";
import { channelKindOf, nameOf, parameterOf } from "./elements.ts";
import { bridgedMax } from "./limits.ts";
import type { ProblemCode } from "./problemCatalogue.ts";
import type { BridgeConnection, Scenario } from "./scenario.ts";

/** Everything wrong or doubtful about the bridges of a parsed document. */
export function checkBridges(scenario: Scenario): readonly Problem[] {
  if (!scenario.connections.some(isBridge)) return [];
  const bridging = bridgingOf(scenario);
  const circles = circlesOf(bridging);
  return scenario.connections.flatMap((link, i) => {
    if (!isBridge(link)) return [];
    const path = `/connections/${i}`;
    return [
      ...(bridging.isTooMuch ? tooMuch(link, path) : checkCarried(scenario, bridging, link, path)),
      ...checkDeadLetters(scenario, link, path),
      ...checkCircle(scenario, circles.get(link.id), link, path),
    ];
  });
}

function problem(
  code: ProblemCode,
  { id }: BridgeConnection,
  at: { readonly path: string; readonly severity: Problem["severity"] },
  message: string,
): Problem {
  return { code, ...at, element: id, message };
}

function tooMuch(bridge: BridgeConnection, path: string): readonly Problem[] {
  return [
    problem(
      "document/too-many-bridged",
      bridge,
      { path, severity: "error" },
      `The bridges of this document carry more than ${bridgedMax} contracts, each bridge counted with each of its contracts. Let them carry fewer.`,
    ),
  ];
}

function checkCarried(
  scenario: Scenario,
  { carried }: Bridging,
  bridge: BridgeConnection,
  path: string,
): readonly Problem[] {
  const name = nameOf(scenario, bridge.id);
  const contracts = carried.get(bridge.id) ?? new Set();
  const at = { severity: "warning" } as const;
  if (contracts.size === 0 && bridge.only === undefined)
    return [
      problem(
        "bridge/nothing",
        bridge,
        { path, ...at },
        `No event ever comes to ${name}. Let a producer or service publish what it is to carry on.`,
      ),
    ];
  return (bridge.only ?? []).flatMap((id, i) =>
    contracts.has(id)
      ? []
      : [
          problem(
            "bridge/only-unreceived",
            bridge,
            { path: `${path}/only/${i}`, ...at },
            `${nameOf(scenario, id)} never comes to ${name}. Publish it before the bridge, or take it off the list.`,
          ),
        ],
  );
}

function checkDeadLetters(
  scenario: Scenario,
  bridge: BridgeConnection,
  path: string,
): readonly Problem[] {
  if (parameterOf(scenario, bridge.id, "onFailure") !== "dead-letter") return [];
  const at = { path: `${path}/parameters/deadLetterChannel`, severity: "error" } as const;
  const channel = deadLetterChannelOf(scenario, bridge);
  if (channel === undefined)
    return [
      problem(
        "bridge/dead-letter-channel",
        bridge,
        at,
        `There is no channel "${textOf(parameterOf(scenario, bridge.id, "deadLetterChannel"))}" at either end of ${nameOf(scenario, bridge.id)}. Name a channel of the target's or the source's broker, or choose something else for failures.`,
      ),
    ];
  if (channelKindOf(scenario, channel.id)?.publishable === true) return [];
  return [
    problem(
      "bridge/dead-letter-channel",
      bridge,
      at,
      `Nobody publishes into ${nameOf(scenario, channel.id)} directly. Name a channel that feeds it.`,
    ),
  ];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function checkCircle(
  scenario: Scenario,
  circle: Circle | undefined,
  bridge: BridgeConnection,
  path: string,
): readonly Problem[] {
  if (circle === undefined) return [];
  const names = [...circle.bridges, bridge.id].map((id) => nameOf(scenario, id)).join(", then ");
  return [
    problem(
      "bridge/cycle",
      bridge,
      { path, severity: "warning" },
      `${nameOf(scenario, circle.contract)} goes round for ever: ${names}. Let one of the bridges carry only other events, or lead it into a channel of its own, as MirrorMaker does with its prefix.`,
    ),
  ];
}

interface Circle {
  readonly contract: string;
  /** Ids, beginning with the bridge to which it comes back. */
  readonly bridges: readonly string[];
}

/** The first circle of each bridge that comes back to itself: for every contract that goes on, breadth first. */
function circlesOf({ onward, carried }: Bridging): ReadonlyMap<string, Circle> {
  const circles = new Map<string, Circle>();
  for (const [bridge, contracts] of carried)
    for (const contract of contracts) {
      if (circles.has(bridge)) break;
      const bridges = wayBack(onward, bridge, contract);
      if (bridges !== undefined) circles.set(bridge, { contract, bridges });
    }
  return circles;
}

function wayBack(
  onward: Bridging["onward"],
  start: string,
  contract: string,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[start, undefined]]);
  // A Map keeps the order of insertion, so walking over it while it grows is a breadth-first search.
  for (const bridge of cameFrom.keys())
    for (const next of onward.get(`${bridge} ${contract}`) ?? []) {
      if (next === start) return trail(cameFrom, bridge);
      if (!cameFrom.has(next)) cameFrom.set(next, bridge);
    }
  return undefined;
}

function trail(cameFrom: ReadonlyMap<string, string | undefined>, end: string): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}
