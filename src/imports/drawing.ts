// A drawing that grows: nodes, channels and connections get ids once, and what several documents say about one of them
// is added to it.

import { createId } from "../base/ids.ts";
import type { Parameters } from "../base/fields.ts";
import { listMax, textMax } from "../model/limits.ts";
import type {
  BrokerNode,
  Channel,
  Connection,
  Node,
  Origin,
  SecurityScheme,
} from "../model/scenario.ts";
import { originsOf } from "./contracts.ts";
import type { Spot } from "./references.ts";
import { clipped } from "./wording.ts";

/** What all elements have; origins are added while it grows. */
interface Growing {
  readonly spots: Spot[];
}

/** What is known about an element when it is drawn. */
export interface Sketch {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly parameters?: Parameters;
  readonly spots: readonly Spot[];
}

type Kept = Pick<Channel, "name" | "description" | "parameters" | "origins">;

/** Elements in the order in which they were first seen. */
export class Drawing {
  private readonly ids = new Set<string>(["run"]);
  private readonly nodes = new Map<
    string,
    Growing & { readonly make: (origins: Kept) => Node } & {
      sketch: Sketch;
      security?: SecurityScheme | undefined;
    }
  >();
  private readonly channels = new Map<
    string,
    Growing & { readonly base: Pick<Channel, "id" | "broker" | "kind">; sketch: Sketch }
  >();
  private readonly connections = new Map<
    string,
    Growing & { readonly base: Connection; sketch: Sketch }
  >();

  /** An id close to a wish, never given again. */
  freshId(wish: string): string {
    const id = createId(wish, (one) => this.ids.has(one));
    this.ids.add(id);
    return id;
  }

  /** Draws a producer or service. */
  addApplication(kind: "producer" | "service", sketch: Sketch): string {
    const id = this.freshId(sketch.name ?? kind);
    this.nodes.set(id, {
      make: (kept) => ({ id, kind, ...kept }),
      sketch,
      spots: [...sketch.spots],
    });
    return id;
  }

  /** Draws a broker. */
  addBroker(technology: BrokerNode["technology"], sketch: Sketch): string {
    const id = this.freshId(sketch.name ?? "broker");
    this.nodes.set(id, {
      make: (kept) => ({ id, kind: "broker", technology, ...kept }),
      sketch,
      spots: [...sketch.spots],
    });
    return id;
  }

  /** Changes the parameters of a node that was drawn. */
  setParameters(id: string, parameters: Parameters): void {
    const node = this.nodes.get(id);
    if (node !== undefined) node.sketch = { ...node.sketch, parameters };
  }

  /** Says how clients of a broker or service that was drawn prove who they are; what was said first stays. */
  secure(id: string, security: SecurityScheme | undefined): void {
    const node = this.nodes.get(id);
    if (node !== undefined) node.security ??= security;
  }

  /** Draws a channel of a broker, or finds the one that was drawn under the same identity. */
  channel(
    identity: string,
    base: Pick<Channel, "broker" | "kind">,
    sketch: Sketch,
  ): { readonly id: string; readonly isNew: boolean } {
    const known = this.channels.get(identity);
    if (known !== undefined) {
      known.spots.push(...sketch.spots);
      known.sketch = { ...sketch, ...withoutNothing(known.sketch) };
      return { id: known.base.id, isNew: false };
    }
    const id = this.freshId(sketch.name ?? base.kind);
    this.channels.set(identity, { base: { id, ...base }, sketch, spots: [...sketch.spots] });
    return { id, isNew: true };
  }

  /** Draws a connection, or adds to the one that says the same. `make` gets its id. */
  connect(identity: string, make: (id: string) => Connection, sketch: Sketch): void {
    const known = this.connections.get(identity);
    if (known !== undefined) {
      known.spots.push(...sketch.spots);
      known.sketch = { ...sketch, ...withoutNothing(known.sketch) };
      return;
    }
    const id = this.freshId(identity.replace(/[^\w]+/gu, "-"));
    this.connections.set(identity, { base: make(id), sketch, spots: [...sketch.spots] });
  }

  /** The elements, without what a document has no room for. */
  finish(): {
    readonly nodes: readonly Node[];
    readonly channels: readonly Channel[];
    readonly connections: readonly Connection[];
    /** How many elements there was no room for. */
    readonly left: number;
  } {
    const nodes = [...this.nodes.values()].map(({ make, sketch, spots, security }) => ({
      ...make(keptOf(sketch, spots)),
      ...(security !== undefined && { security }),
    }));
    const channels = [...this.channels.values()].map(({ base, sketch, spots }): Channel => ({
      ...base,
      ...keptOf(sketch, spots),
    }));
    const connections = [...this.connections.values()].map(
      ({ base, sketch, spots }): Connection => ({ ...base, ...keptOf(sketch, spots) }),
    );
    const drawnNodes = nodes.slice(0, listMax.nodes);
    const nodeIds = new Set(drawnNodes.map(({ id }) => id));
    const drawnChannels = channels
      .filter(({ broker }) => nodeIds.has(broker))
      .slice(0, listMax.channels);
    const ends = new Set([...nodeIds, ...drawnChannels.map(({ id }) => id)]);
    const drawn = connections
      .filter(({ from, to }) => ends.has(from) && ends.has(to))
      .slice(0, listMax.connections);
    const all = nodes.length + channels.length + connections.length;
    const left = all - drawnNodes.length - drawnChannels.length - drawn.length;
    return { nodes: drawnNodes, channels: drawnChannels, connections: drawn, left };
  }
}

function withoutNothing(sketch: Sketch): Partial<Sketch> {
  return Object.fromEntries(Object.entries(sketch).filter(([, value]) => value !== undefined));
}

function keptOf(sketch: Sketch, spots: readonly Spot[]): Kept {
  const { name, description, parameters } = sketch;
  const origins: readonly Origin[] = originsOf(spots);
  return {
    ...(name !== undefined && { name: clipped(name, textMax.name) }),
    ...(description !== undefined && { description: clipped(description, textMax.description) }),
    ...(parameters !== undefined && Object.keys(parameters).length > 0 && { parameters }),
    ...(origins.length > 0 && { origins }),
  };
}
