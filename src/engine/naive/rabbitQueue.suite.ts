// A queue of the naive RabbitMQ: its copies as arrays, its consumers, and what it does with both.

import type { NaiveRabbit } from "./rabbit.suite.ts";
import {
  channelCalled,
  type Consumer,
  type Copy,
  type Death,
  type DeathReason,
  type Held,
  queuesBehind,
  queueValues,
} from "./rabbitThings.suite.ts";
import type { Channel } from "../../model/scenario.ts";
import { cancel, type Timer } from "./eventArray.suite.ts";
import type { Account, Delivery, Message } from "./things.suite.ts";

/** What became of a copy that was offered to a queue. */
export type Offer = "taken" | "waits" | "queue-node-down" | "maxlen";

/** A copy as it is offered, before a queue has it. */
export type Arrival = Pick<
  Copy,
  "message" | "routingKey" | "isPersistent" | "lifetimeNs" | "deaths"
>;

/** What waits while the queue does not work, and who is told. */
interface Waiting {
  readonly arrival: Arrival;
  readonly answer: ((offer: Offer) => void) | undefined;
}

/** One queue. */
export class NaiveQueue {
  readonly channel: Channel;
  readonly account: Account;
  readonly isQuorum: boolean;
  readonly deliveryLimit: number;
  readonly hasSingleConsumer: boolean;
  /** Nodes that hold it. */
  readonly members: readonly number[];
  leader: number | undefined;
  /** Rises whenever a leader is lost. */
  term = 0;
  ttlNs: number;
  maxLength: number;
  /** Came back from consumers, when the queue does not put such copies where they were. */
  returned: Copy[] = [];
  /** Ready copies in order of position. */
  ready: Copy[] = [];
  /** Copies sent to a consumer and not yet there. */
  onTheWire = 0;
  pending: Waiting[] = [];
  /** All consumers in order of joining, where only the first one is served. */
  singles: Consumer[] = [];
  /** Consumers with room, in turn. */
  #turns: Consumer[] = [];
  readonly #rabbit: NaiveRabbit;
  readonly #values: ReturnType<typeof queueValues>;
  #positions = 0;
  #isWorking = false;
  #shallRepeat = false;
  #timer: Timer | undefined;

  constructor(rabbit: NaiveRabbit, channel: Channel, place: { position: number; nodes: number }) {
    const values = queueValues(channel.parameters);
    this.#rabbit = rabbit;
    this.#values = values;
    this.channel = channel;
    this.account = rabbit.world.openAccount(channel.id, undefined);
    this.isQuorum = values["x-queue-type"] === "quorum";
    const group = Math.min(values["x-quorum-initial-group-size"], place.nodes);
    this.members = Array.from(
      { length: this.isQuorum ? group : 1 },
      (_, i) => (place.position + i) % place.nodes,
    );
    this.leader = this.members[0];
    this.deliveryLimit = this.isQuorum ? values["x-delivery-limit"] : -1;
    this.hasSingleConsumer = values["x-single-active-consumer"];
    this.ttlNs = lifetimeNs(values["x-message-ttl"]);
    this.maxLength = values["x-max-length"] ?? Infinity;
  }

  size(): number {
    return this.returned.length + this.ready.length;
  }

