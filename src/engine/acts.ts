// Carrying out what the timeline or a person says: faults and their ends, settings, rollouts.

import { assert } from "../base/assert.ts";
import { parseValue } from "../base/fields.ts";
import { formatValue } from "../base/fieldText.ts";
import { formatNumber } from "../base/units.ts";
import {
  elementOf,
  fieldsOf,
  membersAt,
  nameOf,
  nodeOf,
  obstacleOf,
  technologyOf,
} from "../model/elements.ts";
import { versionsOf } from "../model/contracts.ts";
import { actWords, networkWords } from "../model/actTitle.ts";
import { faultProblem } from "../model/faults.ts";
import { redriveId, redriveProblem } from "../model/redrives.ts";
import type { LiveAct, LiveFault, LiveRedrive } from "../model/result.ts";
import { faultOf, networkProblem } from "../model/networkFault.ts";
import type { Scenario } from "../model/scenario.ts";
import { dealingsOf } from "../model/versions.ts";
import type { InstancedService } from "../nodes/instances.ts";
import type { ServiceRun } from "../nodes/serviceRun.ts";
import type { BridgeRun } from "../nodes/bridgeRun.ts";
import { sideOf } from "../nodes/sideFields.ts";
import type { Component } from "./component.ts";
import type { World } from "./world.ts";

/** Why an act cannot be carried out on a scenario, as a sentence with the remedy; undefined when it can. */
export function actProblem(scenario: Scenario, act: LiveAct): string | undefined {
  const element = elementOf(scenario, act.target);
  if (element === undefined) return `There is no "${act.target}" in this scenario.`;
  if (act.act === "set") return settingProblem(scenario, act);
  if (act.act === "roll out") return rollOutProblem(scenario, act);
  if (act.act === "redrive") return redriveProblem(scenario, act)?.message;
  if (act.act === "network" || act.act === "heal") return networkProblem(scenario, act)?.message;
  return faultProblem(scenario, act)?.message;
}

function rollOutProblem(
  scenario: Scenario,
  { target, contract: id, contractVersion }: Extract<LiveAct, { act: "roll out" }>,
): string | undefined {
  const contract = scenario.contracts.find((one) => one.id === id);
  if (contract === undefined) return `There is no contract "${id}" in this scenario.`;
  const names = versionsOf(contract).map((version) => version.contractVersion);
  if (!names.includes(contractVersion))
    return `${contract.name} has no version "${contractVersion}"; choose one of ${names.join(", ")}.`;
  if (dealingsOf(scenario, target, id).length > 0) return undefined;
  return `${nameOf(scenario, target)} neither writes nor reads ${contract.name}; choose something that does.`;
}

function settingProblem(
  scenario: Scenario,
  act: Extract<LiveAct, { act: "set" }>,
): string | undefined {
  const fields = fieldsOf(scenario, act.target);
  const field = Object.hasOwn(fields, act.parameter) ? fields[act.parameter] : undefined;
  if (field === undefined) return `"${act.target}" has no parameter "${act.parameter}".`;
  if (field.live !== true)
    return `"${field.label}" cannot change while the scenario runs; change it in the drawing and restart.`;
  const value = parseValue(field, act.value);
  if (!value.ok) return value.failure;
  const obstacle = obstacleOf(scenario, act.target, act.parameter);
  return (
    obstacle &&
    `"${field.label}" has no effect while ${obstacle}; choose something else there before the run.`
  );
}

/** Carries out an act that was checked before. */
export function doAct(world: World, act: LiveAct): void {
  world.note(act.target, sentenceOf(world.plan.scenario, act));
  const component = world.components[world.plan.rowOf.node.get(act.target) ?? -1];
  switch (act.act) {
    case "roll out":
      world.versions?.rollOut(act);
      return;
    case "redrive":
      return redrive(world, act);
    case "network":
      return world.network.begin(faultOf(act));
    case "heal":
      return world.network.end(act.target, act.fault);
    case "set":
      if (component?.kind === "producer") component.run.set(act.parameter, Number(act.value));
      else if (component?.kind === "service" || component?.kind === "station")
        component.run.set(act.parameter, act.value);
      else if (component?.kind === "bridge") setAtBridge(world, component.run, act);
      else setElsewhere(world, act);
      return;
    default:
      if (component?.kind === "service") return befallService(world, component.run, act);
      if (component?.kind === "station" || component?.kind === "bridge") {
        if (act.act === "crash") component.run.crash();
        // Who introduces itself to a broker does so before it takes up its work.
        tellBrokers(world, act);
        if (act.act === "restart") component.run.restart();
      }
      if (component?.kind !== "broker") return;
      for (const node of membersAt(world.plan.scenario, act.target, act))
        befall(component, node, act);
  }
}

function redrive(world: World, { target, rate, count = Infinity }: LiveRedrive): void {
  const bridge = world.components[world.plan.rowOf.node.get(redriveId(target)) ?? -1];
  assert(bridge?.kind === "bridge", "a run has a bridge for every redrive that it is told of.");
  bridge.run.redrive(rate, count);
}

