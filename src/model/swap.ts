// Another technology for a broker in its place: channels, connections and contracts stay, parameters go over to their
// counterparts, and whatever has none is listed before anybody confirms. Manuals of all technologies must be known.

import { assert } from "../base/assert.ts";
import { type Fields, type FieldValue, type Parameters, parseValue } from "../base/fields.ts";
import { formatValue } from "../base/fieldText.ts";
import { technology, type TechnologyId, technologyManual } from "../brokers/index.ts";
import type { Counterpart, TechnologyManual } from "../brokers/technology.ts";
import { sideFields, sideParameters } from "../nodes/sideFields.ts";
import { checkScenario } from "./check.ts";
import { replaceElement, withoutElements } from "./edit.ts";
import {
  channelOf,
  elementOf,
  fieldsOf,
  nameOf,
  nodeOf,
  publishFieldsOf,
  statedParameters,
} from "./elements.ts";
import { faultProblem } from "./faults.ts";
import { networkProblem } from "./networkFault.ts";
import { redriveProblem } from "./redrives.ts";
import { canConnect, connectionBetween, fitsBetween } from "./rules.ts";
import type { Connection, Scenario } from "./scenario.ts";
import { reroute, type Side } from "./swapChannels.ts";
import type { TimelineEntry } from "./timeline.ts";

/** A document with another technology in the place of one, and what that does to it. */
export interface Swap {
  readonly scenario: Scenario;
  /** Sentences for people. */
  readonly kept: readonly string[];
  readonly mapped: readonly string[];
  readonly lost: readonly string[];
}

interface Lists {
  readonly kept: string[];
  readonly mapped: string[];
  readonly lost: string[];
}

/** Rounds in which what the new technology refuses is taken back. */
const roundsMax = 8;

/** The document with another technology for a broker. */
export function swapped(scenario: Scenario, broker: string, to: TechnologyId): Swap {
  const node = nodeOf(scenario, broker);
  assert(node?.kind === "broker", "only a broker has a technology.");
  const sides: readonly [Side, Side] = [sideOf(node.technology), sideOf(to)];
  const lists: Lists = { kept: [], mapped: [], lost: [] };
  const { channels, connections, origins, changes } = reroute(scenario, broker, sides);
  lists.mapped.push(...changes);
  const bare: Scenario = {
    ...scenario,
    nodes: scenario.nodes.map((one) => (one.id === broker ? { ...node, technology: to } : one)),
    channels: [...scenario.channels.filter((one) => one.broker !== broker), ...channels],
    connections,
  };
  const translated = new Translation(scenario, bare, { broker, sides, origins }, lists).result();
  const fitting = withoutMisfits(translated, lists);
  const next = withoutRefusals(withTimeline(scenario, fitting, lists), scenario, lists);
  const own = scenario.channels.filter((one) => one.broker === broker);
  const stays = ({ id }: { readonly id: string }): boolean => elementOf(next, id) !== undefined;
  lists.kept.unshift(
    `Channels: ${own.filter(stays).length} of ${own.length}; connections: ${scenario.connections.filter(stays).length} of ${scenario.connections.length}; all contracts`,
  );
  return { scenario: next, ...lists };
}

function sideOf(id: TechnologyId): Side {
  return { technology: technology(id), manual: technologyManual(id) };
}

interface Task {
  readonly broker: string;
  readonly sides: readonly [Side, Side];
  readonly origins: ReadonlyMap<string, string>;
}

class Translation {
  readonly #before: Scenario;
  #next: Scenario;
  readonly #task: Task;
  readonly #lists: Lists;
  readonly #seen = new Set<string>();

  constructor(before: Scenario, next: Scenario, task: Task, lists: Lists) {
    this.#before = before;
    this.#next = next;
    this.#task = task;
    this.#lists = lists;
  }