  /** Payload of what is ready. */
  #bytes(): number {
    return [...this.returned, ...this.ready].reduce((sum, { message }) => sum + message.size, 0);
  }

  #maxBytes(): number {
    return this.#values["x-max-length-bytes"] ?? Infinity;
  }

  /** The copy that is next. */
  head(): Copy | undefined {
    return this.returned[0] ?? this.ready[0];
  }

  /** What `offer` would answer now. */
  wouldTake(message: Message): Offer {
    const standstill = this.#rabbit.standstill(this);
    if (standstill === "node-down") return "queue-node-down";
    if (standstill !== "") return "waits";
    if (this.#values["x-overflow"] === "drop-head") return "taken";
    const isFull =
      this.size() + 1 > this.maxLength || this.#bytes() + message.size > this.#maxBytes();
    return isFull ? "maxlen" : "taken";
  }

  /** Offers a copy; `answer` is told later when it has to wait. */
  offer(arrival: Arrival, answer: ((offer: Offer) => void) | undefined): Offer {
    const offer = this.wouldTake(arrival.message);
    if (offer === "queue-node-down" || (offer === "maxlen" && !this.#passesOn())) return offer;
    this.#rabbit.world.retain(arrival.message);
    if (offer === "waits") this.pending.push({ arrival, answer });
    else this.#book(arrival, offer);
    return offer;
  }

  /** Whether it would have a dead letter; else why not. */
  refusal(message: Message, deaths: readonly Death[]): string {
    if (isCircle(deaths, this.channel.id)) return "cycle";
    const offer = this.wouldTake(message);
    return offer === "taken" || offer === "waits" || this.#passesOn() ? "" : offer;
  }

  /** It works again. */
  resume(): void {
    const waiting = this.pending;
    this.pending = [];
    for (const { arrival, answer } of waiting) {
      const offer = this.wouldTake(arrival.message);
      answer?.(offer);
      if (offer === "taken" || (offer === "maxlen" && this.#passesOn())) this.#book(arrival, offer);
      else this.#rabbit.world.release(arrival.message);
    }
    this.work("return");
  }

  /** Sends what can be sent, drops what has expired or is too much. After an arrival consumers come first, after a
   *  return the limits do. */
  work(after: "arrival" | "return" | "room"): void {
    if (this.#rabbit.standstill(this) !== "") return;
    this.#shallRepeat = this.#isWorking;
    if (this.#isWorking) return;
    this.#isWorking = true;
    do {
      this.#shallRepeat = false;
      if (after === "return") {
        this.#trim();
        this.#expire();
      }
      this.#dispatch();
      if (after === "arrival") this.#trim();
      this.#expire();
    } while (this.#shallRepeat);
    this.#isWorking = false;
    this.#watchHead();
  }

  /** Puts a copy back that a consumer had. */
  putBack(copy: Copy, why: string): void {
    if (!this.isQuorum) {
      const place = this.ready.findIndex(({ position }) => position >= copy.position);
      this.ready.splice(place < 0 ? this.ready.length : place, 0, copy);
    } else if (this.deliveryLimit < 0 && why === "requeued") this.#append(copy);
    else this.returned.push(copy);
  }

  /** Loses what was not on disk. */
  loseTransient(): void {
    const lost = [...this.returned, ...this.ready].filter(({ isPersistent }) => !isPersistent);
    this.returned = this.returned.filter(({ isPersistent }) => isPersistent);
    this.ready = this.ready.filter(({ isPersistent }) => isPersistent);
    for (const copy of lost) {
      this.#rabbit.world.gone(this.account, copy.message, "dropped", "transient-lost");
      this.#rabbit.world.release(copy.message);
    }
  }

  /** Puts a consumer at the end of the turn when it has room, or takes it out when it has none. */
  refresh(consumer: Consumer): void {
    const hasRoom = consumer.isEnabled && consumer.held.length < consumer.window;
    const isThere = this.#turns.includes(consumer);
    if (hasRoom && !isThere) this.#turns.push(consumer);
    if (!hasRoom) this.#turns = this.#turns.filter((other) => other !== consumer);
  }

  /** What happens to a copy that leaves the queue for good, now that it is its turn. */
  bury(copy: Copy, delivery: Delivery | undefined, reason: DeathReason): void {
    const { world } = this.#rabbit;
    const { channel } = this;
    const called = this.#values["x-dead-letter-exchange"];
    const stated = this.#values["x-dead-letter-routing-key"];
    const exchange = channelCalled(world.scenario, channel.broker, called);
    const routingKey = stated === "" ? copy.routingKey : stated;
    const targets =
      exchange === undefined || called === ""
        ? []
        : queuesBehind(world.scenario, exchange, routingKey).map((id) => this.#rabbit.queue(id));
    const deaths = [
      { queue: channel.id, reason },
      ...copy.deaths.filter((death) => death.queue !== channel.id || death.reason !== reason),
    ];
    const open = targets.filter((target) => target.refusal(copy.message, deaths) === "");
    if (called === "") {
      this.leaveBooks(copy, delivery, reason === "expired" ? "expired" : "dropped", reason);
    } else if (open.length === 0) {
      const first = targets[0]?.refusal(copy.message, deaths) ?? "unroutable";
      const why = exchange === undefined ? "exchange-missing" : first;
      this.leaveBooks(copy, delivery, "dropped", `dead-letter-${why}`);
    } else {
      this.leaveBooks(copy, delivery, "dead-lettered", reason);
      world.stored(exchange?.id ?? "", copy.message, -1, -1);
      for (const target of open) {
        const { message, isPersistent } = copy;
        const letter = { message, routingKey, isPersistent, lifetimeNs: Infinity, deaths };
        const offer = target.offer(letter, undefined);
        if (offer === "queue-node-down" || offer === "maxlen")
          world.lost(target.channel.id, message, `dead-letter-${offer}`);
      }
    }
    world.release(copy.message);
  }

  /** Books how a copy leaves, from a consumer's hands when there is a delivery. */
  leaveBooks(
    copy: Copy,
    delivery: Delivery | undefined,
    how: "dead-lettered" | "expired" | "dropped",
    reason: string,
  ): void {
    const { world } = this.#rabbit;
    if (delivery === undefined) world.gone(this.account, copy.message, how, reason);
    else if (how === "dead-lettered") world.rejected(delivery, reason);
    else world.discarded(delivery, reason);
  }

  #passesOn(): boolean {
    return this.#values["x-overflow"] === "reject-publish-dlx";
  }

  #book(arrival: Arrival, offer: "taken" | "maxlen"): void {
    const copy: Copy = { ...arrival, attempts: 0, position: -1, expiresNs: Infinity };
    this.#rabbit.world.routed(this.account, copy.message);
    if (offer === "maxlen") return this.#rabbit.die(this, copy, undefined, "maxlen");
    copy.expiresNs = this.#rabbit.world.now() + Math.min(copy.lifetimeNs, this.ttlNs);
    this.#append(copy);
    this.work("arrival");
  }

  #append(copy: Copy): void {
    copy.position = this.#positions++;
    this.ready.push(copy);
  }

  #take(): Copy {
    return (this.returned.length > 0 ? this.returned : this.ready).shift()!;
  }

  #dispatch(): void {
    while (this.size() > 0) {
      const best = Math.max(...this.#turns.map(({ priority }) => priority));
      const consumer = this.#turns.find(({ priority }) => priority === best);
      if (consumer === undefined) return;
      const copy = this.#take();
      // It may have expired behind a head that lived longer.
      if (copy.expiresNs < this.#rabbit.world.now())
        this.#rabbit.die(this, copy, undefined, "expired");
      else this.#send(copy, consumer);
    }
  }

  #send(copy: Copy, consumer: Consumer): void {
    const sinceNs = this.#rabbit.world.now();
    const held: Held = {
      copy,
      consumer,
      sinceNs,
      isLive: true,
      delivery: undefined,
      isAnswered: false,
    };
    copy.attempts++;
    this.onTheWire++;
    consumer.held.push(held);
    // The turn has passed on; with room left it comes again after the others.
    this.#turns = this.#turns.filter((other) => other !== consumer);
    this.refresh(consumer);
    this.#rabbit.world.events.after(consumer.latencyNs, () => this.#rabbit.arrive(this, held));
  }

  #trim(): void {
    if (this.#values["x-overflow"] !== "drop-head") return;
    while (this.size() > this.maxLength || this.#bytes() > this.#maxBytes())
      this.#rabbit.die(this, this.#take(), undefined, "maxlen");
  }

  /** Only the head is looked at: what has expired behind it waits. */
  #expire(): void {
    while ((this.head()?.expiresNs ?? Infinity) <= this.#rabbit.world.now())
      this.#rabbit.die(this, this.#take(), undefined, "expired");
  }

  #watchHead(): void {
    const dueNs = this.head()?.expiresNs ?? Infinity;
    if (dueNs >= (this.#timer?.atNs ?? Infinity)) return;
    cancel(this.#timer);
    this.#timer = this.#rabbit.world.events.after(dueNs - this.#rabbit.world.now(), () => {
      this.#timer = undefined;
      this.work("return");
    });
  }
}

/** Whether a copy with these deaths would come to a queue again without any consumer having rejected it. */
function isCircle(deaths: readonly Death[], queue: string): boolean {
  const untilRejected = deaths.findIndex(({ reason }) => reason === "rejected");
  const recent = untilRejected < 0 ? deaths : deaths.slice(0, untilRejected);
  return recent.some((death) => death.queue === queue);
}

/** A duration that may be absent [ms] in nanoseconds. */
export function lifetimeNs(ms: number | null): number {
  return ms === null ? Infinity : Math.round(ms * 1e6);
}
