// The running SQS of one Region: turns what clients and zones do into acts of its parts, and says what it sees. All
// state is in the arena, in the columns of the parts.

import type { FieldValue } from "../../base/fields.ts";
import type { Int32Column } from "../../kernel/arena.ts";
import { DeduplicationWindow } from "../mechanisms/deduplication.ts";
import { ManagedSends, type SendAnswer } from "../mechanisms/managedSends.ts";
import { Quotas } from "../mechanisms/quotas.ts";
import { Zones } from "../mechanisms/zones.ts";
import type { Broker, BrokerConfig, BrokerContext, Departure, Verdict } from "../technology.ts";
import { Contents, LEASE } from "./contents.ts";
import { Pollers } from "./pollers.ts";
import {
  CALL_KINDS,
  CALL_UNITS,
  HEARTBEAT,
  PLANNED,
  POLL,
  Receives,
  RECEIVED,
  SEND_CALLS,
  SETTLED,
} from "./receives.ts";
import { type Numbering, type Settings, settingsOf, toNs } from "./settings.ts";
import { SqsView } from "./view.ts";

/** Timer codes: a dead letter goes back (queue); all from the last one on are those of the sends. */
const MOVE = 7;
const SENDS = 8;

/** How long SQS remembers deduplication ids [ns]. */
const DEDUPLICATION_NS = 300e9;

/** How many dead letters are looked at for one that can go back. */
const LOOKS_MAX = 1000;

/** When to look again after none of them could go back [ns]. */
const NOTHING_TO_MOVE_NS = 60e9;

const reasons = ["message-too-long", "deduplication-id-missing"] as const;
const TOO_LONG = 0;
const NO_ID = 1;

/** SQS in one Region in a run. */
export class SqsBroker implements Broker {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #zones: Zones;
  readonly #quotas: Quotas;
  readonly #contents: Contents;
  readonly #receives: Receives;
  readonly #sends: ManagedSends;
  readonly #ids: DeduplicationWindow;
  readonly #view: SqsView;
  /** Per queue: whether dead letters go back, and whether the timer for the next one is set. */
  readonly #isMoving: Int32Column;
  readonly #moveIsSet: Int32Column;
  /** Cell 0: number of queues whose dead letters go back. */
  readonly #movingCount: Int32Column;

