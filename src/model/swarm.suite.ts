// Random documents that go to extremes, after the manner of swarm testing: each seed first draws which features it
// uses at all, and how strongly, then everything else. So some documents are full of crashes and zero delays, others
// have none, and combinations come up that a uniform mix would hide.

import type { Distribution } from "../base/distribution.ts";
import type { Field, FieldValue, NumberField, OptionalNumberField } from "../base/fields.ts";
import { parseValue } from "../base/fields.ts";
import { hasErrors } from "../base/problem.ts";
import { checkScenario } from "./check.ts";
import { hasVersions, versionsOf } from "./contracts.ts";
import { addConnection, setParameter, withoutElements } from "./edit.ts";
import { freshId } from "./freshId.ts";
import { elementOf, fieldsOf, memberCount, nodeOf, technologyOf } from "./elements.ts";
import { derivedHandlers } from "./handlers.ts";
import type { LiveAct } from "./result.ts";
import { canConnect } from "./rules.ts";
import { Dice, randomScenario, withoutErrors, withPlainBrokers } from "./scenario.suite.ts";
import { compatibilityModes, type Connection, type Node, type Scenario } from "./scenario.ts";
import type { TimelineEntry } from "./timeline.ts";
import type { HandlerStep } from "./handler.ts";
import { nodeKinds } from "../nodes/index.ts";
import { dealings, dealingsOf } from "./versions.ts";

/** What a seed likes. Shares are between 0 and 1. */
interface Taste {
  /** Share of the parameters that are stated. */
  readonly stated: number;
  /** Share of the stated ones that are at the end of what is allowed. */
  readonly extreme: number;
  /** Every duration is one of few, so that much happens at the same instant. */
  readonly ties: boolean;
  /** Share of the durations that are 0 or as short as is allowed. */
  readonly instant: number;
  readonly errors: number;
  /** Faults and settings on the timeline. */
  readonly faults: number;
  readonly settings: number;
  /** Lines back to where events came from, so that events can cause themselves. */
  readonly circles: number;
  readonly failureEvents: number;
  readonly restricted: number;
  /** Arrivals per second at most. */
  readonly rate: number;
  readonly deadLetters: number;
}

function tasteOf(dice: Dice): Taste {
  const share = (): number => dice.pick([0, 0, 0.05, 0.3, 0.8]);
  return {
    stated: dice.pick([0, 0.1, 0.3, 0.6]),
    extreme: share(),
    ties: dice.chance(0.3),
    instant: share(),
    errors: share(),
    faults: dice.pick([0, 1, 3, 12]),
    settings: dice.pick([0, 0, 1, 3, 12]),
    circles: dice.chance(0.15) ? dice.between(1, 3) : 0,
    failureEvents: share(),
    restricted: share(),
    rate: dice.pick([2, 20, 20, 100, 1000]),
    deadLetters: share(),
  };
}

/** A valid document without errors from a seed. The same seed always gives the same document. */
export function swarmScenario(
  seed: number,
  { hasBridges = true, hasInstances = true } = {},
): Scenario {
  const dice = new Dice(seed);
  const taste = tasteOf(dice);
  const drawn = randomScenario(dice.below(2 ** 32), dice.pick([1, 2, 4, 6]));
  const bridges = drawn.connections.filter(({ kind }) => kind === "bridge");
  const base = hasBridges
    ? drawn
    : withoutElements(
        drawn,
        bridges.map(({ id }) => id),
      );
  const duration = dice.pick([1, 1000, 10_000, 10_000, 60_000, 3_600_000]);
  const sourcesStopAt = Math.ceil(duration * dice.pick([0, 0.2, 0.6, 2]));
  const warmUp = Math.min(duration, sourcesStopAt) * dice.pick([0, 0.1, 0.5, 0.999]);
  let scenario: Scenario = {
    ...base,
    id: `swarm-${seed}`,
    seed: dice.below(2 ** 32),
    load: {
      duration,
      ...(dice.chance(0.6) ? { sourcesStopAt } : {}),
      ...(dice.chance(0.3) ? { warmUp } : {}),
    },
    timeline: [],
  };
  scenario = withCircles(scenario, dice, taste);
  scenario = withConditions(scenario, dice, taste);
  scenario = withExtremes(scenario, dice, taste);
  // What is taken back of a broker may make its channels wrong.
  for (let left = 5; left > 0 && hasErrors(checkScenario(scenario)); left--)
    scenario = withoutErrors(scenario);
  // Some errors name one element and are cured at another: then nothing is stated on any broker.
  if (hasErrors(checkScenario(scenario))) scenario = withPlainBrokers(scenario);
  if (!hasInstances)
    for (const { id, kind } of scenario.nodes)
      if (kind === "service") scenario = setParameter(scenario, id, "instances", null);
  scenario = withSteps(withDeeds(scenario, dice, taste), new Dice(seed + 0.125));
  scenario = withHandlers(scenario, new Dice(seed + 0.375));
  scenario = withEntities(scenario, new Dice(seed + 0.375));
  return withVersions(scenario, new Dice(seed + 0.25));
}

