// Random documents with other kinds of nodes that handle messages or requests: some of the services become gateways,
// external APIs and so on, with the lines that their new kind may have.

import { channelKindOf, fieldsOf, functionPlatformOf } from "./elements.ts";
import { setParameter, withoutElements } from "./edit.ts";
import { canConnect } from "./rules.ts";
import type { Field, FieldValue } from "../base/fields.ts";
import { type Scenario, stationKinds } from "./scenario.ts";

/** The dice of scenario.suite.ts. */
interface Dice {
  below(sides: number): number;
  chance(share: number): boolean;
  pick<Value>(list: readonly Value[]): Value;
}

/** The document with some of its services turned into stations. */
export function withStations(
  scenario: Scenario,
  dice: Dice,
  valueOf: (field: Field) => FieldValue,
): Scenario {
  if (!dice.chance(0.5)) return scenario;
  let next = scenario;
  // One service stays what it is: other tests build on it.
  const services = scenario.nodes.filter((node) => node.kind === "service");
  for (const node of services.slice(1)) {
    if (!dice.chance(0.5)) continue;
    const { security: _, parameters: __, ...rest } = node;
    const kind = dice.pick(stationKinds);
    const nodes = next.nodes.map((one) => (one.id === node.id ? { ...rest, kind } : one));
    next = withoutOddLines({ ...next, nodes }, node.id);
    const fields = Object.entries(fieldsOf(next, node.id));
    for (let i = dice.below(4); i > 0; i--) {
      const [name, field] = dice.pick(fields);
      next = setParameter(next, node.id, name, valueOf(field));
    }
    next = withKnownParameters(next, node.id);
  }
  return next;
}

/** Takes away what is said of parameters that lines have no more, now that they lead to or from a node of another
 *  kind. */
function withKnownParameters(scenario: Scenario, node: string): Scenario {
  const lines = scenario.connections.filter(({ from, to }) => from === node || to === node);
  return lines.reduce((before, { id, parameters = {} }) => {
    const known = fieldsOf(before, id);
    const odd = Object.keys(parameters).filter((name) => !Object.hasOwn(known, name));
    return odd.reduce((next, name) => withoutParameter(next, id, name), before);
  }, scenario);
}

function withoutParameter(scenario: Scenario, line: string, parameter: string): Scenario {
  const connections = scenario.connections.map((one) => {
    if (one.id !== line) return one;
    const { [parameter]: _, ...parameters } = one.parameters ?? {};
    return { ...one, parameters };
  });
  const timeline = scenario.timeline.filter(
    (entry) => entry.act !== "set" || entry.target !== line || entry.parameter !== parameter,
  );
  return { ...scenario, connections, timeline };
}

/** Takes away the lines to functions whose platform has no trigger for what they come from. */
export function withoutUntriggered(scenario: Scenario): Scenario {
  const odd = scenario.connections.filter(({ kind, from, to }) => {
    const platform = kind === "consume" ? functionPlatformOf(scenario, to) : undefined;
    const trigger = channelKindOf(scenario, from)?.functions;
    return platform !== undefined && trigger?.[platform] === undefined;
  });
  return withoutElements(
    scenario,
    odd.map((one) => one.id),
  );
}

/** The document with plain services where it has functions: for whoever does not know these. */
export function withoutFunctions(scenario: Scenario): Scenario {
  const isFunction = (id: string): boolean => functionPlatformOf(scenario, id) !== undefined;
  const isSource = ({ kind, to }: Scenario["connections"][number]): boolean =>
    kind === "consume" && isFunction(to);
  const sources = scenario.connections.filter(isSource).map(({ id }) => id);
  return {
    ...scenario,
    nodes: scenario.nodes.map((node) =>
      node.kind === "function" ? { id: node.id, kind: "service" } : node,
    ),
    connections: scenario.connections.map((link) => {
      if (!isSource(link)) return link;
      const { parameters: _, ...rest } = link;
      return rest;
    }),
    timeline: scenario.timeline.filter(
      ({ act, target }) => act !== "set" || !(isFunction(target) || sources.includes(target)),
    ),
  };
}

/** Takes away the lines of a node that its kind may not have, and what was said of its parameters. */
function withoutOddLines(scenario: Scenario, id: string): Scenario {
  const odd = scenario.connections.filter(({ from, to, kind }) => {
    if (from !== id && to !== id) return false;
    const verdict = canConnect({ ...scenario, connections: [] }, from, to);
    return !verdict.allowed || verdict.kind !== kind;
  });
  const next = withoutElements(
    scenario,
    odd.map((one) => one.id),
  );
  return {
    ...next,
    timeline: next.timeline.filter(
      (entry) =>
        entry.act !== "set" ||
        entry.target !== id ||
        Object.hasOwn(fieldsOf(next, id), entry.parameter),
    ),
  };
}
