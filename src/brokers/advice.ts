// What a technology advises: settings that are allowed and risky, and what to set instead. A technology sees its own
// broker, and what the drawing says about those at the other ends; each keeps its rules in `advice.ts` of its folder.

import type { FieldValue, Parameters } from "../base/fields.ts";
import type { BrokerConfig, ChannelConfig } from "./technology.ts";

/** A parameter of an element with the value that is advised. */
export interface Setting {
  readonly id: string;
  readonly parameter: string;
  readonly value: FieldValue;
}

/** A channel to be made in the same broker; settings and bindings name it by its name. */
export interface AdvisedChannel {
  readonly kind: string;
  readonly name: string;
  readonly parameters?: Parameters;
}

/** One piece of advice about a broker's part. */
export interface BrokerAdvice {
  /** Stable, of the form `kafka/what`. Where the check finds the same, both have one code. */
  readonly code: string;
  /** Id of the broker, channel or connection. */
  readonly element: string;
  /** What is risky, as a sentence. */
  readonly risk: string;
  /** Why, as a sentence. */
  readonly why: string;
  /** What taking it does, for a button. */
  readonly remedy: string;
  readonly settings: readonly Setting[];
  readonly channels?: readonly AdvisedChannel[];
  /** Names of channels, of which the first is to feed the second. */
  readonly bindings?: readonly (readonly [from: string, to: string])[];
  /** What finally fails at this subscription's service is to be published into the channel of this name. */
  readonly setAside?: { readonly subscription: string; readonly into: string };
}

/** What the drawing says about the service behind a subscription. */
export interface ConsumerFacts {
  /** Mean time of one attempt, with calls and writes [ms]. */
  readonly workMs: number;
  /** What an attempt rarely exceeds: mean and three standard deviations of the work [ms]. */
  readonly longWorkMs: number;
  /** Share of attempts that fail by themselves, or whose calls or versions may. */
  readonly mayFail: boolean;
  /** Whether handling leaves something behind: a write, a call, a publication. */
  readonly hasEffect: boolean;
  /** Longest time for which the timeline takes the service down [ms]; 0 for never. */
  readonly downMs: number;
  /** Messages that come to it [1/s]; null where the drawing does not say. */
  readonly arrivalsPerS: number | null;
  /** Messages that its workers can do [1/s]; Infinity where they take no time. */
  readonly capacityPerS: number;
  /** Whether failures of one message already have a way out of it (a publication or dead letters). */
  readonly setsAside: boolean;
}

/** What the drawing says about those who publish over a connection. */
export interface PublisherFacts {
  /** [1/s]; null where the drawing does not say. */
  readonly ratePerS: number | null;
  /** Share of the messages that have the most frequent key. */
  readonly topKeyShare: number;
}

/** What a technology may ask about the drawing around its broker. */
export interface BrokerFacts {
  /** Whether the timeline has nodes of this broker fail. */
  readonly nodesFail: boolean;
  consumer(subscription: string): ConsumerFacts;
  publisher(connection: string): PublisherFacts;
}

/** The rules of a technology. */
export type Adviser = (config: BrokerConfig, facts: BrokerFacts) => readonly BrokerAdvice[];

/** A name that no channel of the broker has, made from a wish. */
export function freeName(config: BrokerConfig, wish: string): string {
  const taken = new Set(config.channels.flatMap(({ id, name }) => [id, name]));
  if (!taken.has(wish)) return wish;
  for (let n = 2; n <= taken.size + 2; n++) if (!taken.has(`${wish}-${n}`)) return `${wish}-${n}`;
  return wish;
}

/** The channel of a subscription or publisher. */
export function channelAt(
  config: BrokerConfig,
  { channel }: { readonly channel: number },
): ChannelConfig | undefined {
  return config.channels.find(({ index }) => index === channel);
}