/** Services with handlers of their own: lists written out from their connections, shuffled, with steps that are taken
 *  back, refusals and timeouts. */
function withHandlers(scenario: Scenario, dice: Dice): Scenario {
  if (dice.chance(0.6)) return scenario;
  const nodes = scenario.nodes.map((node): Node => {
    if (node.kind !== "service" || dice.chance(0.3)) return node;
    const handlers = derivedHandlers(scenario, node.id).map((handler) => ({
      ...handler,
      steps: handler.steps.map((step) => drawnStep(step, handler.steps, dice)),
      ...(dice.chance(0.2) ? { timeout: dice.pick([1, 20, 500]) } : {}),
    }));
    const moved = handlers.map((handler) => {
      const at = dice.below(handler.steps.length);
      return { ...handler, steps: [...handler.steps.slice(at), ...handler.steps.slice(0, at)] };
    });
    return { ...node, handlers: moved };
  });
  return { ...scenario, nodes };
}

function drawnStep(step: HandlerStep, others: readonly HandlerStep[], dice: Dice): HandlerStep {
  if (step.do !== "work") {
    const other = dice.pick(others);
    return dice.chance(0.4) && other.do !== "work" ? { ...step, undo: other.over } : step;
  }
  return {
    ...step,
    ...(dice.chance(0.4) ? { refusalRate: dice.pick([0.1, 0.5, 1]) } : {}),
    ...(dice.chance(0.3) ? { errorRate: dice.pick([0, 0.3, 1]) } : {}),
    ...(dice.chance(0.3) ? { time: { distribution: "exponential", mean: 5 } as const } : {}),
  };
}

/** Reads beside writes, and steps of all kinds after failures. */
function withSteps(scenario: Scenario, dice: Dice): Scenario {
  if (dice.chance(0.5)) return scenario;
  const isService = (id: string): boolean => nodeOf(scenario, id)?.kind === "service";
  const connections = scenario.connections.flatMap((link): readonly Connection[] => {
    if (link.kind !== "call" && link.kind !== "write") return [link];
    const step: Connection =
      isService(link.from) && dice.chance(0.1) ? { ...link, on: "failure" } : link;
    if (link.kind === "call" || dice.chance(0.5)) return [step];
    const { from, to } = link;
    return [{ id: freshId(scenario, `read-${link.id}`), kind: "read", from, to }, step];
  });
  return { ...scenario, connections };
}

/** Stores with versions, few keys, and writes of every kind. */
function withEntities(scenario: Scenario, dice: Dice): Scenario {
  if (dice.chance(0.4)) return scenario;
  let next = scenario;
  const state = (id: string, values: Readonly<Record<string, FieldValue>>): void => {
    for (const [name, value] of Object.entries(values)) next = setParameter(next, id, name, value);
  };
  const keys = dice.pick([1, 2, 5, 100]);
  for (const { id, kind } of scenario.nodes) {
    if (kind === "store") state(id, { versions: dice.chance(0.9), initialValue: dice.below(4) });
    if (kind === "store" && dice.chance(0.3)) state(id, { valueMin: 0, valueMax: dice.below(5) });
    if (kind === "producer") state(id, { keys, keyChoice: dice.pick(["uniform", "none"]) });
  }
  for (const { id, kind } of scenario.connections) {
    if (kind !== "write") continue;
    const change = dice.pick(["note", "note", "set", "add", "add change"]);
    state(id, { change, check: dice.pick(["none", "version", "atomic"]) });
    if (change === "add" || change === "set") state(id, { amount: dice.between(-2, 2) });
    if (change === "add" && dice.chance(0.5)) state(id, { atLeast: dice.between(-2, 0) });
  }
  return hasErrors(checkScenario(next)) ? scenario : next;
}