/** Brokers into which a service or bridge publishes are told that its process is dead, or comes back. */
function tellBrokers(world: World, { act, target }: LiveFault): void {
  world.plan.scenario.connections.forEach((link, row) => {
    if (link.kind !== "publish" || link.from !== target) return;
    if (act === "crash") world.brokerOf(row).publisherCrashed?.(row);
    if (act === "restart") world.brokerOf(row).publisherRestarts?.(row);
  });
}

function befallService(world: World, run: ServiceRun | InstancedService, fault: LiveFault): void {
  const { member } = fault;
  switch (fault.act) {
    case "crash":
      run.crash(member);
      if (member === undefined) tellBrokers(world, fault);
      return;
    case "restart":
      if (member === undefined) tellBrokers(world, fault);
      return run.restart(member);
    case "pause":
      return run.pause(member);
    case "resume":
      return run.resume(member);
    case "slow":
      return run.slow(fault.factor, member);
    default:
  }
}

function befall(
  { run, faults }: Extract<Component, { kind: "broker" }>,
  node: number,
  fault: LiveFault,
): void {
  switch (fault.act) {
    case "crash":
      run.crashNode(node);
      return;
    case "restart":
      run.restartNode(node);
      return;
    case "slow":
      faults.slow(run, node, fault.factor);
      return;
    default:
      faults.isolate(run, node, fault.act === "isolate");
  }
}

/** What is done, in words: "Payment crashes", "Kafka, broker 1 restarts", "Rate of Customers becomes 35/s". */
function sentenceOf(scenario: Scenario, act: LiveAct): string {
  const name = nameOf(scenario, act.target);
  if (act.act === "set") {
    const field = fieldsOf(scenario, act.target)[act.parameter];
    if (field === undefined) return `${act.parameter} of ${name} changes`;
    return `${field.label} of ${name} becomes ${formatValue(field, act.value)}`;
  }
  if (act.act === "roll out")
    return `${nameOf(scenario, act.contract)} ${act.contractVersion} is rolled out at ${name}`;
  if (act.act === "redrive") return actWords(scenario, act);
  if (act.act === "heal")
    return act.fault === undefined
      ? `The network of ${name} is as before`
      : `Network ${networkWords(scenario, act.fault)} is over`;
  if (act.act === "network") return `Network ${networkWords(scenario, act)}`;
  return `${name}${placeWords(scenario, act)} ${faultWords(act)}`;
}

/** ", broker 1" or ", zone 0"; nothing for a service. */
function placeWords(scenario: Scenario, { target, member, zone }: LiveFault): string {
  if (zone !== undefined) return `, zone ${zone},`;
  const { kind } = nodeOf(scenario, target) ?? {};
  if (kind === "service") return member === undefined ? "" : `, instance ${member},`;
  const isBroker = kind === "broker";
  const node = isBroker ? technologyOf(scenario, target)?.words.node : undefined;
  return node === undefined ? "" : `, ${node} ${member ?? 0}`;
}

function faultWords(fault: LiveFault): string {
  switch (fault.act) {
    case "crash":
      return "crashes";
    case "restart":
      return "restarts";
    case "isolate":
      return "is cut off";
    case "reconnect":
      return "is connected again";
    case "pause":
      return "stands still";
    case "resume":
      return "goes on";
    case "slow":
      return fault.factor === 1
        ? "is as fast as before"
        : `is slow: everything takes ${formatNumber(fault.factor)} times as long`;
  }
}

/** A parameter of a bridge: its own, that of its subscription, or that of its publications. */
function setAtBridge(
  world: World,
  bridge: BridgeRun,
  { target, parameter, value }: Extract<LiveAct, { act: "set" }>,
): void {
  const end = sideOf(parameter);
  const { rowOf, connections } = world.plan;
  if (end === undefined) return bridge.set(parameter, value);
  if (end.side === "source")
    return world.brokerOf(rowOf.connection.get(target)!).set(target, end.name, value);
  connections.forEach(({ drawnAs }, row) => {
    const { id, ...link } = world.plan.scenario.connections[row]!;
    const isPassing = drawnAs === rowOf.connection.get(target) && !("on" in link);
    if (isPassing) world.brokerOf(row).set(id, end.name, value);
  });
}

/** A parameter of a call, or of something that belongs to a broker. */
function setElsewhere(world: World, act: Extract<LiveAct, { act: "set" }>): void {
  const row = world.plan.rowOf.connection.get(act.target);
  if (row !== undefined && world.plan.scenario.connections[row]?.kind === "call") {
    world.calls.set(row, act.parameter, act.value);
    return;
  }
  const broker = brokerNumber(world, act.target);
  const component = world.components[broker];
  if (component?.kind === "broker") component.run.set(act.target, act.parameter, act.value);
}

/** Component number of the broker to which a node, channel or connection belongs; −1 for none. */
function brokerNumber(world: World, id: string): number {
  const { scenario, rowOf, connections } = world.plan;
  const node = rowOf.node.get(id);
  if (node !== undefined) return node;
  const channel = scenario.channels[rowOf.channel.get(id) ?? -1];
  if (channel !== undefined) return rowOf.node.get(channel.broker) ?? -1;
  return connections[rowOf.connection.get(id) ?? -1]?.broker ?? -1;
}