  result(): Scenario {
    const { broker, origins } = this.#task;
    this.#put(broker, this.#translate("broker", broker, broker));
    for (const { id, broker: home } of this.#next.channels)
      if (home === broker) this.#put(id, this.#translate("channel", origins.get(id) ?? id, id));
    for (const link of this.#next.connections) this.#translateLink(link);
    this.#nameGone();
    return this.#next;
  }

  #translateLink(link: Connection): void {
    const { broker, sides } = this.#task;
    const { technology: to } = sides[1];
    const at = (end: "from" | "to") => channelOf(this.#next, link[end])?.broker === broker;
    if (link.kind === "publish" && at("to"))
      this.#translateOwn("publish", link, publishFieldsOf(to, nodeOf(this.#next, link.from)?.kind));
    if (link.kind === "consume" && at("from"))
      this.#translateOwn("consume", link, to.consumeFields);
    if (link.kind === "bind" && at("from")) this.#translateOwn("bind", link, to.bindFields);
    if (link.kind === "bridge") this.#translateBridge(link, at("from"), at("to"));
  }

  #translateBridge(
    link: Extract<Connection, { kind: "bridge" }>,
    isSource: boolean,
    isTarget: boolean,
  ): void {
    const [from, to] = this.#task.sides;
    let { parameters = {} } = link;
    const ends = [
      {
        is: isSource,
        side: "source",
        place: "consume",
        old: from.technology.consumeFields,
        fields: to.technology.consumeFields,
      },
      {
        is: isTarget,
        side: "target",
        place: "publish",
        old: from.technology.publishFields,
        fields: to.technology.publishFields,
      },
    ] as const;
    for (const { is, side, place, old, fields } of ends) {
      if (!is) continue;
      const translated = this.#convert(
        { place, id: link.id, old, fields },
        sideParameters(side, parameters),
      );
      const others = Object.entries(parameters).filter(([name]) => !name.startsWith(`${side}.`));
      const own = Object.keys(sideFields(side, fields));
      const named = Object.entries(translated).map(
        ([name, value]) => [`${side}.${name}`, value] as const,
      );
      parameters = Object.fromEntries([...others, ...named.filter(([name]) => own.includes(name))]);
    }
    this.#put(link.id, parameters);
  }

