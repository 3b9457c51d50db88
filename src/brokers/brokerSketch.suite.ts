// A broker as tests write it down, and its complete description. Knows no technology.

import { assert } from "../base/assert.ts";
import { type Parameters as Stated, valuesOf } from "../base/fields.ts";
import type { BrokerConfig, SimulatedTechnology } from "./technology.ts";

/** A broker as a test writes it: ids instead of indices, only the parameters that matter. */
export interface Sketch {
  readonly id?: string;
  readonly parameters?: Stated;
  readonly channels: readonly {
    readonly id: string;
    readonly kind: string;
    readonly name?: string;
    readonly parameters?: Stated;
  }[];
  readonly publishers?: readonly {
    readonly to: string;
    readonly node?: string;
    readonly contract?: string;
    readonly parameters?: Stated;
  }[];
  readonly subscriptions?: readonly {
    readonly from: string;
    readonly node?: string;
    readonly workers?: number;
    readonly parameters?: Stated;
  }[];
  readonly bindings?: readonly {
    readonly from: string;
    readonly to: string;
    readonly parameters?: Stated;
  }[];
}

/** The complete description of a sketched broker. Publishers, subscriptions and bindings are numbered in
 *  order from 0; their ids are "publisher-0", "subscription-0", "binding-0". */
export function describeBroker(technology: SimulatedTechnology, sketch: Sketch): BrokerConfig {
  const indexOf = (id: string) => {
    const index = sketch.channels.findIndex((channel) => channel.id === id);
    assert(index >= 0, `the sketch has no channel "${id}".`);
    return index;
  };
  return {
    id: sketch.id ?? "broker",
    parameters: valuesOf(technology.clusterFields, sketch.parameters ?? {}),
    channels: sketch.channels.map((channel, index) => ({
      index,
      id: channel.id,
      kind: channel.kind,
      name: channel.name ?? channel.id,
      parameters: valuesOf(
        technology.channelKinds[channel.kind]?.fields ?? {},
        channel.parameters ?? {},
      ),
    })),
    publishers: (sketch.publishers ?? []).map((publisher, index) => ({
      index,
      id: `publisher-${index}`,
      channel: indexOf(publisher.to),
      node: publisher.node ?? `producer-${index}`,
      contract: publisher.contract ?? "OrderPlaced",
      parameters: valuesOf(technology.publishFields, publisher.parameters ?? {}),
    })),
    subscriptions: (sketch.subscriptions ?? []).map((subscription, index) => ({
      index,
      id: `subscription-${index}`,
      channel: indexOf(subscription.from),
      node: subscription.node ?? `service-${index}`,
      workers: subscription.workers ?? 1,
      parameters: valuesOf(technology.consumeFields, subscription.parameters ?? {}),
    })),
    bindings: (sketch.bindings ?? []).map((binding, index) => ({
      id: `binding-${index}`,
      from: indexOf(binding.from),
      to: indexOf(binding.to),
      parameters: valuesOf(technology.bindFields, binding.parameters ?? {}),
    })),
  };
}
