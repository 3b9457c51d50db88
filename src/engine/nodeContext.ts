// What producers, services and calls may do in a run: the verbs of nodes/context.ts on the world's books.

import { assert } from "../base/assert.ts";
import { msToNs } from "../base/units.ts";
import type { Broker } from "../brokers/technology.ts";
import { createSampler, type Sampler } from "../kernel/distributions.ts";
import type { RandomStream } from "../kernel/random.ts";
import type { NodeContext, ProducerContext, ServiceContext, Waiter } from "../nodes/context.ts";
import type { Attempt, CallPlan, CallsContext } from "./calls.ts";
import { writeTimeOf } from "./compile.ts";
import { limitEnding, limits } from "./limits.ts";
import { codesPerComponent, type World } from "./world.ts";

function nodeContext(world: World, component: number, id: string): NodeContext {
  return {
    arena: world.arena,
    now: () => world.now(),
    schedule: (delayNs, code, a, b) =>
      world.events.schedule(world.after(delayNs), component * codesPerComponent + code, a, b),
    random: (purpose) => world.streams.stream(`${id}/${purpose}`),
  };
}

/** The context of a producer. */
export function createProducerContext(
  world: World,
  component: number,
  id: string,
): ProducerContext {
  return {
    ...nodeContext(world, component, id),
    arrived: () => world.recorder.countHandled(component, world.now()),
    publishFirst(connection, key) {
      const message = world.createMessage(connection, key, -1);
      world.publish(connection, message);
    },
    callFirst(connection, key) {
      const message = world.createMessage(connection, key, -1);
      startCall(world, connection, message, { worker: -1, generation: 0 });
    },
  };
}

function startCall(world: World, connection: number, message: number, waiter: Waiter): number {
  world.ledger.called.data[connection]!++;
  world.ledger.calling.data[connection]!++;
  return world.calls.start(connection, message, waiter);
}

/** The context of a service. */
export function createServiceContext(world: World, component: number, id: string): ServiceContext {
  const { deliveries, messages } = world;
  const keyOf = (message: number): number => messages.key.data[message]!;
  return {
    ...nodeContext(world, component, id),
    ...consumerVerbs(world),
    ...bookVerbs(world, component),
    ...drawings(world, id),
    deliveryNext: deliveries.next,
    contractOf: (message) => messages.contract.data[message]!,
    messageOfDelivery: (delivery) => deliveries.message.data[delivery]!,
    deliveredNs: (delivery) => deliveries.deliveredNs.data[delivery]!,
    messageOfRequest: (request) => world.calls.messageOf(request),
    arrivedNs: (request) => world.calls.arrivedNs(request),
    respond: (request, failure) => world.calls.respond(request, failure),
    publish(connection, cause, worker, generation) {
      const message = world.createMessage(connection, keyOf(cause), cause);
      messages.waiter.data[message] = worker;
      messages.waiterGeneration.data[message] = generation;
      world.publish(connection, message);
    },
    call(connection, cause, worker, generation) {
      const message = world.createMessage(connection, keyOf(cause), cause);
      return startCall(world, connection, message, { worker, generation });
    },
    abandonCall: (call) => world.calls.abandon(call),
    write(connection, message) {
      const store = world.components[world.plan.connections[connection]!.to]!;
      assert(store.kind === "store", "only stores are written.");
      store.run.write(keyOf(message));
      world.ledger.written.data[connection]!++;
      world.recorder.countHandled(world.plan.connections[connection]!.to, world.now());
      world.log("written", message, { consumer: world.plan.scenario.connections[connection]!.to });
      world.move(connection, message, "write");
    },
  };
}

type ConsumerVerbs = Pick<ServiceContext, "join" | "leave" | "settle">;

function consumerVerbs(world: World): ConsumerVerbs {
  const brokerOf = (subscription: number): Broker => {
    const broker = world.components[world.plan.connections[subscription]!.broker]!;
    assert(broker.kind === "broker", "subscriptions belong to brokers.");
    return broker.run;
  };
  return {
    join: (subscription, worker) => brokerOf(subscription).join(subscription, worker),
    leave: (subscription, worker, how) => brokerOf(subscription).leave(subscription, worker, how),
    settle(delivery, verdict) {
      brokerOf(world.deliveries.subscription.data[delivery]!).settle(delivery, verdict);
    },
  };
}

type BookVerbs = Pick<ServiceContext, "started" | "handled" | "retried" | "occupancy">;