  /** What an element of the broker states, for a list of fields; `origin` is the element from which it comes. */
  #translate(place: "broker" | "channel", origin: string, id: string): Parameters {
    const [old, fields] = [fieldsOf(this.#before, origin), fieldsOf(this.#next, id)];
    return this.#convert({ place, id, old, fields }, statedParameters(this.#before, origin));
  }

  #translateOwn(place: "publish" | "consume" | "bind", link: Connection, fields: Fields): void {
    const at = { place, id: link.id, old: this.#oldFields(link), fields };
    this.#put(link.id, this.#convert(at, link.parameters ?? {}));
  }

  #oldFields(link: Connection): Fields {
    const [{ technology: from }] = this.#task.sides;
    if (link.kind === "publish")
      return publishFieldsOf(from, nodeOf(this.#before, link.from)?.kind);
    return link.kind === "bind" ? from.bindFields : from.consumeFields;
  }

  /** Stated parameters under the names and in the units of the new technology; the lists say what became of each. */
  #convert(
    at: {
      readonly place: Counterpart["place"] | "bind";
      readonly id: string;
      readonly old: Fields;
      readonly fields: Fields;
    },
    stated: Parameters,
  ): Parameters {
    const [from, to] = this.#task.sides;
    const result: Record<string, FieldValue> = {};
    for (const [name, value] of Object.entries(stated)) {
      const field = at.old[name];
      if (field === undefined) continue;
      const where = nameOf(this.#before, at.id);
      const shown = `${where}: ${field.label} = ${formatValue(field, value)}`;
      if (at.fields[name] === field) {
        result[name] = value;
        this.#say("kept", shown);
        continue;
      }
      const target =
        at.place === "bind"
          ? undefined
          : targetOf([from.manual, to.manual], at.place, name, at.fields);
      const moved =
        target === undefined ? undefined : valueFor(target, value, [at.old, at.fields], name);
      const next = target === undefined ? undefined : at.fields[target.field];
      if (moved === undefined || next === undefined || target === undefined)
        this.#say("lost", `${shown}. It meant: ${field.help}`);
      else {
        result[target.field] = moved;
        this.#say("mapped", `${shown} → ${next.label} = ${formatValue(next, moved)}`);
      }
    }
    return result;
  }

  /** Channels that have gone take their parameters with them. */
  #nameGone(): void {
    for (const { id, broker } of this.#before.channels) {
      if (broker !== this.#task.broker || channelOf(this.#next, id) !== undefined) continue;
      this.#convert(
        { place: "channel", id, old: fieldsOf(this.#before, id), fields: {} },
        statedParameters(this.#before, id),
      );
    }
  }

  #say(list: keyof Lists, sentence: string): void {
    if (this.#seen.has(sentence)) return;
    this.#seen.add(sentence);
    this.#lists[list].push(sentence);
  }

  #put(id: string, parameters: Parameters): void {
    const element = elementOf(this.#next, id);
    if (element === undefined || element.type === "contract") return;
    const { parameters: _, ...rest } = element.value;
    const isBare = Object.keys(parameters).length === 0;
    this.#next = replaceElement(this.#next, isBare ? rest : { ...rest, parameters });
  }
}

interface Target {
  readonly field: string;
  /** What is added to the old value. */
  readonly difference: number;
}

/** Where a parameter goes: to the field of the same concept that is there. */
function targetOf(
  [from, to]: readonly [TechnologyManual, TechnologyManual],
  place: Counterpart["place"],
  name: string,
  fields: Fields,
): Target | undefined {
  const own = from.counterparts?.parameters.find(
    (one) => one.place === place && one.field === name,
  );
  const other = to.counterparts?.parameters.find(
    (one) =>
      own !== undefined &&
      one.place === place &&
      one.concept === own.concept &&
      Object.hasOwn(fields, one.field),
  );
  if (own === undefined || other === undefined) return undefined;
  return { field: other.field, difference: (own.offset ?? 0) - (other.offset ?? 0) };
}

/** The value at its new place; undefined where it is no value there. */
function valueFor(
  { field: name, difference }: Target,
  value: FieldValue,
  [old, fields]: readonly [Fields, Fields],
  from: string,
): FieldValue | undefined {
  const field = fields[name];
  // A count of seconds is not a duration.
  if (field === undefined || field.kind !== old[from]?.kind) return undefined;
  const read = parseValue(field, typeof value === "number" ? value + difference : value);
  return read.ok ? read.value : undefined;
}

/** Without the connections that the rules of the new technology refuse. */
function withoutMisfits(scenario: Scenario, { lost }: Lists): Scenario {
  let next = { ...scenario, connections: [] as readonly Connection[] } as Scenario;
  for (const link of scenario.connections) {
    const between = connectionBetween(next, link.from, link.to);
    const isFitting = fitsBetween(next, link);
    const verdict =
      link.kind === "call" || link.kind === "publish" || link.kind === "read"
        ? between
        : canConnect(next, link.from, link.to);
    const isSecondBinding = link.kind === "bind" && isFitting;
    if (isFitting && (verdict.allowed || isSecondBinding))
      next = { ...next, connections: [...next.connections, link] };
    else {
      const reason = verdict.allowed ? "it does not fit there" : verdict.reason;
      lost.push(`${nameOf(scenario, link.id)}: ${reason}`);
    }
  }
  const gone = scenario.connections
    .filter(({ id }) => elementOf(next, id) === undefined)
    .map(({ id }) => id);
  return withoutElements(scenario, gone);
}

/** The timeline without what the new technology cannot do. */
function withTimeline(before: Scenario, scenario: Scenario, { lost }: Lists): Scenario {
  const timeline = scenario.timeline.filter((entry) => {
    if (entry.act === "roll out") return elementOf(scenario, entry.target) !== undefined;
    const isPossible = canHappen(scenario, entry);
    if (!isPossible)
      lost.push(`Timeline at ${entry.at} ms: ${entry.act} ${nameOf(before, entry.target)}`);
    return isPossible;
  });
  const objectives = scenario.objectives.filter(
    ({ of }) => of === "run" || elementOf(scenario, of) !== undefined,
  );
  return { ...scenario, timeline, objectives };
}

function canHappen(
  scenario: Scenario,
  entry: Exclude<TimelineEntry, { readonly act: "roll out" }>,
): boolean {
  if (entry.act === "set") return fieldsOf(scenario, entry.target)[entry.parameter]?.live === true;
  if (entry.act === "redrive") return redriveProblem(scenario, entry) === undefined;
  if (entry.act === "network" || entry.act === "heal")
    return networkProblem(scenario, entry)?.severity !== "error";
  return faultProblem(scenario, entry) === undefined;
}

/** Takes back parameters that the new technology refuses, as long as it refuses any that it did not before. */
function withoutRefusals(scenario: Scenario, before: Scenario, { lost }: Lists): Scenario {
  const known = new Set(
    checkScenario(before).map(({ element, message }) => `${element} ${message}`),
  );
  let next = scenario;
  for (let round = 0; round < roundsMax; round++) {
    const errors = checkScenario(next).filter(
      ({ severity, element, message }) =>
        severity === "error" && !known.has(`${element} ${message}`),
    );
    if (errors.length === 0) return next;
    for (const { element: id = "", path, message } of errors) {
      const element = elementOf(next, id);
      if (element === undefined || element.type === "contract") continue;
      const name = /\/parameters\/([^/]+)$/.exec(path)?.[1] ?? "";
      const { parameters = {}, ...rest } = element.value;
      const left = Object.fromEntries(
        Object.entries(parameters).filter(
          ([one]) => name !== "" && round < roundsMax / 2 && one !== name,
        ),
      );
      next = replaceElement(
        next,
        Object.keys(left).length === 0 ? rest : { ...rest, parameters: left },
      );
      lost.push(`${nameOf(next, id)}: ${message}`);
    }
  }
  return next;
}
