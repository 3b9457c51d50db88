// Events that nobody takes, and subscriptions to which nothing comes.

import { withoutElements } from "../edit.ts";
import { channelOf, nameOf } from "../elements.ts";
import type { ConsumeConnection, PublishConnection, Scenario } from "../scenario.ts";
import type { Advice } from "./advice.ts";
import { publishersTo } from "./facts.ts";

/** Publications that reach no consumer and no bridge. What is set aside after a failure may wait for a person. */
function unread(scenario: Scenario): readonly PublishConnection[] {
  const taken = new Set(
    scenario.connections.flatMap(({ kind, from }) =>
      kind === "consume" || kind === "bridge" ? [...publishersTo(scenario, from)] : [],
    ),
  );
  return scenario.connections.filter(
    (one): one is PublishConnection =>
      one.kind === "publish" && one.on !== "failure" && !taken.has(one.id),
  );
}

/** Subscriptions to a channel into which nobody publishes. */
function unfed(scenario: Scenario): readonly ConsumeConnection[] {
  return scenario.connections.filter(
    (one): one is ConsumeConnection =>
      one.kind === "consume" && publishersTo(scenario, one.from).size === 0,
  );
}

/** Events that are published and that nobody consumes. */
export function unreadEvents(scenario: Scenario): readonly Advice[] {
  // A consumer in the wrong place is the likelier mistake, and has advice of its own.
  if (unfed(scenario).length > 0) return [];
  return unread(scenario).map(({ id, contract, from, to }) => ({
    code: "advice/event-without-consumer",
    element: id,
    risk: `Nobody consumes ${nameOf(scenario, contract)}, which ${nameOf(scenario, from)} publishes into ${nameOf(scenario, to)}.`,
    why: "It costs a publication and the space in which it is kept, and a contract that one has to keep.",
    remedy: "No longer publish it",
    mend: (next) => withoutElements(next, [id]),
  }));
}

/** Subscriptions that wait for events that nobody publishes there. */
export function unfedConsumers(scenario: Scenario): readonly Advice[] {
  const lost = unread(scenario);
  return unfed(scenario).map((subscription) => {
    const { id, from, to } = subscription;
    const sister = sisterOf(scenario, from, lost);
    const place = nameOf(scenario, from);
    return {
      code: "advice/event-without-publisher",
      element: id,
      risk: `Nobody publishes into ${place}, from which ${nameOf(scenario, to)} consumes.`,
      why:
        sister === undefined
          ? "The subscription waits for ever."
          : `The subscription waits for ever, while nobody takes what is published into ${nameOf(scenario, sister)}.`,
      remedy:
        sister === undefined
          ? "Take the subscription away"
          : `Consume from ${nameOf(scenario, sister)} instead`,
      mend: (next) =>
        sister === undefined ? withoutElements(next, [id]) : consumingFrom(next, id, sister),
    };
  });
}

/** The one channel of the same kind and broker in which events lie that nobody takes. */
function sisterOf(
  scenario: Scenario,
  id: string,
  lost: readonly PublishConnection[],
): string | undefined {
  const place = channelOf(scenario, id);
  const sisters = [...new Set(lost.map(({ to }) => to))].filter((other) => {
    const channel = channelOf(scenario, other);
    return channel?.broker === place?.broker && channel?.kind === place?.kind;
  });
  return sisters.length === 1 ? sisters[0] : undefined;
}

function consumingFrom(scenario: Scenario, id: string, from: string): Scenario {
  return {
    ...scenario,
    connections: scenario.connections.map((one) =>
      one.id === id && one.kind === "consume" ? { ...one, from } : one,
    ),
  };
}