function bookVerbs(world: World, component: number): BookVerbs {
  const { messages, recorder } = world;
  const history = recorder.nodes[component]!;
  const consumer = world.plan.scenario.nodes[component]!.id;
  return {
    started(message, attempt) {
      if (world.isLogging()) world.log("started", message, { consumer, attempt });
    },
    handled(message, sinceNs, failure) {
      const now = world.now();
      history.latency.record(now - sinceNs);
      if (failure === "") {
        recorder.countHandled(component, now);
        const entry = messages.entry.data[message]!;
        recorder.completeFlow(entry, component, messages.rootNs.data[message]!, now);
        world.log("handled", message, { consumer });
      } else {
        recorder.countFailed(component, now, failure);
        world.log("failed", message, { consumer, reason: failure });
      }
    },
    retried: (message, reason) => world.log("retried", message, { consumer, reason }),
    occupancy(busy, inside) {
      const now = world.now();
      const service = world.components[component];
      const isUp = service?.kind === "service" && service.run.isUp();
      // A worker that is one too many stays until it is through with its work.
      const workers = isUp ? Math.max(busy, service.run.workers()) : 0;
      if (busy !== history.busy.level()) history.busy.set(now, busy);
      if (workers !== history.workers.level()) history.workers.set(now, workers);
      if (inside !== history.inside.level()) history.inside.set(now, inside);
    },
  };
}

type Drawings = Pick<ServiceContext, "writeNs" | "publishes">;

function drawings(world: World, id: string): Drawings {
  const writeTimes = new Map<number, Sampler>();
  const chances = new Map<number, RandomStream>();
  const component = world.plan.rowOf.node.get(id);
  world.plan.scenario.connections.forEach((link, row) => {
    if (world.plan.connections[row]!.from !== component) return;
    const stream = (purpose: string): RandomStream => world.streams.stream(`${link.id}/${purpose}`);
    if (link.kind === "write")
      writeTimes.set(row, createSampler(writeTimeOf(link), stream("write")));
    if (link.kind === "publish") chances.set(row, stream("probability"));
  });
  return {
    writeNs: (connection) => msToNs(writeTimes.get(connection)!.sample()),
    publishes(connection) {
      // Drawn even when certain, so that changing one probability disturbs no other draw.
      return chances.get(connection)!.uniform() < world.plan.connections[connection]!.probability;
    },
  };
}

/** The context of all calls; they are a component of their own, numbered after the nodes. */
export function createCallsContext(world: World, component: number): CallsContext {
  const { ledger, recorder, messages } = world;
  return {
    ...nodeContext(world, component, "calls"),
    offer(callee, request) {
      const service = world.components[callee]!;
      assert(service.kind === "service", "only services are called.");
      return service.run.accept(request);
    },
    answered(caller, worker, generation, failure) {
      const service = world.components[caller]!;
      if (service.kind === "service") service.run.answered(worker, generation, failure);
    },
    attempted(plan, attempt) {
      const { message, what, reason } = attempt;
      if (what === "requested") ledger.attempts.data[plan.connection]!++;
      if (world.calls.requests() > limits.requests)
        world.ending ??= limitEnding("requests", plan.id);
      if (what === "requested") world.move(plan.connection, message, "request");
      if (what === "answered")
        world.move(plan.connection, message, reason === "" ? "response" : "failure");
      if (world.isLogging()) logAttempt(world, plan, attempt);
    },
    ended(plan, message, failure) {
      const row = plan.connection;
      ledger.calling.data[row]!--;
      if (failure === "") ledger.succeeded.data[row]!++;
      else bookFailedCall(world, row, failure);
      const caller = world.plan.scenario.nodes[plan.caller]!;
      if (caller.kind !== "producer") return;
      if (failure !== "") recorder.countFailed(plan.caller, world.now(), failure);
      else recorder.completeFlow(row, plan.caller, messages.rootNs.data[message]!, world.now());
    },
    releaseMessage: (message) => messages.release(message),
  };
}

function bookFailedCall(world: World, row: number, failure: string): void {
  world.ledger.callFailed.data[row]!++;
  world.ledger.callFailedBy.add(row, failure);
  world.ledger.failures[row]!.add(world.now(), 1);
}

function logAttempt(world: World, plan: CallPlan, about: Attempt): void {
  world.log(about.what, about.message, {
    consumer: world.plan.scenario.nodes[plan.callee]!.id,
    attempt: about.attempt,
    ...(about.reason === "" ? {} : { reason: about.reason }),
  });
}