/** Live acts for a document: what a person might do while it runs. */
export function randomAct(scenario: Scenario, dice: Dice): LiveAct | undefined {
  const rollOut = dice.chance(0.2) ? rollOutOf(scenario, dice) : undefined;
  if (rollOut !== undefined) return rollOut;
  return dice.chance(0.5)
    ? faultOf(scenario, dice)
    : settingOf(scenario, dice, { ...tasteOf(dice), ties: true });
}

function withCircles(scenario: Scenario, dice: Dice, taste: Taste): Scenario {
  const services = scenario.nodes.filter(({ kind }) => kind === "service");
  const targets = [...services, ...scenario.channels].map(({ id }) => id);
  let next = scenario;
  for (let i = 0; i < taste.circles * 3; i++) {
    const [from, to] = [dice.pick(services).id, dice.pick(targets)];
    const verdict = canConnect(next, from, to);
    if (!verdict.allowed || verdict.needsChannel !== undefined) continue;
    if (verdict.kind !== "publish" && verdict.kind !== "call") continue;
    const contract = dice.pick(next.contracts).id;
    const id = freshId(next, `again-${verdict.kind}`);
    next = addConnection(next, { id, kind: verdict.kind, from, to, contract });
    if (verdict.kind === "publish")
      next = setParameter(next, id, "probability", dice.pick([0.1, 0.5, 0.9, 1]));
  }
  return next;
}

/** Steps after some contracts only, and events about failures. */
function withConditions(scenario: Scenario, dice: Dice, taste: Taste): Scenario {
  const isService = (id: string): boolean =>
    scenario.nodes.some((node) => node.id === id && node.kind === "service");
  const changed = (link: Connection): Connection => {
    if (link.kind === "consume" || link.kind === "bind" || !isService(link.from)) return link;
    const isRestricted = dice.chance(taste.restricted);
    const after = isRestricted ? { after: [dice.pick(scenario.contracts).id] } : {};
    if (link.kind !== "publish") return { ...link, ...after };
    const on = dice.chance(taste.failureEvents) ? ({ on: "failure" } as const) : {};
    return { ...link, ...after, ...on };
  };
  return { ...scenario, connections: scenario.connections.map(changed) };
}

/** Parameters without which others have no effect: stated more often. */
const central: ReadonlySet<string> = new Set(
  "serviceTime rate errorRate attempts timeout order coldStart keepWarm".split(" "),
);

function withExtremes(scenario: Scenario, dice: Dice, taste: Taste): Scenario {
  let next = scenario;
  for (const { id } of [...scenario.nodes, ...scenario.channels, ...scenario.connections])
    for (const [name, field] of Object.entries(fieldsOf(scenario, id))) {
      const isCentral = central.has(name);
      if (!dice.chance(isCentral ? Math.max(taste.stated, 0.7) : taste.stated)) continue;
      next = setParameter(next, id, name, valueOf(field, dice, { taste, name, scenario, id }));
    }
  if (taste.ties)
    for (const { id, kind } of scenario.nodes)
      if (kind === "producer") next = setParameter(next, id, "arrivals", "constant");
  return withDeadLetters(next, dice, taste);
}

/** Queues that pass on what dies in them. */
function withDeadLetters(scenario: Scenario, dice: Dice, taste: Taste): Scenario {
  let next = scenario;
  for (const [row, { id }] of scenario.channels.entries()) {
    if (!Object.hasOwn(fieldsOf(scenario, id), "x-dead-letter-exchange")) continue;
    if (!dice.chance(taste.deadLetters)) continue;
    const target = channelNear(scenario, id, dice);
    next = setParameter(next, id, "x-dead-letter-exchange", target);
    for (const link of scenario.connections)
      if (link.kind === "consume" && link.from === id && dice.chance(0.7))
        next = setParameter(next, link.id, "on_failure", "reject");
    if (dice.chance(0.5)) next = setParameter(next, id, "x-message-ttl", dice.pick([0, 20, 500]));
    if (dice.chance(0.3)) {
      const most = dice.between(0, 5);
      next =
        row % 2 === 0
          ? setParameter(next, id, "x-max-length", most)
          : setParameter(next, id, "x-max-length-bytes", most * 700);
    }
    if (dice.chance(0.3)) next = setParameter(next, id, "x-dead-letter-routing-key", target);
  }
  return next;
}

