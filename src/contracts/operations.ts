// What applications do, as operations: each seen from its own side, with messages that point into their channel.

import { formatDurationMs } from "../base/units.ts";
import { channelOf, nameOf, parametersOf } from "../model/elements.ts";
import { manualOf } from "../model/manual.ts";
import type {
  CallConnection,
  ConsumeConnection,
  Node,
  PublishConnection,
} from "../model/scenario.ts";
import { type Extension, type OperationObject, refTo, withoutGaps } from "./document.ts";
import { deedsOf, type Plan, type Request, requestOf } from "./routes.ts";

/** An operation, and what the document must define for it. */
export interface Deed {
  readonly key: string;
  readonly operation: OperationObject;
  /** Channel key → keys of the messages that pass through it. */
  readonly needs: readonly { readonly channel: string; readonly messages: readonly string[] }[];
}

/** The key of the message that answers a request. */
export function replyKey(requestKey: string): string {
  return `${requestKey}.reply`;
}

/** The operations of one application, in the order of the document. */
export function deedsIn(plan: Plan, application: Node): readonly Deed[] {
  const deeds = deedsOf(plan, application.id);
  return [
    ...deeds.publishes.map((one) => publishing(plan, one)),
    ...deeds.consumes.flatMap((one) => consuming(plan, one)),
    ...deeds.calls.flatMap((one) => calling(plan, one)),
    ...deeds.answers.map((one) => answering(plan, one)),
  ];
}

function publishing(plan: Plan, one: PublishConnection): Deed {
  const { scenario } = plan;
  const message = messageKey(plan, one.contract);
  const config = configAt(plan, one.to);
  const publisher = config?.publishers.find(({ id }) => id === one.id);
  const bindings = manualOf(scenario, one.id)?.asyncapi;
  const content = config && publisher ? bindings?.publish(config, publisher) : undefined;
  const operation = withoutGaps({
    action: "send",
    channel: refTo("channels", one.to),
    title: `${nameOf(scenario, one.from)} publishes ${contractName(plan, one.contract)}`,
    description: one.description,
    messages: [refTo("channels", one.to, "messages", message)],
    bindings: content && bindings ? { [bindings.key]: content } : undefined,
    "x-spillway": withoutGaps({
      application: one.from,
      connection: one.id,
      on: one.on,
      after: one.after?.map((id) => messageKey(plan, id)),
    }),
  } as const);
  return { key: one.id, operation, needs: [{ channel: one.to, messages: [message] }] };
}

function consuming(plan: Plan, one: ConsumeConnection): readonly Deed[] {
  const { scenario } = plan;
  const messages = (plan.reaching.get(one.from) ?? []).map((id) => messageKey(plan, id));
  const config = configAt(plan, one.from);
  const subscription = config?.subscriptions.find(({ id }) => id === one.id);
  const bindings = manualOf(scenario, one.id)?.asyncapi;
  const content = config && subscription ? bindings?.consume(config, subscription) : undefined;
  const deadLetter = deadLetterRoute(plan, one);
  const operation = withoutGaps({
    action: "receive",
    channel: refTo("channels", one.from),
    title: `${nameOf(scenario, one.to)} consumes from ${nameOf(scenario, one.from)}`,
    description: one.description,
    messages: messages.map((key) => refTo("channels", one.from, "messages", key)),
    bindings: content && bindings ? { [bindings.key]: content } : undefined,
    "x-retry": retryOf(plan, one.to),
    "x-deadLetter":
      deadLetter &&
      withoutGaps({
        channel: refTo("channels", deadLetter.channel),
        messages: deadLetter.messages.map((key) =>
          refTo("channels", deadLetter.channel, "messages", key),
        ),
      }),
    "x-spillway": { application: one.to, connection: one.id },
  } as const);
  const needs = [{ channel: one.from, messages }, ...(deadLetter ? [deadLetter] : [])];
  return [{ key: one.id, operation, needs }];
}

