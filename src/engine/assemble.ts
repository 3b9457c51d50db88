// Puts a world together: a running component for every node of the plan, all of them set out at time 0.

import { formatNumber } from "../base/units.ts";
import { BridgeRun } from "../nodes/bridgeRun.ts";
import { ProducerRun } from "../nodes/producerRun.ts";
import { memberCount } from "../model/elements.ts";
import { ServiceRun } from "../nodes/serviceRun.ts";
import { InstancedService, instanceRows } from "../nodes/instances.ts";
import { InstanceStates } from "../nodes/instanceStates.ts";
import { Inbox } from "../nodes/patterns/inbox.ts";
import type { ServicePlan } from "../nodes/servicePlan.ts";
import { type Mechanism, StoreRun } from "../nodes/storeRun.ts";
import { BridgeVerbs } from "./bridgeContext.ts";
import { BrokerVerbs } from "./brokerContext.ts";
import { Calls } from "./calls.ts";
import { CallsVerbs } from "./callsContext.ts";
import type { Plan } from "./compile.ts";
import { limits } from "./limits.ts";
import { ServiceVerbs } from "./nodeContext.ts";
import { Network } from "./network/network.ts";
import { ProducerVerbs } from "./producerContext.ts";
import { NodeFaults } from "./nodeFaults.ts";
import { StoreVerbs } from "./storeContext.ts";
import { WarmUp } from "./warmUp.ts";
import type { Component } from "./component.ts";
import { codeBits } from "./timerCodes.ts";
import { type RunOptions, World } from "./world.ts";

/** The world of a plan, with every component in it. */
export function createWorld(plan: Plan, options: RunOptions): World {
  const world = new World(plan, options);
  // Behind the calls and the end of the warm-up.
  world.network = new Network(world, plan.components.length + 2);
  plan.components.forEach((component, number) => {
    world.components.push(createComponent(world, component, number, plan.ids[number]!));
  });
  world.connect();
  const callsContext = new CallsVerbs(world, plan.components.length);
  world.calls = new Calls(plan.calls, callsContext, (message) => world.messages.retain(message));
  world.warmUp = new WarmUp(world);
  // A component of its own behind the calls; first of all, so that it comes first at its instant.
  if (plan.warmUpNs > 0)
    world.schedule(plan.warmUpNs, (plan.components.length + 1) << codeBits, 0, 0);
  return world;
}

function createComponent(
  world: World,
  component: Plan["components"][number],
  number: number,
  id: string,
): Component {
  switch (component.kind) {
    case "producer":
      return {
        kind: "producer",
        run: new ProducerRun(component.plan, new ProducerVerbs(world, number, id)),
      };
    case "service":
      return { kind: "service", run: createService(world, component.plan, number) };
    case "station":
      return { kind: "station", run: component.open(new ServiceVerbs(world, number, id)) };
    case "store":
      return {
        kind: "store",
        run: new StoreRun(component.plan, new StoreVerbs(world, number, id), {
          log: world.consistency?.entities[number]?.log,
          mechanisms: mechanismsOf(world, number),
        }),
      };
    case "bridge":
      return {
        kind: "bridge",
        run: new BridgeRun(component.plan, new BridgeVerbs(world, number, id)),
      };
    case "broker":
      return {
        kind: "broker",
        run: component.technology.open(component.config, new BrokerVerbs(world, number, id)),
        faults: new NodeFaults(world.arena, id, memberCount(world.plan.scenario, id)),
      };
  }
}

/** What a store has that counts what it does. */
function mechanismsOf({ consistency }: World, number: number): readonly Mechanism[] {
  const log = consistency?.entities[number]?.log;
  const { locks } = consistency ?? {};
  const lock =
    locks?.isUsedBy(number) === true ? { counts: () => locks.counts(number) } : undefined;
  return [lock, log].filter((one) => one !== undefined);
}

function createService(
  world: World,
  plan: ServicePlan,
  number: number,
): ServiceRun | InstancedService {
  const { id, values } = plan;
  const context = new ServiceVerbs(world, number, id);
  if (values.instances === null) return new ServiceRun(plan, context);
  const instances = instanceRows(values);
  const states = new InstanceStates(world.arena, id, instances);
  const shared = { id, inbox: new Inbox(id, values, plan.handlers.length, context) };
  return new InstancedService(plan, context, {
    states,
    make(instance, concurrency) {
      const own = { ...values, concurrency, autoscaling: "none" } as const;
      const seat = { instance, instances, states };
      return new ServiceRun(
        { ...plan, id: `${id}/${instance}`, values: own },
        new ServiceVerbs(world, number, id, seat),
        shared,
      );
    },
  });
}

/** Sets everything out at time 0. Consumers join first, then brokers set out, then producers: nothing is published
 *  before it can be taken. */
export function startComponents(world: World): void {
  for (const kind of ["service", "station", "bridge", "broker", "store", "producer"] as const)
    for (const component of world.components) if (component.kind === kind) component.run.start();
  const { plan } = world;
  if (!plan.hasMoreFlows) return;
  world.note(
    plan.scenario.connections[plan.flows.at(-1)!.entry]!.id,
    `There are more paths from producers to services than ${formatNumber(limits.flows)}; only of so many are latencies kept.`,
  );
}