/** Id of a channel of the same broker. */
function channelNear(scenario: Scenario, id: string, dice: Dice): string {
  const broker = scenario.channels.find((channel) => channel.id === id)?.broker;
  return dice.pick(scenario.channels.filter((channel) => channel.broker === broker)).id;
}

interface Place {
  readonly taste: Taste;
  readonly name: string;
  readonly scenario: Scenario;
  readonly id: string;
}

function valueOf(field: Field, dice: Dice, place: Place): FieldValue {
  const { taste, name } = place;
  const isExtreme = dice.chance(taste.extreme);
  switch (field.kind) {
    case "choice":
      // A replay needs a recording, which no swarm document has.
      return dice.pick(field.options.filter((option) => option.value !== "replay")).value;
    case "flag":
      return dice.chance(0.5);
    case "text":
      return textOf(dice, place);
    case "table":
      return tableOf(field, dice, taste);
    case "recording":
      return field.default;
    case "variable":
      if (field.unit === "count") return dice.chance(0.5) ? dice.pick([1, 2, 3]) : fewOf(dice);
      return dice.chance(0.5) ? dice.pick([field.min, 1000, 2e6]) : distributionOf(dice, taste);
    case "distribution":
      // Numbers of things at once stay small: each costs as much as an event.
      if (field.unit === "count") return fewOf(dice);
      if (name === "gap" || name === "think") return gapOf(dice, taste);
      return distributionOf(dice, phases.has(name) ? { ...taste, instant: 0 } : taste);
    case "ratio":
      if (name === "errorRate") return dice.pick([0, taste.errors, taste.errors, 1]);
      if ("none" in field && dice.chance(0.5)) return null;
      return Math.max(field.min, isExtreme ? dice.pick([0, 1]) : dice.between(0, 10) / 10);
    case "rate":
      if (taste.ties) return dice.pick([taste.rate, taste.rate / 2]);
      return Math.max(
        field.min,
        dice.pick([taste.rate, taste.rate / 2, dice.between(0, taste.rate)]),
      );
    default: {
      if ("none" in field && dice.chance(0.2)) return null;
      const wish = numberOf(field, dice, { taste, isExtreme });
      return Math.min(field.max, Math.max(field.min, wish));
    }
  }
}

/** Sources that never pause fill one instant with more events than a naive engine gets through. */
const phases: ReadonlySet<string> = new Set(["onTime", "offTime"]);

/** Counts that a run pays for with memory or time stay small. */
function numberOf(
  field: NumberField | OptionalNumberField,
  dice: Dice,
  { taste, isExtreme }: { readonly taste: Taste; readonly isExtreme: boolean },
): number {
  const usual = Math.max(1, Math.min(field.default ?? 10, 1e6));
  switch (field.kind) {
    case "count":
      return isExtreme ? dice.pick([field.min, 0, 60]) : dice.pick([1, 2, 3, 5, 12]);
    case "bytes":
      return isExtreme ? dice.pick([field.min, 2e6]) : Math.round(usual * dice.pick([0.5, 1, 3]));
    case "duration":
      if (dice.chance(taste.instant)) return field.min;
      if (taste.ties) return dice.pick([5, 10, 100]);
      return isExtreme ? dice.pick([field.min, 0.013, 1e6]) : usual * dice.pick([0.02, 0.5, 1, 2]);
    default:
      return isExtreme ? field.min : usual * dice.pick([1, 1.5, 2]);
  }
}

