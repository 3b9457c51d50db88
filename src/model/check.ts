// What is doubtful in a document that parses: parts that do nothing, settings that contradict each other, and what the
// technologies find in their own parts. Errors keep a run from starting, warnings do not.

import { pathTo, type Problem, type Severity } from "../base/problem.ts";
import { technologyManual } from "../brokers/index.ts";
import type { Finding } from "../brokers/technology.ts";
import { brokerConfigOf } from "./brokerConfig.ts";
import { withBridges } from "./bridges.ts";
import { checkBridges } from "./checkBridges.ts";
import { checkCall } from "./checkCalls.ts";
import { checkFunctions } from "./checkFunctions.ts";
import { checkGateways } from "./checkGateways.ts";
import { checkObjectives } from "./checkObjectives.ts";
import { checkProducer } from "./checkProducers.ts";
import { checkSize } from "./checkSize.ts";
import { checkTimeline } from "./checkTimeline.ts";
import { channelKindOf, elementOf, nameOf, nodeOf } from "./elements.ts";
import type { ProblemCode } from "./problemCatalogue.ts";
import { idsInHandlers, isStepConnection } from "./handlers.ts";
import type { Channel, Connection, Node, Scenario, ServiceNode } from "./scenario.ts";

/** Everything wrong or doubtful in a parsed document, in the order of the document. */
export function checkScenario(scenario: Scenario): readonly Problem[] {
  const traffic = trafficOf(scenario);
  const findings = checkTechnologies(scenario);
  return [
    ...checkSize(scenario),
    ...checkLoad(scenario),
    ...scenario.nodes.flatMap((node, i) => checkNode(scenario, traffic, node, `/nodes/${i}`)),
    ...findings,
    ...checkChannels(scenario, traffic, findings),
    ...scenario.connections.flatMap((connection, i) =>
      checkConnection(scenario, traffic, connection, `/connections/${i}`),
    ),
    ...checkHandlerUse(scenario, traffic),
    ...checkBridges(scenario),
    ...checkGateways(scenario),
    ...checkFunctions(scenario),
    ...checkContracts(scenario, traffic),
    ...checkTimeline(scenario),
    ...checkObjectives(scenario),
    ...checkLayout(scenario),
  ];
}

/** Who has a line going out or coming in, and which contracts travel. */
interface Traffic {
  readonly sources: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
  readonly published: ReadonlySet<string>;
  /** "service contract" for each request that a service gets. */
  readonly requested: ReadonlySet<string>;
  /** Texts in parameters of brokers' parts, by broker: they may name a channel, as dead-letter exchanges do. */
  readonly named: ReadonlyMap<string, ReadonlySet<string>>;
}

function trafficOf(scenario: Scenario): Traffic {
  const named = new Map<string, Set<string>>();
  for (const channel of scenario.channels) {
    const texts = named.get(channel.broker) ?? new Set<string>();
    named.set(channel.broker, texts);
    for (const value of Object.values(channel.parameters ?? {}))
      if (typeof value === "string") texts.add(value);
  }
  const { connections } = withBridges(scenario);
  const calls = connections.filter((connection) => connection.kind === "call");
  const publications = connections.filter((connection) => connection.kind === "publish");
  return {
    sources: new Set(connections.map((connection) => connection.from)),
    targets: new Set(connections.map((connection) => connection.to)),
    published: new Set(publications.map((connection) => connection.contract)),
    requested: new Set(calls.map((connection) => `${connection.to} ${connection.contract}`)),
    named,
  };
}

function found(
  code: ProblemCode,
  at: { readonly path: string; readonly element?: string; readonly severity?: Severity },
  message: string,
): Problem {
  return { code, severity: "warning", ...at, message };
}

function checkLoad(scenario: Scenario): readonly Problem[] {
  const { duration, sourcesStopAt, warmUp = 0 } = scenario.load;
  const problems: Problem[] = [];
  if (sourcesStopAt !== undefined && sourcesStopAt > duration)
    problems.push(
      found(
        "load/sources-stop",
        { path: "/load/sourcesStopAt" },
        "The run ends before the producers are to stop, so nothing drains. Make the run longer, or let them stop earlier.",
      ),
    );
  if (warmUp >= Math.min(duration, sourcesStopAt ?? duration))
    problems.push(
      found(
        "load/warm-up",
        { path: "/load/warmUp" },
        "The warm-up lasts until the load is over, so nothing is measured. Shorten it, or make the run longer.",
      ),
    );
  return problems;
}

