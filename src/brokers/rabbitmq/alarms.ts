// Memory and disk alarms of a RabbitMQ cluster. A node that is short of either blocks the publishers of all nodes, while
// consumers go on, until it is short no longer.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import { formatBytes } from "../../base/units.ts";
import type { Cluster } from "./cluster.ts";
import type { Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** Timer code: nodes look at their memory and disk. */
export const LOOK = 15;

/** How often nodes look [ns]: RabbitMQ's memory_monitor_interval. */
const LOOK_EVERY_NS = 2.5e9;
/** Memory of a node whose queues are empty [bytes]; Spillway's own estimate. */
export const IDLE_MEMORY_BYTES = 100e6;
/** Memory of a message whose body is on disk [bytes]: what the guide to quorum queues says of theirs. */
const ON_DISK_BYTES = 32;
/** Memory of a message that classic queues kept in memory, besides its body [bytes]; Spillway's own estimate. */
const IN_MEMORY_BYTES = 1000;

const MEMORY = 1;
const DISK = 2;

/** The alarms of one cluster. Without memory or disk to look at it is made of nothing. */
export class Alarms {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #cluster: Cluster;
  /** Whether there is memory or disk to look at. */
  readonly watches: boolean;
  /** Per node: what messages take of its memory and disk [bytes]; the sum of its alarms. */
  readonly #memory: Float64Column | undefined;
  readonly #disk: Float64Column | undefined;
  readonly #alarms: Int32Column | undefined;
  /** Cell 0: 1 while publishers are blocked; cell 1: 1 while a look is scheduled. */
  readonly #state: Int32Column | undefined;
  /** Cells: vm_memory_high_watermark [ratio], disk_free_limit [bytes]. May change in a run. */
  readonly #limits: Float64Column | undefined;

  constructor(context: BrokerContext, settings: Settings, cluster: Cluster) {
    this.#context = context;
    this.#settings = settings;
    this.#cluster = cluster;
    const { id, nodes, resources } = settings;
    const { arena } = context;
    this.watches = resources.memoryBytes < Infinity || resources.diskBytes < Infinity;
    if (!this.watches) return;
    this.#memory = arena.float64(`${id}.memory`, nodes);
    this.#disk = arena.float64(`${id}.disk`, nodes);
    this.#alarms = arena.int32(`${id}.alarms`, nodes);
    this.#state = arena.int32(`${id}.alarmState`, 2);
    this.#limits = arena.float64(`${id}.alarmLimits`, 2);
    this.#limits.data[0] = resources.watermark;
    this.#limits.data[1] = resources.diskFreeLimitBytes;
  }

  /** Whether publishers are blocked. */
  isOn(): boolean {
    return this.#state !== undefined && this.#state.data[0] === 1;
  }

  /** A queue keeps one message more (+1) or one less (-1), ready or unacknowledged. */
  count(queue: number, message: number, sign: 1 | -1): void {
    if (!this.watches) return;
    const { members, quorum, stream } = this.#settings.queues[queue]!;
    const size = this.#context.sizeOf(message);
    const isBodyInMemory = !quorum && this.#settings.resources.keepsBodiesInMemory;
    const { traits } = this.#settings.publishers[this.#context.publisherOf(message)]!;
    const isOnDisk = quorum || !isBodyInMemory || traits.persistent;
    const memory = isBodyInMemory ? size + IN_MEMORY_BYTES : stream ? 0 : ON_DISK_BYTES;
    for (const node of members) {
      this.#memory!.data[node]! += sign * memory;
      if (isOnDisk) this.#disk!.data[node]! += sign * size;
    }
    if (sign > 0) this.#lookLater();
  }

  /** Nodes look at their memory and disk. True when publishers are blocked no longer. */
  look(): boolean {
    if (this.#state === undefined) return false;
    const wasOn = this.isOn();
    this.#state.data[1] = 0;
    let isOn = false;
    let keepsAny = false;
    for (let node = 0; node < this.#settings.nodes; node++) {
      this.#lookAt(node);
      isOn ||= this.#alarms!.data[node]! > 0;
      keepsAny ||= this.#memory!.data[node]! + this.#disk!.data[node]! > 0;
    }
    this.#state.data[0] = isOn ? 1 : 0;
    if (isOn || keepsAny) this.#lookLater();
    return wasOn && !isOn;
  }

  /** A limit has changed: 0 is vm_memory_high_watermark [ratio], 1 disk_free_limit [bytes]. */
  setLimit(which: 0 | 1, value: number): void {
    if (this.#limits === undefined) return;
    this.#limits.data[which] = value;
    this.#lookLater();
  }

  /** Why publishers are blocked, as a sentence; "" when they are not. */
  why(): string {
    if (!this.isOn()) return "";
    for (let node = 0; node < this.#settings.nodes; node++) {
      const alarm = this.#alarms!.data[node]!;
      if (alarm === 0) continue;
      const what =
        (alarm & MEMORY) > 0
          ? `memory alarm on node ${node}: ${formatBytes(this.#usedMemory(node))} in use of ${formatBytes(this.#mostMemory())} allowed`
          : `disk alarm on node ${node}: ${formatBytes(Math.max(0, this.#freeDisk(node)))} free of ${formatBytes(this.#limits!.data[1]!)} needed`;
      return `connection.blocked: ${what}`;
    }
    return "";
  }

  #lookAt(node: number): void {
    const alarms = this.#alarms!;
    const isThere = this.#cluster.isInTouch(node);
    const isMemoryShort = isThere && this.#usedMemory(node) > this.#mostMemory();
    const isDiskShort = isThere && this.#freeDisk(node) < this.#limits!.data[1]!;
    const now = (isMemoryShort ? MEMORY : 0) + (isDiskShort ? DISK : 0);
    const before = alarms.data[node]!;
    alarms.data[node] = now;
    for (const [bit, name] of [
      [MEMORY, "memory"],
      [DISK, "disk"],
    ] as const)
      if ((before & bit) !== (now & bit))
        this.#context.note(
          this.#settings.id,
          (now & bit) > 0
            ? `${name} alarm set on node ${node}: publishers are blocked until it clears`
            : `${name} alarm cleared on node ${node}`,
        );
  }

  #usedMemory(node: number): number {
    return IDLE_MEMORY_BYTES + this.#memory!.data[node]!;
  }

  #mostMemory(): number {
    return this.#settings.resources.memoryBytes * this.#limits!.data[0]!;
  }

  #freeDisk(node: number): number {
    return this.#settings.resources.diskBytes - this.#disk!.data[node]!;
  }

  /** At the next multiple of the interval. */
  #lookLater(): void {
    if (this.#state!.data[1] === 1) return;
    this.#state!.data[1] = 1;
    this.#context.schedule(LOOK_EVERY_NS - (this.#context.now() % LOOK_EVERY_NS), LOOK, 0, 0);
  }
}
