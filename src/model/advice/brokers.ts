// What the technologies advise on their own parts, made into advice on the document.

import { advisers } from "../../brokers/advisers.ts";
import type { BrokerAdvice, BrokerFacts, ConsumerFacts } from "../../brokers/advice.ts";
import { brokerConfigOf } from "../brokerConfig.ts";
import { addChannel, addConnection } from "../edit.ts";
import { elementOf, parameterOf } from "../elements.ts";
import { freshId } from "../freshId.ts";
import type { BrokerNode, Scenario } from "../scenario.ts";
import { type Advice, setAll } from "./advice.ts";
import {
  arrivalsPerS,
  attemptMs,
  capacityOf,
  downMs,
  meanAt,
  publishedPerS,
  publishersTo,
  rarelyExceeded,
  topKeyShare,
} from "./facts.ts";

/** What the technologies of a document's brokers advise, broker by broker. */
export function brokerAdvice(scenario: Scenario): readonly Advice[] {
  return scenario.nodes.flatMap((node) => {
    if (node.kind !== "broker") return [];
    const given = advisers[node.technology]?.(
      brokerConfigOf(scenario, node.id),
      factsAround(scenario, node),
    );
    return (given ?? [])
      .filter(({ element }) => elementOf(scenario, element) !== undefined)
      .map((one) => onDocument(one, node));
  });
}

function factsAround(scenario: Scenario, broker: BrokerNode): BrokerFacts {
  return {
    nodesFail: scenario.timeline.some(
      ({ act, target }) => target === broker.id && (act === "crash" || act === "isolate"),
    ),
    consumer: (subscription) => consumerFacts(scenario, subscription),
    publisher: (connection) => {
      const element = elementOf(scenario, connection);
      const from = element?.type === "connection" ? element.value.from : "";
      return {
        ratePerS: publishedPerS(scenario, connection),
        topKeyShare: topKeyShare(scenario, from),
      };
    },
  };
}

function consumerFacts(scenario: Scenario, subscription: string): ConsumerFacts {
  const element = elementOf(scenario, subscription);
  const id = element?.type === "connection" ? element.value.to : "";
  const workMs = attemptMs(scenario, id);
  const outgoing = scenario.connections.filter(({ from }) => from === id);
  const own = meanAt(scenario, id, "serviceTime");
  return {
    workMs,
    longWorkMs: rarelyExceeded(scenario, id, "serviceTime") + (workMs - own),
    mayFail:
      Number(parameterOf(scenario, id, "errorRate")) > 0 ||
      outgoing.some(({ kind }) => kind === "call"),
    hasEffect: outgoing.length > 0,
    downMs: downMs(scenario, id),
    arrivalsPerS: arrivalsPerS(scenario, id),
    capacityPerS: capacityOf(scenario, id),
    setsAside: outgoing.some((step) => step.kind === "publish" && step.on === "failure"),
  };
}

function onDocument(advice: BrokerAdvice, broker: BrokerNode): Advice {
  const { settings, channels = [], bindings = [], setAside, ...words } = advice;
  const mend = (scenario: Scenario): Scenario => {
    const withChannels = channels.reduce((next, { kind, name, parameters }) => {
      const isThere = next.channels.some(
        (channel) => channel.broker === broker.id && (channel.name ?? channel.id) === name,
      );
      if (isThere) return next;
      const id = freshId(next, name);
      const made = { id, broker: broker.id, kind, ...(id !== name && { name }) };
      return addChannel(next, parameters === undefined ? made : { ...made, parameters });
    }, scenario);
    const idOf = (name: string): string =>
      withChannels.channels.find(
        (channel) => channel.broker === broker.id && (channel.name ?? channel.id) === name,
      )?.id ?? name;
    const withBindings = bindings.reduce(
      (next, [from, to]) => bound(next, idOf(from), idOf(to)),
      withChannels,
    );
    const aside =
      setAside === undefined
        ? withBindings
        : setAsideInto(withBindings, setAside.subscription, idOf(setAside.into));
    return setAll(settings)(aside);
  };
  return { ...words, mend };
}

function bound(scenario: Scenario, from: string, to: string): Scenario {
  const isThere = scenario.connections.some(
    (other) => other.kind === "bind" && other.from === from && other.to === to,
  );
  if (isThere) return scenario;
  return addConnection(scenario, {
    id: freshId(scenario, `${from}-${to}`),
    kind: "bind",
    from,
    to,
  });
}

/** The service publishes what finally failed, as the events that it consumes, into a channel. */
function setAsideInto(scenario: Scenario, subscription: string, channel: string): Scenario {
  const element = elementOf(scenario, subscription);
  if (element?.type !== "connection") return scenario;
  const { from, to: service } = element.value;
  const publishers = publishersTo(scenario, from);
  const contracts = new Set(
    scenario.connections.flatMap((one) =>
      one.kind === "publish" && publishers.has(one.id) ? [one.contract] : [],
    ),
  );
  return [...contracts].reduce((next, contract) => {
    const isThere = next.connections.some(
      (one) =>
        one.kind === "publish" &&
        one.from === service &&
        one.to === channel &&
        one.contract === contract,
    );
    if (isThere) return next;
    return addConnection(next, {
      id: freshId(next, `${service}-sets-aside`),
      kind: "publish",
      from: service,
      to: channel,
      contract,
      after: [contract],
      on: "failure",
    });
  }, scenario);
}
