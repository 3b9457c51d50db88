// What runs in a world, by kind, and what is said of its work.

import type { Broker } from "../brokers/technology.ts";
import type { BridgeRun } from "../nodes/bridgeRun.ts";
import type { InstancedService } from "../nodes/instances.ts";
import type { ProducerRun } from "../nodes/producerRun.ts";
import type { ServiceRun } from "../nodes/serviceRun.ts";
import type { Station } from "../nodes/station.ts";
import type { StoreRun } from "../nodes/storeRun.ts";
import type { NodeFaults } from "./nodeFaults.ts";

/** A running component by kind. */
export type Component =
  | { readonly kind: "producer"; readonly run: ProducerRun }
  | { readonly kind: "service"; readonly run: ServiceRun | InstancedService }
  | { readonly kind: "store"; readonly run: StoreRun }
  | { readonly kind: "station"; readonly run: Station }
  | { readonly kind: "bridge"; readonly run: BridgeRun }
  | { readonly kind: "broker"; readonly run: Broker; readonly faults: NodeFaults };

/** Who takes deliveries. */
export type Consumer = ServiceRun | BridgeRun | Station;

/** What is said of a node's work on a message. */
export interface WorkDetails {
  readonly node: string;
  readonly attempt?: number;
  readonly reason?: string;
  /** Absent or −1 where nobody knows. */
  readonly worker?: number;
  /** Row of the connection. */
  readonly connection?: number;
}