// Where a message goes that its consumer gives up: a publication on failure of the service, else the broker's own route.
function deadLetterRoute(plan: Plan, one: ConsumeConnection): Deed["needs"][number] | undefined {
  const onFailure = plan.scenario.connections.filter(
    (other) => other.kind === "publish" && other.from === one.to && other.on === "failure",
  );
  const first = onFailure.at(0);
  if (first !== undefined) {
    const contracts = onFailure.flatMap((other) =>
      other.kind === "publish" && other.to === first.to ? [messageKey(plan, other.contract)] : [],
    );
    return { channel: first.to, messages: [...new Set(contracts)] };
  }
  const config = configAt(plan, one.from);
  const channel = config?.channels.find(({ id }) => id === one.from);
  const target =
    config && channel
      ? manualOf(plan.scenario, one.from)?.deadLetterTarget?.(config, channel)
      : undefined;
  if (target === undefined) return undefined;
  const reaching = (plan.reaching.get(one.from) ?? []).map((id) => messageKey(plan, id));
  return { channel: target.id, messages: reaching };
}

// The shape of the open proposal for retries of receive operations; durations as ISO 8601.
function retryOf(plan: Plan, service: string): Extension | undefined {
  const { attempts, backoff, backoffMax, jitter } = parametersOf(plan.scenario, service);
  if (typeof attempts !== "number" || attempts <= 1) return undefined;
  const strategy = {
    type: "exponential",
    initialDelay: isoDuration(backoff),
    maxDelay: isoDuration(backoffMax),
    multiplier: 2,
    jitter,
  };
  return { maxAttempts: attempts, strategy };
}

function isoDuration(value: unknown): string {
  return typeof value === "number" ? `PT${value / 1000}S` : "PT0S";
}

function calling(plan: Plan, one: CallConnection): readonly Deed[] {
  const request = requestOf(plan, one);
  if (request === undefined) return [];
  const { timeout } = parametersOf(plan.scenario, one.id);
  const waits = typeof timeout === "number" ? `, waiting ${formatDurationMs(timeout)} at most` : "";
  const title = `${nameOf(plan.scenario, one.from)} calls ${nameOf(plan.scenario, one.to)}${waits}`;
  const { operation, needs } = exchange(plan, request, "send");
  const extension = { application: one.from, connection: one.id };
  return [{ key: one.id, operation: { ...operation, title, "x-spillway": extension }, needs }];
}

function answering(plan: Plan, request: Request): Deed {
  const { operation, needs } = exchange(plan, request, "receive");
  const { id } = request.service;
  const title = `${nameOf(plan.scenario, id)} answers ${request.contract.name}`;
  const extension = { application: id };
  return { key: request.key, operation: { ...operation, title, "x-spillway": extension }, needs };
}

// A request and its answer share one HTTP channel.
function exchange(
  plan: Plan,
  request: Request,
  action: "send" | "receive",
): Pick<Deed, "operation" | "needs"> {
  const channel = request.key;
  const message = messageKey(plan, request.contract.id);
  const reply = replyKey(message);
  const operation = {
    action,
    channel: refTo("channels", channel),
    title: "",
    messages: [refTo("channels", channel, "messages", message)],
    reply: {
      channel: refTo("channels", channel),
      messages: [refTo("channels", channel, "messages", reply)],
    },
    bindings: { http: { method: "POST", bindingVersion: "0.3.0" } },
  };
  return { operation, needs: [{ channel, messages: [message, reply] }] };
}

/** The key of the message of a contract. */
export function messageKey(plan: Plan, contract: string): string {
  return plan.messageKeys.get(contract) ?? contract;
}

function contractName(plan: Plan, contract: string): string {
  return plan.contracts.get(contract)?.name ?? contract;
}

function configAt(plan: Plan, channel: string) {
  return plan.brokers.get(channelOf(plan.scenario, channel)?.broker ?? "");
}