function checkNode(
  scenario: Scenario,
  traffic: Traffic,
  node: Node,
  path: string,
): readonly Problem[] {
  const at = { path, element: node.id };
  const name = nameOf(scenario, node.id);
  switch (node.kind) {
    case "producer":
      return traffic.sources.has(node.id)
        ? checkProducer(scenario, node, path)
        : [
            found(
              "node/idle-producer",
              at,
              `${name} sends nothing. Connect it to a channel or a service.`,
            ),
          ];
    case "external":
    case "function":
    case "gateway":
    case "processor":
    case "service":
      return traffic.targets.has(node.id)
        ? []
        : [
            found(
              "node/unreached-service",
              at,
              `Nothing leads to ${name}. Let it consume from a channel, or call it.`,
            ),
          ];
    case "store":
      return traffic.targets.has(node.id)
        ? []
        : [
            found(
              "node/unwritten-store",
              at,
              `Nobody writes into ${name}. Connect a service to it.`,
            ),
          ];
    default:
      return [];
  }
}

function checkTechnologies(scenario: Scenario): readonly Problem[] {
  const paths = new Map<string, string>();
  for (const list of ["nodes", "channels", "connections"] as const)
    for (const [i, { id }] of scenario[list].entries()) paths.set(id, `/${list}/${i}`);
  const problems = scenario.nodes.flatMap((node) => {
    if (node.kind !== "broker") return [];
    const findings = technologyManual(node.technology).check(brokerConfigOf(scenario, node.id));
    return findings.flatMap((finding) => {
      const { code, severity, message } = finding;
      const { element, parameter } = drawnPlace(scenario, finding);
      const place = paths.get(element) ?? "";
      // Nobody can change what is not drawn: the subscription of a redrive.
      if (place === "" && severity === "warning") return [];
      const path = parameter === undefined ? place : pathTo(`${place}/parameters`, parameter);
      return { code, severity, path, element, message };
    });
  });
  return withoutRepeats(problems);
}

/** Where it is drawn what a technology has found at an end of a bridge. */
function drawnPlace(
  scenario: Scenario,
  { element, parameter }: Finding,
): Pick<Finding, "element" | "parameter"> {
  const link = connectionOf(withBridges(scenario), element);
  const isSource = link?.kind === "bridge";
  const isTarget = link?.kind === "publish" && nodeOf(scenario, link.from) === undefined;
  if (!isSource && !isTarget) return parameter === undefined ? { element } : { element, parameter };
  const drawn = { element: isSource ? element : link.from };
  if (parameter === undefined) return drawn;
  return { ...drawn, parameter: `${isSource ? "source" : "target"}.${parameter}` };
}

function connectionOf(scenario: Scenario, id: string): Connection | undefined {
  const element = elementOf(scenario, id);
  return element?.type === "connection" ? element.value : undefined;
}

