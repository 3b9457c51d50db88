// What must hold between the parts of a document once each part has the right form: ids are unique, nothing dangles,
// connections are allowed, and parameters belong to the technology that they are used with.

import type { Problem } from "../base/problem.ts";
import { channelKindOf, elementOf, fieldsOf, nameOf, nodeOf, technologyOf } from "./elements.ts";
import { callCycle } from "./graph.ts";
import { checkHandlers } from "./handlerRules.ts";
import { isEqual } from "./equal.ts";
import { suggestion } from "./near.ts";
import { parameters } from "./parameterShape.ts";
import { complain, inside, isFull, type Place, startReading } from "./reading.ts";
import { connectionBetween, cycleReason, duplicateReason, fitsBetween } from "./rules.ts";
import type { Connection, Scenario } from "./scenario.ts";
import { versionOf, versionsOf } from "./contracts.ts";

/** Everything that keeps the parts of a document from fitting together. */
export function checkReferences(scenario: Scenario): readonly Problem[] {
  const root = startReading();
  checkIds(scenario, root);
  checkChannels(scenario, root);
  // What follows asks for elements by id, so ids must be clear.
  if (root.report.problems.length > 0) return root.report.problems;
  const connections = inside(root, "connections");
  for (const [i, connection] of scenario.connections.entries()) {
    if (isFull(root)) break;
    checkConnection(scenario, connection, on(inside(connections, i), connection.id));
  }
  for (const [i, node] of scenario.nodes.entries())
    if (node.kind === "service")
      checkHandlers(scenario, node, on(inside(inside(root, "nodes"), i), node.id));
  checkDuplicates(scenario, connections);
  checkCycle(scenario, connections);
  return root.report.problems;
}

function on(place: Place, element: string): Place {
  return { ...place, element };
}

function checkIds(scenario: Scenario, root: Place): void {
  const seen = new Set<string>();
  const lists = [
    "nodes",
    "channels",
    "connections",
    "contracts",
    "objectives",
    "bookmarks",
    "groups",
    "notes",
  ] as const;
  for (const list of lists) {
    for (const [i, { id }] of (scenario[list] ?? []).entries()) {
      const place = on(inside(inside(inside(root, list), i), "id"), id);
      if (id === "run")
        complain(
          place,
          "id/reserved",
          `"run" means the whole run in objectives. Choose another id.`,
        );
      if (seen.has(id))
        complain(
          place,
          "id/duplicate",
          `The id "${id}" is used twice. Give one of the two another id.`,
        );
      seen.add(id);
    }
  }
}

function checkChannels(scenario: Scenario, root: Place): void {
  for (const [i, channel] of scenario.channels.entries()) {
    if (isFull(root)) break;
    const place = on(inside(inside(root, "channels"), i), channel.id);
    const technology = technologyOf(scenario, channel.id);
    if (technology === undefined) {
      const brokers = scenario.nodes.filter((node) => node.kind === "broker").map((it) => it.id);
      const meant = suggestion(channel.broker, brokers);
      complain(
        inside(place, "broker"),
        "channel/broker",
        `There is no broker "${channel.broker}".${meant} Name a broker of this document, or add one.`,
      );
    } else if (channelKindOf(scenario, channel.id) === undefined) {
      const kinds = Object.keys(technology.channelKinds).join(" or ");
      complain(
        inside(place, "kind"),
        "channel/kind",
        `${technology.label} has no channels of the kind "${channel.kind}". Choose ${kinds}.`,
      );
    } else checkParameters(scenario, channel.id, place);
  }
}

/** The shape has accepted what fits any technology; here only the right one counts. */
function checkParameters(scenario: Scenario, id: string, place: Place): void {
  const element = elementOf(scenario, id);
  if (element === undefined || element.type === "contract") return;
  if (element.value.parameters === undefined) return;
  parameters(fieldsOf(scenario, id)).read(element.value.parameters, inside(place, "parameters"));
}

function checkConnection(scenario: Scenario, connection: Connection, place: Place): void {
  const dangling = (["from", "to"] as const).filter((end) => {
    const type = elementOf(scenario, connection[end])?.type;
    return type !== "node" && type !== "channel";
  });
  for (const end of dangling) complainDangling(scenario, connection[end], inside(place, end));
  checkSteps(scenario, connection, place);
  checkVersions(scenario, connection, place);
  if (dangling.length > 0) return;
  if (fitsBetween(scenario, connection)) return checkParameters(scenario, connection.id, place);
  const verdict = connectionBetween(scenario, connection.from, connection.to);
  if (!verdict.allowed) complain(place, "connection/refused", verdict.reason);
  else if (verdict.needsChannel !== undefined)
    complain(
      place,
      "connection/refused",
      `A connection leads to a channel of a broker, not to the broker itself. Name a channel of ${nameOf(scenario, nodeOf(scenario, connection.from)?.kind === "broker" ? connection.from : connection.to)}.`,
    );
  else
    complain(
      inside(place, "kind"),
      "connection/kind",
      `"${connection.kind}" does not fit between these two. Write "kind": "${verdict.kind}".`,
    );
}

