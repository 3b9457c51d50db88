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
import { aboutElement } from "./carried.ts";
import { type Extension, type OperationObject, refTo, withoutGaps } from "./document.ts";
import type { Lens } from "./lens.ts";
import { inOrder, messageKey } from "./messageKeys.ts";
import { deedsOf, type Plan, readKeysOf, type Request, requestOf } from "./routes.ts";

/** An operation, and what the document must define for it. */
export interface Deed {
  readonly key: string;
  readonly operation: OperationObject;
  /** Channel key → keys of the messages that pass through it. */
  readonly needs: readonly { readonly channel: string; readonly messages: readonly string[] }[];
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
  const message = messageKey(plan.keys, one.contract, one.contractVersion);
  const config = configAt(plan, one.to);
  const publisher = config?.publishers.find(({ id }) => id === one.id);
  const bindings = manualOf(scenario, one.id)?.asyncapi;
  const content = config && publisher ? bindings?.publish(config, publisher) : undefined;
  const operation = withoutGaps({
    action: "send",
    channel: refTo("channels", one.to),
    ...said(one, `${nameOf(scenario, one.from)} publishes ${contractName(plan, one.contract)}`),
    messages: [refTo("channels", one.to, "messages", message)],
    bindings: content && bindings ? { [bindings.key]: content } : undefined,
    "x-spillway": withoutGaps({
      application: one.from,
      connection: one.id,
      on: one.on,
      after: one.after,
      ...(plan.embed && aboutElement(one)),
    }),
  } as const);
  return { key: one.id, operation, needs: [{ channel: one.to, messages: [message] }] };
}

function consuming(plan: Plan, one: ConsumeConnection): readonly Deed[] {
  const { scenario } = plan;
  const messages = inOrder(plan.keys, readKeysOf(plan.keys, plan.reaching, one));
  const config = configAt(plan, one.from);
  const subscription = config?.subscriptions.find(({ id }) => id === one.id);
  const bindings = manualOf(scenario, one.id)?.asyncapi;
  const content = config && subscription ? bindings?.consume(config, subscription) : undefined;
  const deadLetter = deadLetterRoute(plan, one);
  const operation = withoutGaps({
    action: "receive",
    channel: refTo("channels", one.from),
    ...said(one, `${nameOf(scenario, one.to)} consumes from ${nameOf(scenario, one.from)}`),
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
    "x-spillway": withoutGaps({
      application: one.to,
      connection: one.id,
      ...(plan.embed && aboutElement(one)),
    }),
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
      other.kind === "publish" && other.to === first.to
        ? [messageKey(plan.keys, other.contract, other.contractVersion)]
        : [],
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
  return { channel: target.id, messages: plan.written.get(one.from) ?? [] };
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
  const message = messageKey(plan.keys, one.contract, one.contractVersion);
  const { needs, bindings, ...exchange } = exchangeOf(plan, request, [message]);
  const extension = withoutGaps({
    application: one.from,
    connection: one.id,
    after: one.after,
    ...(plan.embed && aboutElement(one)),
  });
  const operation = {
    action: "send",
    channel: exchange.channel,
    ...said(one, title),
    messages: exchange.messages,
    reply: exchange.reply,
    bindings,
    "x-spillway": extension,
  } as const;
  return [{ key: one.id, operation, needs }];
}

function answering(plan: Plan, request: Request): Deed {
  const { service, contract, key } = request;
  const asked = (plan.carriers.get(contract.id) ?? []).flatMap((one) =>
    one.kind === "call" && one.to === service.id
      ? [messageKey(plan.keys, contract.id, one.readAs)]
      : [],
  );
  const { needs, bindings, ...exchange } = exchangeOf(plan, request, inOrder(plan.keys, asked));
  const operation = {
    action: "receive",
    channel: exchange.channel,
    ...said({}, `${nameOf(plan.scenario, service.id)} answers ${contract.name}`),
    messages: exchange.messages,
    reply: exchange.reply,
    bindings,
    "x-spillway": { application: service.id },
  } as const;
  return { key, operation, needs };
}

// A request and its answer share one HTTP channel.
function exchangeOf(plan: Plan, { key: channel, contract }: Request, messages: readonly string[]) {
  const reply = plan.keys.replies.get(contract.id) ?? "";
  return {
    channel: refTo("channels", channel),
    messages: messages.map((message) => refTo("channels", channel, "messages", message)),
    reply: {
      channel: refTo("channels", channel),
      messages: [refTo("channels", channel, "messages", reply)],
    },
    bindings: { http: { method: "POST", bindingVersion: "0.3.0" } },
    needs: [{ channel, messages: [...messages, reply] }],
  };
}

// Every operation has a description, because linters ask for one: its own, or its title as a sentence.
function said({ description }: { readonly description?: string }, title: string) {
  return { title, description: descriptionLens(title).write(description) };
}

/** The description of a connection on an operation with this title. */
export function descriptionLens(title: unknown): Lens<string | undefined, string> {
  const sentence = `${String(title)}.`;
  return {
    write: (description) =>
      description === undefined || description === "" ? sentence : description,
    read: (text) => (typeof text !== "string" || text === sentence ? undefined : text),
  };
}

function contractName(plan: Plan, contract: string): string {
  return plan.contracts.get(contract)?.name ?? contract;
}

function configAt(plan: Plan, channel: string) {
  return plan.brokers.get(channelOf(plan.scenario, channel)?.broker ?? "");
}