/** A bridge publishes each of its contracts with the same parameters. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ path, message }) => {
    const key = `${path} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function checkChannels(
  scenario: Scenario,
  traffic: Traffic,
  findings: readonly Problem[],
): readonly Problem[] {
  // A technology knows its own channels better; where it has said something about one as a whole, that is enough.
  const judged = new Set(findings.map((finding) => finding.path));
  return scenario.channels.flatMap((channel, i) =>
    judged.has(`/channels/${i}`) ? [] : checkChannel(scenario, traffic, channel, `/channels/${i}`),
  );
}

function checkChannel(
  scenario: Scenario,
  traffic: Traffic,
  channel: Channel,
  path: string,
): readonly Problem[] {
  const at = { path, element: channel.id };
  const name = nameOf(scenario, channel.id);
  const texts = traffic.named.get(channel.broker);
  // A channel that another one names in a parameter gets its dead letters or rejects: nobody needs to publish there.
  const isNamed = texts?.has(channel.id) === true || texts?.has(name) === true;
  const problems: Problem[] = [];
  if (!traffic.targets.has(channel.id) && !isNamed)
    problems.push(
      found(
        "channel/unpublished",
        at,
        `No message ever comes into ${name}. Let a producer or service publish into it.`,
      ),
    );
  const kind = channelKindOf(scenario, channel.id);
  const leaves = kind?.leavesByItself?.(channel.parameters ?? {}) === true;
  if (!traffic.sources.has(channel.id) && !isNamed && !leaves) {
    const isConsumable = kind?.consumable === true;
    const remedy = isConsumable
      ? "Let a service consume from it, or bridge it."
      : "Bind it to a channel that keeps messages.";
    problems.push(
      found("channel/unconsumed", at, `Nobody takes messages out of ${name}. ${remedy}`),
    );
  }
  return problems;
}

function checkConnection(
  scenario: Scenario,
  traffic: Traffic,
  connection: Connection,
  path: string,
): readonly Problem[] {
  const after = "after" in connection ? (connection.after ?? []) : [];
  const problems = after.flatMap((contract, i) =>
    traffic.published.has(contract) || traffic.requested.has(`${connection.from} ${contract}`)
      ? []
      : [
          found(
            "connection/after-unreceived",
            { path: `${path}/after/${i}`, element: connection.id },
            `${nameOf(scenario, connection.from)} never receives ${nameOf(scenario, contract)}, so this step waits for it in vain. Publish it, or take it off the list.`,
          ),
        ],
  );
  return connection.kind === "call"
    ? [...problems, ...checkCall(scenario, connection, path)]
    : problems;
}

/** Services with handlers of their own: what never comes, and connections over which nothing happens. */
function checkHandlerUse(scenario: Scenario, traffic: Traffic): readonly Problem[] {
  return scenario.nodes.flatMap((node, i) => {
    if (node.kind !== "service" || node.handlers === undefined) return [];
    const service = nameOf(scenario, node.id);
    const unreceived = node.handlers.flatMap(({ on = [] }, k) =>
      on
        .filter((id) => !traffic.published.has(id) && !traffic.requested.has(`${node.id} ${id}`))
        .map((id) =>
          found(
            "handler/unreceived",
            { path: `/nodes/${i}/handlers/${k}/on`, element: node.id },
            `${service} never receives ${nameOf(scenario, id)}, so this handler waits for it in vain. Publish it, or take it off the list.`,
          ),
        ),
    );
    return [...unreceived, ...checkOwnConnections(scenario, node)];
  });
}

function checkOwnConnections(scenario: Scenario, node: ServiceNode): readonly Problem[] {
  const used = new Set(idsInHandlers(node));
  const service = nameOf(scenario, node.id);
  return scenario.connections.flatMap((link, k): readonly Problem[] => {
    if (link.from !== node.id || !isStepConnection(link)) return [];
    const at = { path: `/connections/${k}`, element: link.id };
    if (!used.has(link.id))
      return [
        found(
          "connection/no-step",
          at,
          `No handler of ${service} has a step over this connection, so nothing happens over it. Add the step, or remove the connection.`,
        ),
      ];
    if (link.after === undefined && link.on === undefined) return [];
    return [
      found(
        "connection/condition",
        at,
        `${service} has handlers of its own, which say when this happens. Remove "after" and "on".`,
      ),
    ];
  });
}

function checkContracts(scenario: Scenario, traffic: Traffic): readonly Problem[] {
  const requested = new Set([...traffic.requested].map((pair) => pair.split(" ")[1]));
  return scenario.contracts.flatMap(({ id, name }, i) =>
    traffic.published.has(id) || requested.has(id)
      ? []
      : [
          found(
            "contract/unused",
            { path: `/contracts/${i}`, element: id },
            `No connection carries ${name}. Choose it on a connection, or remove it.`,
          ),
        ],
  );
}

function checkLayout(scenario: Scenario): readonly Problem[] {
  return Object.keys(scenario.layout).flatMap((id) =>
    nodeOf(scenario, id) === undefined
      ? [
          found(
            "layout/unknown",
            { path: pathTo("/layout", id) },
            `"${id}" has a place, but is no node. Remove the place.`,
          ),
        ]
      : [],
  );
}
