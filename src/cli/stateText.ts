// The state of a run at one instant for a person at a terminal.

import { formatDurationMs } from "../base/units.ts";
import { conditionOf } from "../model/result.ts";
import type { NodeState, PendingState, State } from "../model/state.ts";
import { table } from "./table.ts";

/** Notes that are shown: the last things that happened before the instant. */
const notesMax = 5;

/** The whole state, ending with a line break. */
export function describeState(state: State): string {
  const names = new Map([...state.nodes, ...state.channels].map(({ id, name }) => [id, name]));
  const named = (id: string): string => names.get(id) ?? id;
  const parts = [
    headline(state),
    section("Nodes", nodeRows(state.nodes)),
    section("Channels", channelRows(state)),
    section("Subscriptions", subscriptionRows(state, named)),
    section("Nothing is delivered", blockedRows(state, named)),
    section("Publications without an answer", pendingRows(state.publications, named)),
    section("Calls without an answer", pendingRows(state.calls, named)),
    section(
      "THE BOOKS DO NOT BALANCE",
      state.conservation.violations.map((one) => `  ${one}`),
    ),
    section("What happened last", noteRows(state)),
    [state.ended.sentence, `Seed ${state.seed}, state ${state.stateHash}.`],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function headline(state: State): readonly string[] {
  const { copies, publications, calls } = state.conservation;
  const facts = [
    `${count(copies.waiting)} waiting`,
    `${count(copies.inFlight)} in flight`,
    ...(publications.pending > 0 ? [`${count(publications.pending)} being published`] : []),
    ...(calls.pending > 0 ? [`${count(calls.pending)} calls without an answer`] : []),
  ];
  return [
    state.title === "" ? state.scenario : state.title,
    `At ${state.atSeconds} s, after ${count(state.events)} events: ${facts.join(", ")}.`,
  ];
}

function nodeRows(nodes: readonly NodeState[]): readonly string[] {
  const head = ["", "kind", "state", "busy", "queued", "keys", "behind", "oldest"];
  const rows = nodes.map((node) => [
    node.name,
    node.kind,
    node.workers > 0 || node.members.length > 0 || node.state !== "up" ? stateOfNode(node) : "",
    node.workers > 0 ? `${count(node.busy)} of ${count(node.workers)}` : "",
    count(node.queued),
    count(node.entities),
    count(node.updatesBehind),
    age(node.stalenessSeconds),
  ]);
  return table(head, rows);
}

function stateOfNode({ state, members }: NodeState): string {
  if (members.length === 0) return state;
  const conditions = members.map(conditionOf);
  const several = (condition: string) => conditions.filter((one) => one === condition).length;
  const [down, isolated, slow] = [several("down"), several("isolated"), several("slow")];
  const paused = several("paused");
  const parts = [
    ...(down > 0 ? [`${members.length - down} of ${members.length} up`] : []),
    ...(isolated > 0 ? [`${isolated} cut off`] : []),
    ...(paused > 0 ? [`${paused} paused`] : []),
    ...(slow > 0 ? [`${slow} slow`] : []),
  ];
  if (down === members.length) return "down";
  return parts.length === 0 ? "up" : parts.join(", ");
}

function channelRows(state: State): readonly string[] {
  const rows = state.channels.map((channel) => [
    channel.name,
    channel.kind,
    count(channel.waiting),
    count(channel.inFlight),
    channel.depths.length > 1 ? channel.depths.map(count).join(" ") : "",
  ]);
  return table(["", "kind", "waiting", "in flight", "per partition"], rows);
}

function subscriptionRows(state: State, named: (id: string) => string): readonly string[] {
  const rows = state.subscriptions.map((one) => [
    `${named(one.channel)} → ${named(one.consumer)}`,
    count(one.waiting),
    count(one.inFlight),
    age(one.lagSeconds),
  ]);
  return table(["", "waiting", "in flight", "oldest"], rows);
}

function blockedRows(state: State, named: (id: string) => string): readonly string[] {
  return state.subscriptions
    .filter(({ blocked }) => blocked !== "")
    .map((one) => `  ${named(one.channel)} → ${named(one.consumer)}: ${one.blocked}`);
}

function pendingRows(
  connections: readonly PendingState[],
  named: (id: string) => string,
): readonly string[] {
  const open = connections.filter(({ pending }) => pending > 0);
  return table(
    ["", "pending"],
    open.map(({ from, to, pending }) => [`${named(from)} → ${named(to)}`, count(pending)]),
  );
}

function noteRows({ notes }: State): readonly string[] {
  return notes
    .slice(-notesMax)
    .map(({ t, sentence }) => `  ${formatDurationMs(t * 1000)}: ${sentence}`);
}

function age(seconds: number): string {
  return seconds > 0 ? formatDurationMs(seconds * 1000) : "";
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