  constructor(config: BrokerConfig, context: BrokerContext) {
    const settings = settingsOf(config);
    const { id, queues } = settings;
    this.#context = context;
    this.#settings = settings;
    this.#zones = new Zones(settings, context);
    this.#quotas = new Quotas(context, `${id}.calls`, quotasOf(settings));
    this.#contents = new Contents(settings, context);
    const pollers = new Pollers(settings, context);
    const parts = {
      settings,
      context,
      contents: this.#contents,
      pollers,
      zones: this.#zones,
      quotas: this.#quotas,
    };
    this.#receives = new Receives(parts);
    this.#ids = new DeduplicationWindow(context.arena, `${id}.ids`, {
      lanes: settings.idLanes,
      windowNs: DEDUPLICATION_NS,
    });
    this.#sends = new ManagedSends(context, this.#zones, {
      firstCode: SENDS,
      owner: {
        rulesOf: (publisher) => settings.publishers[publisher]!.rules,
        take: (publisher, message, isRepeat) => this.#take(publisher, message, isRepeat),
        reasons,
        unavailable: "service-unavailable",
        throttled: "throttled",
        unanswered: "request-timeout",
      },
    });
    this.#isMoving = context.arena.int32(`${id}.isMoving`, queues.length);
    this.#moveIsSet = context.arena.int32(`${id}.moveIsSet`, queues.length);
    this.#movingCount = context.arena.int32(`${id}.movingCount`, 1);
    queues.forEach((queue, at) => this.#setMoving(at, queue.isMoving));
    this.#view = new SqsView(parts);
  }

  start(): void {
    // Workers have joined and their first receives are on the way.
  }

  publish(publisher: number, message: number): void {
    this.#sends.send(publisher, message);
  }

  settle(delivery: number, verdict: Verdict): void {
    this.#receives.settle(delivery, verdict);
  }

  join(subscription: number, worker: number): void {
    this.#receives.join(subscription, worker);
  }

  leave(subscription: number, worker: number, _how: Departure): void {
    this.#receives.leave(subscription, worker);
  }

  wake(code: number, a: number, b: number): void {
    switch (code) {
      case LEASE:
        if (this.#contents.timerFired(a, b)) this.#receives.work(a);
        break;
      case POLL:
        this.#receives.poll(a, b);
        break;
      case PLANNED:
        this.#receives.planned(a);
        break;
      case RECEIVED:
        this.#receives.received(a, b);
        break;
      case SETTLED:
        this.#receives.settled(a, b);
        break;
      case HEARTBEAT:
        this.#receives.heartbeat(a, b);
        break;
      case MOVE:
        this.#moveOne(a);
        break;
      default:
        this.#sends.wake(code, a, b);
    }
    if (this.#movingCount.data[0] !== 0) this.#planMoves();
  }

  crashNode(node: number): void {
    this.#zones.crash(node);
  }

  restartNode(node: number): void {
    this.#zones.restart(node);
  }

  isolateNode(node: number, isolated: boolean): void {
    this.#zones.isolate(node, isolated);
  }

  slowNode(node: number, factor: number): void {
    this.#zones.slow(node, factor);
  }

  set(element: string, parameter: string, value: FieldValue): void {
    const queue = this.#settings.queues.findIndex((one) => one.id === element);
    if (queue < 0) return;
    if (parameter === "VisibilityTimeout")
      this.#contents.visibilityNs.data[queue] = toNs(Number(value));
    if (parameter === "DelaySeconds") this.#contents.delayNs.data[queue] = toNs(Number(value));
    if (parameter === "StartMessageMoveTask") {
      this.#setMoving(queue, value === true);
      this.#planMoves();
    }
  }

  waiting(subscription: number): number {
    return this.#contents.waiting(this.#settings.subscriptions[subscription]!.queue);
  }

  oldestNs(subscription: number): number {
    return this.#view.oldestNs(subscription);
  }

  blocked(subscription: number): string {
    return this.#view.blocked(subscription);
  }

  depths(channel: number): readonly number[] {
    const queue = this.#settings.queues.findIndex((one) => one.channel === channel);
    return queue < 0 ? [] : [this.#contents.waiting(queue)];
  }

  nodes(): readonly { readonly up: boolean; readonly leads: number }[] {
    return this.#view.nodes();
  }

  /** SendMessage has come to the service. */
  #take(publisher: number, message: number, isRepeat: boolean): SendAnswer {
    const settings = this.#settings.publishers[publisher]!;
    const { queue } = settings;
    const { isFifo, sizeMax } = this.#settings.queues[queue]!;
    if (!this.#quotas.take(queue * CALL_KINDS + SEND_CALLS, settings.callUnits)) return "throttled";
    if (this.#context.sizeOf(message) > sizeMax) return TOO_LONG;
    if (settings.lacksId) return NO_ID;
    const isKnown = isFifo && !this.#isNew(publisher, message, isRepeat);
    if (isKnown && isRepeat) return "taken";
    const delayNs = settings.delayNs < 0 ? this.#contents.delayNs.data[queue]! : settings.delayNs;
    if (isKnown) this.#dropDuplicate(queue, message);
    else {
      this.#context.stored(this.#settings.queues[queue]!.channel, message, -1, -1);
      this.#contents.add(queue, message, isFifo ? this.#groupOf(publisher, message) : -1, delayNs);
      this.#receives.work(queue);
    }
    return "taken";
  }

  /** Whether a FIFO queue has not accepted the message's deduplication id within five minutes. */
  #isNew(publisher: number, message: number, isRepeat: boolean): boolean {
    const { deduplication } = this.#settings.publishers[publisher]!;
    const nowNs = this.#context.now();
    // An id of its own is only ever repeated by the SDK.
    if (deduplication.lane < 0)
      return !isRepeat || nowNs - this.#context.publishedNs(message) >= DEDUPLICATION_NS;
    return this.#ids.accept(deduplication.lane, this.#numberOf(deduplication, message), nowNs);
  }

  /** Accepted, and never delivered. */
  #dropDuplicate(queue: number, message: number): void {
    const account = this.#contents.accounts[queue]!;
    this.#context.routed(account, message);
    this.#context.dropped(account, message, "duplicate-id");
  }

  #groupOf(publisher: number, message: number): number {
    const { group, keylessGroup } = this.#settings.publishers[publisher]!;
    const isKeyless = group.usesKey && this.#context.keyOf(message) < 0;
    const lane = isKeyless ? keylessGroup : group.lane;
    return this.#numberOf(group, message) * this.#settings.groupLanes + lane;
  }

  #numberOf(numbering: Numbering, message: number): number {
    return numbering.usesKey ? this.#context.keyOf(message) + 1 : 0;
  }

  #setMoving(queue: number, isMoving: boolean): void {
    const before = this.#isMoving.data[queue]!;
    this.#isMoving.data[queue] = isMoving ? 1 : 0;
    this.#movingCount.data[0]! += this.#isMoving.data[queue] - before;
  }

  #planMoves(): void {
    for (let queue = 0; queue < this.#settings.queues.length; queue++) {
      if (this.#isMoving.data[queue] === 0 || this.#moveIsSet.data[queue] === 1) continue;
      if (this.#contents.queues[queue]!.readyCount() === 0) continue;
      this.#setMove(queue, this.#settings.queues[queue]!.moveNs);
    }
  }

  #moveOne(queue: number): void {
    this.#moveIsSet.data[queue] = 0;
    if (this.#isMoving.data[queue] === 0 || this.#contents.queues[queue]!.readyCount() === 0)
      return;
    const source = this.#contents.moveBack(queue, LOOKS_MAX);
    if (source >= 0) this.#receives.work(source);
    else this.#setMove(queue, NOTHING_TO_MOVE_NS);
  }

  #setMove(queue: number, delayNs: number): void {
    this.#moveIsSet.data[queue] = 1;
    this.#context.schedule(delayNs, MOVE, queue, 0);
  }
}

function quotasOf(settings: Settings) {
  return settings.queues.flatMap(({ callsPerS }) =>
    Array.from({ length: CALL_KINDS }, () => ({
      perS: callsPerS * CALL_UNITS,
      burst: callsPerS * CALL_UNITS,
      refill: "steadily" as const,
    })),
  );
}