function complainDangling(scenario: Scenario, id: string, place: Place): void {
  const ids = [...scenario.nodes, ...scenario.channels].map((element) => element.id);
  complain(
    place,
    "connection/dangling",
    `There is no node or channel "${id}".${suggestion(id, ids)} Correct the id, or remove the connection.`,
  );
}

/** Contracts, and the conditions under which a step happens. */
function checkSteps(scenario: Scenario, connection: Connection, place: Place): void {
  const missing = (id: string): boolean => elementOf(scenario, id)?.type !== "contract";
  const remedy = (id: string): string => {
    const ids = scenario.contracts.map((contract) => contract.id);
    return `There is no contract "${id}".${suggestion(id, ids)} Add it, or name another.`;
  };
  if ("contract" in connection && missing(connection.contract))
    complain(inside(place, "contract"), "connection/contract", remedy(connection.contract));
  const after = "after" in connection ? connection.after : undefined;
  for (const [i, id] of (after ?? []).entries())
    if (missing(id)) complain(inside(inside(place, "after"), i), "connection/after", remedy(id));
  const only = connection.kind === "bridge" ? connection.only : undefined;
  for (const [i, id] of (only ?? []).entries())
    if (missing(id)) complain(inside(inside(place, "only"), i), "connection/only", remedy(id));
  const isCondition = after !== undefined || ("on" in connection && connection.on !== undefined);
  if (isCondition && nodeOf(scenario, connection.from)?.kind === "producer")
    complain(
      place,
      "connection/producer-step",
      `A producer handles nothing, so its connections have no "after" and no "on". Remove them.`,
    );
}

/** The versions that a connection speaks. */
function checkVersions(scenario: Scenario, connection: Connection, place: Place): void {
  const check = (contractId: string, version: string | undefined, at: Place): void => {
    const element = elementOf(scenario, contractId);
    if (element?.type !== "contract" || versionOf(element.value, version) !== undefined) return;
    const names = versionsOf(element.value).map(({ contractVersion }) => contractVersion);
    complain(
      at,
      "connection/version",
      `${element.value.name} has no version "${version}". Choose one of ${names.join(", ")}.`,
    );
  };
  if (connection.kind === "publish" || connection.kind === "call")
    check(connection.contract, connection.contractVersion, inside(place, "contractVersion"));
  if (connection.kind === "call")
    check(connection.contract, connection.readAs, inside(place, "readAs"));
  if (connection.kind !== "consume") return;
  const reads = inside(place, "reads");
  for (const [id, version] of Object.entries(connection.reads ?? {})) {
    if (elementOf(scenario, id)?.type === "contract") check(id, version, inside(reads, id));
    else
      complain(
        inside(reads, id),
        "connection/reads",
        `There is no contract "${id}".${suggestion(
          id,
          scenario.contracts.map((contract) => contract.id),
        )} Name another, or remove the line.`,
      );
  }
}

function checkDuplicates(scenario: Scenario, connections: Place): void {
  const seen = new Map<string, Connection>();
  for (const [i, connection] of scenario.connections.entries()) {
    const { kind, from, to } = connection;
    if (kind === "publish" || kind === "call" || kind === "bridge") continue;
    const key = `${kind} ${from} ${to}`;
    const earlier = seen.get(key);
    seen.set(key, connection);
    // A queue may be bound to an exchange more than once, each time by other rules.
    const differs =
      kind === "bind" && !isEqual(earlier?.parameters ?? {}, connection.parameters ?? {});
    if (earlier !== undefined && !differs)
      complain(
        on(inside(connections, i), connection.id),
        "connection/duplicate",
        duplicateReason(scenario, kind, from, to),
      );
  }
}

function checkCycle(scenario: Scenario, connections: Place): void {
  const cycle = callCycle(scenario);
  if (cycle === undefined) return;
  const [from, to] = cycle;
  const index = scenario.connections.findIndex(
    (connection) => connection.kind === "call" && connection.from === from && connection.to === to,
  );
  const element = scenario.connections[index]?.id ?? "";
  complain(
    on(inside(connections, index), element),
    "connection/cycle",
    cycleReason(scenario, cycle),
  );
}