function textOf(dice: Dice, { name, scenario, id }: Place): string {
  const contract = dice.pick(scenario.contracts).name.toLowerCase();
  switch (name) {
    case "routing_key":
      return dice.pick(["", "#", "*", contract, "order.{key}", "order.#", "*.key-1", "a.*.#"]);
    case "alternate-exchange":
      return dice.chance(0.5) ? "" : channelNear(scenario, id, dice);
    case "group.id":
      return dice.pick(["", "", "shared", id]);
    case "keyName":
      return dice.pick(["key", "key", "order", "$& {key}"]);
    default:
      return "";
  }
}

function distributionOf(dice: Dice, taste: Taste): Distribution {
  if (dice.chance(taste.instant)) return { distribution: "constant", value: 0 };
  if (taste.ties) return { distribution: "constant", value: dice.pick([5, 10, 100]) };
  const mean = dice.pick([0.5, 2, 5, 20, 20, 100, dice.chance(taste.extreme) ? 3000 : 10]);
  return dice.pick<Distribution>([
    { distribution: "constant", value: mean },
    { distribution: "uniform", min: 0, max: 2 * mean },
    { distribution: "exponential", mean },
    { distribution: "erlang", mean, shape: dice.pick([1, 3, 20]) },
    { distribution: "lognormal", mean, sd: mean * dice.pick([0, 0.5, 3]) },
    { distribution: "hyperexponential", mean, cv2: dice.pick([1, 4, 50]) },
  ]);
}

/** A few rows; where numbers must rise, the default. */
function tableOf(field: Extract<Field, { kind: "table" }>, dice: Dice, taste: Taste): FieldValue {
  if (field.rising !== undefined) return field.default;
  const length = dice.between(Math.max(1, field.rowsMin), Math.min(4, field.rowsMax));
  return Array.from({ length }, () =>
    Object.fromEntries(
      Object.entries(field.columns).map(([name, column]) => {
        const wish = numberOf(column, dice, { taste: { ...taste, instant: 0 }, isExtreme: false });
        return [name, Math.min(column.max, Math.max(column.min, wish))];
      }),
    ),
  );
}

/** Between arrivals some time passes: an endless number of them at one instant is of no use. */
function gapOf(dice: Dice, { rate, ties }: Taste): Distribution {
  const mean = 1000 / rate;
  if (ties) return { distribution: "constant", value: mean };
  return dice.pick<Distribution>([
    { distribution: "constant", value: mean },
    { distribution: "uniform", min: 0, max: 2 * mean },
    { distribution: "hyperexponential", mean, cv2: 9 },
  ]);
}

function fewOf(dice: Dice): Distribution {
  return dice.pick<Distribution>([
    { distribution: "constant", value: dice.pick([0, 1, 3]) },
    { distribution: "uniform", min: 0, max: 4 },
    { distribution: "exponential", mean: 2 },
  ]);
}

/** Faults and settings, many of them at the same instants, some at time 0, some beyond the end. */
function withDeeds(scenario: Scenario, dice: Dice, taste: Taste): Scenario {
  const { duration } = scenario.load;
  const at = (): number => {
    // On the beat of constant arrivals.
    if (taste.ties) return Math.min(duration, 50 * dice.below(Math.min(100, 1 + duration / 50)));
    return dice.pick([
      0,
      dice.below(Math.ceil(duration) + 1),
      10 * dice.below(Math.ceil(duration / 10) + 1),
      dice.below(Math.ceil(duration * 1000)) / 1000,
      Math.min(duration, 100 * dice.below(20)),
    ]);
  };
  const timeline: TimelineEntry[] = [];
  for (let i = dice.below(taste.faults + 1); i > 0; i--) {
    const act = faultOf(scenario, dice);
    const lasts = dice.pick([0, 1, 100, 2000]);
    if (act?.act === "crash" && dice.chance(0.6))
      timeline.push({ at: at(), ...act, duration: lasts });
    else if (act !== undefined) timeline.push({ at: at(), ...act });
  }
  for (let i = dice.below(taste.settings + 1); i > 0; i--) {
    const act = settingOf(scenario, dice, taste);
    if (act !== undefined) timeline.push({ at: at(), ...act });
  }
  const next = { ...scenario, timeline };
  return hasErrors(checkScenario(next)) ? scenario : next;
}

/** In one document of four some contracts have several versions, connections speak this one or that, and some are
 *  rolled out in the course of the run. It has dice of its own, so that all else stays as it is without. */
