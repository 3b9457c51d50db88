// Bindings that were edited in another tool: where the content of one states other parameters than the scenario that the
// document carries, the binding counts.

import type { Problem } from "../base/problem.ts";
import { type Result, succeed } from "../base/result.ts";
import type { BrokerConfig, TechnologyBindings } from "../brokers/technology.ts";
import { brokerConfigOf } from "../model/brokerConfig.ts";
import { elementOf, statedParameters } from "../model/elements.ts";
import { isEqual, isObject } from "../model/equal.ts";
import { manualOf } from "../model/manual.ts";
import { parseScenario } from "../model/parse.ts";
import type { Channel, Connection, Scenario } from "../model/scenario.ts";
import { extensionOf, type Foreign, memberOf, objectsIn } from "./lookup.ts";

/** The scenario with the parameters that the bindings of its document state. */
export function withBindings(
  scenario: Scenario,
  document: unknown,
): Result<Scenario, readonly Problem[]> {
  const edits = editsIn(scenario, document);
  if (edits.size === 0) return succeed(scenario);
  const edited = (element: Channel | Connection): unknown => {
    const parameters = edits.get(element.id);
    if (parameters === undefined) return element;
    return { ...element, parameters: { ...statedParameters(scenario, element.id), ...parameters } };
  };
  return parseScenario({
    ...scenario,
    channels: scenario.channels.map(edited),
    connections: scenario.connections.map(edited),
  });
}

/** Element id → parameters that its binding states otherwise. */
function editsIn(scenario: Scenario, document: unknown): ReadonlyMap<string, Foreign> {
  const configs = new Map<string, BrokerConfig>(
    scenario.nodes
      .filter(({ kind }) => kind === "broker")
      .map(({ id }) => [id, brokerConfigOf(scenario, id)]),
  );
  const written = writtenBindings(scenario, configs);
  const edits = new Map<string, Foreign>();
  const places = [
    ["channels", "channel"],
    ["operations", "connection"],
  ] as const;
  for (const [list, name] of places)
    for (const [, object] of objectsIn(document, list)) {
      const id = extensionOf(object)[name];
      const expected = typeof id === "string" ? written.get(id) : undefined;
      if (typeof id !== "string" || expected === undefined) continue;
      const said = memberOf(object["bindings"], expected.bindings.key);
      const changed = isObject(said) ? changesBetween(expected, said) : {};
      if (Object.keys(changed).length > 0) edits.set(id, changed);
    }
  return edits;
}

interface Written {
  readonly bindings: TechnologyBindings;
  readonly level: "channel" | "publish" | "consume";
  readonly content: object;
}

/** Element id → what is written into its binding. */
function writtenBindings(
  scenario: Scenario,
  configs: ReadonlyMap<string, BrokerConfig>,
): ReadonlyMap<string, Written> {
  const written = new Map<string, Written>();
  for (const config of configs.values()) {
    const bindings = manualOf(scenario, config.id)?.asyncapi;
    if (bindings === undefined) continue;
    const put = (id: string, level: Written["level"], content: object | undefined): void => {
      if (content !== undefined && elementOf(scenario, id) !== undefined)
        written.set(id, { bindings, level, content });
    };
    for (const one of config.channels) put(one.id, "channel", bindings.channel(config, one));
    for (const one of config.publishers) put(one.id, "publish", bindings.publish(config, one));
    for (const one of config.subscriptions) put(one.id, "consume", bindings.consume(config, one));
  }
  return written;
}

function changesBetween({ bindings, level, content }: Written, said: Foreign): Foreign {
  const before = bindings.parametersIn(level, { ...content });
  const after = bindings.parametersIn(level, said);
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !isEqual(value, memberOf(before, name))),
  );
}