function withVersions(scenario: Scenario, dice: Dice): Scenario {
  if (!dice.chance(0.25)) return scenario;
  const contracts = scenario.contracts.map((contract) => {
    const count = dice.pick([0, 1, 1, 2, 4]);
    const earlier = Array.from({ length: count }, (_, i) => ({
      contractVersion: `0.${i}`,
      schema: { type: "object", description: `${i}` },
    }));
    const compatibility = dice.pick(compatibilityModes);
    return count === 0 ? contract : { ...contract, earlier, compatibility };
  });
  const spoken = (id: string): string | undefined => {
    const contract = contracts.find((one) => one.id === id);
    if (contract === undefined || dice.chance(0.3)) return undefined;
    return dice.pick(versionsOf(contract)).contractVersion;
  };
  const connections = scenario.connections.map((link): Connection => {
    if (link.kind === "consume") {
      const reads = contracts.flatMap(({ id }) => {
        const version = spoken(id);
        return version === undefined ? [] : [[id, version] as const];
      });
      return reads.length === 0 ? link : { ...link, reads: Object.fromEntries(reads) };
    }
    if (link.kind !== "publish" && link.kind !== "call") return link;
    const contractVersion = spoken(link.contract);
    const written = contractVersion === undefined ? link : { ...link, contractVersion };
    const readAs = link.kind === "call" ? spoken(link.contract) : undefined;
    return written.kind === "call" && readAs !== undefined ? { ...written, readAs } : written;
  });
  const next = { ...scenario, contracts, connections };
  const { duration } = scenario.load;
  const timeline = [...scenario.timeline];
  for (let i = dice.below(6); i > 0; i--) {
    const act = rollOutOf(next, dice);
    const at = dice.pick([0, dice.below(Math.ceil(duration) + 1), dice.below(2000)]);
    if (act !== undefined) timeline.push({ at: Math.min(at, duration), ...act });
  }
  return { ...next, timeline };
}

function rollOutOf(
  scenario: Scenario,
  dice: Dice,
): Extract<LiveAct, { act: "roll out" }> | undefined {
  const versioned = scenario.contracts.filter(hasVersions);
  if (versioned.length === 0) return undefined;
  const contract = dice.pick(versioned);
  const { contractVersion } = dice.pick(versionsOf(contract));
  const ends = dealings(scenario, contract.id).flatMap(({ connection: { id, from, to } }) => [
    id,
    from,
    to,
  ]);
  const targets = ends.filter((id) => dealingsOf(scenario, id, contract.id).length > 0);
  if (targets.length === 0) return undefined;
  return { act: "roll out", target: dice.pick(targets), contract: contract.id, contractVersion };
}

function faultOf(
  scenario: Scenario,
  dice: Dice,
): Extract<LiveAct, { act: "crash" | "restart" }> | undefined {
  const able = scenario.nodes.filter(({ kind }) => kind === "broker" || nodeKinds[kind].works);
  if (able.length === 0) return undefined;
  const { id } = dice.pick(able);
  const act = dice.pick(["crash", "crash", "restart"] as const);
  if (technologyOf(scenario, id) === undefined) return { act, target: id };
  return { act, target: id, member: dice.below(memberCount(scenario, id)) };
}

function settingOf(
  scenario: Scenario,
  dice: Dice,
  taste: Taste,
): Extract<LiveAct, { act: "set" }> | undefined {
  const all = [...scenario.nodes, ...scenario.channels, ...scenario.connections];
  const live = all.flatMap(({ id }) =>
    Object.entries(fieldsOf(scenario, id)).flatMap(([name, field]) =>
      field.live === true && elementOf(scenario, id) !== undefined ? [{ id, name, field }] : [],
    ),
  );
  if (live.length === 0) return undefined;
  // What has the most consequences changes most.
  const weighty = live.filter(({ name }) => name === "concurrency" || name === "rate");
  const { id, name, field } = dice.pick(weighty.length > 0 && dice.chance(0.5) ? weighty : live);
  const value = valueOf(field, dice, { taste, name, scenario, id });
  if (!parseValue(field, value).ok) return undefined;
  return { act: "set", target: id, parameter: name, value };
}
