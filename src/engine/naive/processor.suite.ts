// A stream processor of the naive engine: windows are objects in a list, a checkpoint is a copy of the list.

import { assert } from "../../base/assert.ts";
import { type FieldValue, isDistribution, valuesOf } from "../../base/fields.ts";
import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { ConsumeConnection, Node, PublishConnection } from "../../model/scenario.ts";
import { publishFields } from "../../nodes/connections.ts";
import { processor } from "../../nodes/processor.ts";
import { cancel, type Timer } from "./eventArray.suite.ts";
import { type Delivery, type Message, type NaiveStation, rootOf } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** A window, or an event that waits to be joined. */
interface Window {
  readonly key: string;
  readonly startNs: number;
  readonly endNs: number;
  count: number;
  sum: number;
  /** Held; undefined for an event that waits to be joined. */
  last: Message | undefined;
  isDone: boolean;
  readonly side: number;
}

interface State {
  /** In the order in which they began. */
  windows: Window[];
  /** By subscription: the newest event, and when the latest came [ns]. */
  newestNs: Map<string, number>;
  seenNs: Map<string, number>;
}

interface Task {
  readonly number: number;
  inbox: Delivery[];
  current: Delivery | undefined;
  timer: Timer | undefined;
}

/** The running processor. */
export class NaiveProcessor implements NaiveStation {
  readonly #world: NaiveWorld;
  readonly #id: string;
  readonly #values: ReturnType<typeof valuesOf<typeof processor.fields>>;
  readonly #inputs: readonly ConsumeConnection[];
  readonly #tasks: readonly Task[];
  readonly #counts = new Map<string, number>();
  #time: Sampler;
  #state: State;
  #saved: State;
  readonly #seen = new Set<Message>();
  /** What came since the last checkpoint. */
  #since: { readonly link: ConsumeConnection; readonly message: Message }[] = [];
  #outbox: Message[] = [];
  #isUp = true;
  #checkpoint: Timer | undefined;

  constructor(world: NaiveWorld, node: Node) {
    this.#world = world;
    this.#id = node.id;
    this.#values = valuesOf(processor.fields, node.parameters ?? {});
    this.#inputs = world.scenario.connections.filter(
      (link): link is ConsumeConnection => link.kind === "consume" && link.to === node.id,
    );
    this.#time = createSampler(this.#values.time, world.random(node.id, "time"));
    this.#tasks = Array.from({ length: this.#values.tasks }, (_, number) => {
      return { number, inbox: [], current: undefined, timer: undefined };
    });
    this.#state = { windows: [], newestNs: new Map(), seenNs: new Map() };
    this.#saved = this.#copy(this.#state);
  }

  start(): void {
    this.#measure();
    for (const { number } of this.#tasks)
      for (const link of this.#inputs) this.#world.brokerOf(link.from).join(link, number);
    if (this.#values.guarantee !== "none") this.#planCheckpoint();
  }

  busy(): number {
    return this.#tasks.filter(({ current }) => current !== undefined).length;
  }

  inside(): number {
    return this.#tasks.reduce((sum, { inbox }) => sum + inbox.length, this.busy());
  }

  counts(): Readonly<Record<string, number>> {
    const { length } = this.#state.windows;
    return {
      ...Object.fromEntries(this.#counts),
      ...(length > 0 ? { "open windows": length } : {}),
    };
  }

  deliver(delivery: Delivery): void {
    const task = this.#tasks[delivery.worker]!;
    task.inbox.push(delivery);
    this.#measure();
    this.#goOn(task);
  }

  crash(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    cancel(this.#checkpoint);
    if (this.#since.length > 0) this.#count("rolled back", this.#since.length);
    for (const message of this.#outbox) this.#world.release(message);
    this.#outbox = [];
    const lost = this.#state.windows;
    this.#state = this.#copy(this.#saved);
    this.#letGo(lost);
    for (const task of this.#tasks) {
      cancel(task.timer);
      task.inbox = [];
      task.current = undefined;
      for (const link of this.#inputs)
        this.#world.brokerOf(link.from).leave(link, task.number, "crash");
    }
    this.#measure();
  }

  restart(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    for (const one of this.#since) this.#take(one);
    this.start();
  }

  set(parameter: string, value: FieldValue): void {
    if (parameter !== "time") return;
    assert(isDistribution(value), "a time is a distribution.");
    this.#time = createSampler(value, this.#world.random(this.#id, "time"));
  }

  #goOn(task: Task): void {
    if (task.current !== undefined) return;
    const delivery = task.inbox.shift();
    if (delivery === undefined) return;
    task.current = delivery;
    this.#measure();
    const { message, link } = delivery;
    this.#world.write("started", message, { consumer: this.#id, attempt: 1 });
    const unreadable = this.#world.versions.read(link, message, 1);
    const delayNs = unreadable === "" ? Math.round(this.#time.sample() * 1e6) : 0;
    task.timer = this.#world.events.after(delayNs, () => {
      task.current = undefined;
      this.#handle(delivery, unreadable);
      this.#measure();
      this.#world.brokerOf(delivery.link.from).settle(delivery, "done");
      this.#goOn(task);
    });
  }

  #handle(delivery: Delivery, unreadable: string): void {
    const { message, deliveredNs } = delivery;
    if (unreadable !== "") this.#count("unreadable");
    const isKnown = unreadable === "" && this.#seen.has(message);
    if (isKnown) this.#count("already counted");
    if (unreadable === "" && !isKnown && this.#values.guarantee !== "none") {
      this.#seen.add(message);
      this.#since.push(delivery);
      this.#world.retain(message);
    }
    const isIn = unreadable !== "" || isKnown || this.#take(delivery);
    this.#world.bookHandled(this.#id, message, deliveredNs, unreadable);
    if (isIn) return;
    const late = this.#outputs("failure");
    this.#count(late.length > 0 ? "late, put aside" : "late, dropped");
    this.#publish(late, message);
  }

  #take({ link, message }: Pick<Delivery, "link" | "message">): boolean {
    const { newestNs, seenNs } = this.#state;
    const timeNs = rootOf(message).bornNs;
    newestNs.set(link.id, Math.max(newestNs.get(link.id) ?? -Infinity, timeNs));
    seenNs.set(link.id, this.#world.now());
    const isIn =
      this.#values.operation === "join"
        ? this.#join(link, message, timeNs)
        : this.#aggregate(message, timeNs);
    this.#fire();
    return isIn;
  }

  #watermarkNs(): number {
    const { outOfOrderness, idleAfter } = this.#values;
    const idleNs = idleAfter === null ? Infinity : Math.round(idleAfter * 1e6);
    const isAwake = ({ id }: ConsumeConnection): boolean =>
      this.#world.now() - (this.#state.seenNs.get(id) ?? -Infinity) <= idleNs;
    const newest = this.#inputs
      .filter(isAwake)
      .map(({ id }) => this.#state.newestNs.get(id) ?? -Infinity);
    if (newest.length === 0) return -Infinity;
    return Math.min(...newest) - Math.round(outOfOrderness * 1e6);
  }

  #isGone(endNs: number): boolean {
    return endNs + Math.round(this.#values.lateness * 1e6) <= this.#watermarkNs();
  }

  #aggregate(message: Message, timeNs: number): boolean {
    const spans = this.#spansOf(timeNs);
    const key = keyOf(message);
    let isIn = spans.length === 0;
    for (const span of spans) {
      const touched =
        this.#values.window === "session"
          ? this.#state.windows.filter(
              (one) => one.key === key && one.startNs <= span.endNs && one.endNs >= span.startNs,
            )
          : this.#state.windows.filter((one) => one.key === key && one.startNs === span.startNs);
      const startNs = Math.min(span.startNs, ...touched.map((one) => one.startNs));
      const endNs = Math.max(span.endNs, ...touched.map((one) => one.endNs));
      if (this.#isGone(endNs)) continue;
      isIn = true;
      this.#world.retain(message);
      this.#letGo(touched);
      const window: Window = {
        key,
        startNs,
        endNs,
        count: touched.reduce((sum, { count }) => sum + count, 1),
        sum: touched.reduce((sum, one) => sum + one.sum, message.size),
        last: message,
        isDone: this.#values.window !== "session" && touched.some(({ isDone }) => isDone),
        side: 0,
      };
      const isSame = this.#values.window !== "session" && touched.length === 1;
      if (isSame) this.#state.windows.splice(this.#state.windows.indexOf(touched[0]!), 1, window);
      else {
        const others = this.#state.windows.filter((one) => !touched.includes(one));
        this.#state.windows = [...others, window];
      }
      if (endNs <= this.#watermarkNs()) this.#give(window);
    }
    return isIn;
  }

  /** Windows to which a time belongs, the latest first. */
  #spansOf(timeNs: number): readonly { readonly startNs: number; readonly endNs: number }[] {
    const { window, windowSize, advance, sessionGap } = this.#values;
    if (window === "session")
      return [{ startNs: timeNs, endNs: timeNs + Math.round(sessionGap * 1e6) }];
    const sizeNs = Math.round(windowSize * 1e6);
    const stepNs = window === "hopping" ? Math.round(advance * 1e6) : sizeNs;
    const spans = [];
    for (let n = Math.floor(timeNs / stepNs); n * stepNs + sizeNs > timeNs; n--)
      spans.push({ startNs: n * stepNs, endNs: n * stepNs + sizeNs });
    return spans;
  }

  #give(window: Window): void {
    const result = this.#values.aggregate === "count" ? window.count : window.sum;
    if (result < this.#values.atLeast) return this.#count("below the threshold");
    this.#count(window.isDone ? "corrections" : "results");
    window.isDone = true;
    assert(window.last !== undefined, "a window holds its last event.");
    this.#emit(window.last);
  }

  #join(link: ConsumeConnection, message: Message, timeNs: number): boolean {
    const { joinWithin, pairing } = this.#values;
    const withinNs = Math.round(joinWithin * 1e6);
    const endNs = timeNs + withinNs;
    if (this.#isGone(endNs)) return false;
    const key = keyOf(message);
    const side = link === this.#inputs[0] ? 0 : 1;
    const fitting = this.#state.windows
      .filter((one) => one.key === key && one.side !== side)
      .filter((one) => Math.abs(one.startNs - timeNs) <= withinNs)
      .filter((one) => pairing === "all" || !one.isDone)
      .toSorted((a, b) => a.startNs - b.startNs);
    const partners = pairing === "all" ? fitting : fitting.slice(0, 1);
    for (const partner of partners) {
      partner.isDone = true;
      this.#count("results");
      this.#emit(message);
    }
    const isDone = partners.length > 0;
    if (pairing === "once" && isDone) return true;
    const times = { startNs: timeNs, endNs };
    this.#state.windows.push({ key, ...times, count: 1, sum: 0, last: undefined, isDone, side });
    return true;
  }

  #fire(): void {
    const watermarkNs = this.#watermarkNs();
    const isJoin = this.#values.operation === "join";
    const due = this.#state.windows
      .filter(({ endNs }) => endNs <= watermarkNs)
      .toSorted((a, b) => a.endNs - b.endNs);
    for (const window of due) {
      if (!isJoin && !window.isDone) this.#give(window);
      if (this.#isGone(window.endNs)) {
        if (isJoin && !window.isDone) this.#count("unmatched");
        this.#state.windows = this.#state.windows.filter((one) => one !== window);
        this.#letGo([window]);
      } else window.isDone = true;
    }
  }

  #emit(message: Message): void {
    if (this.#values.guarantee !== "exactly-once") return this.#publish(this.#outputs(""), message);
    this.#world.retain(message);
    this.#outbox.push(message);
  }

  #outputs(on: "failure" | ""): readonly PublishConnection[] {
    return this.#world.scenario.connections.filter(
      (link): link is PublishConnection =>
        link.kind === "publish" &&
        link.from === this.#id &&
        (link.on === "failure") === (on === "failure"),
    );
  }

  #publish(outputs: readonly PublishConnection[], cause: Message): void {
    for (const link of outputs) {
      if (link.after !== undefined && !link.after.includes(cause.link.contract)) continue;
      const { probability } = valuesOf(publishFields, link.parameters ?? {});
      if (this.#world.random(link.id, "probability").uniform() >= probability) continue;
      const message = this.#world.createMessage(link, cause.key, cause);
      message.onOutcome = (failure) => {
        if (failure !== "") this.#count("results refused");
      };
      this.#world.publish(link, message);
    }
  }

  #planCheckpoint(): void {
    const delayNs = Math.round(this.#values.checkpointInterval * 1e6);
    this.#checkpoint = this.#world.events.after(delayNs, () => {
      this.#count("checkpoints");
      const old = this.#saved.windows;
      for (const { message } of this.#since) this.#world.release(message);
      this.#since = [];
      this.#saved = this.#copy(this.#state);
      this.#letGo(old);
      const outbox = this.#outbox;
      this.#outbox = [];
      for (const message of outbox) {
        this.#publish(this.#outputs(""), message);
        this.#world.release(message);
      }
      this.#planCheckpoint();
    });
  }

  /** A copy that holds its events itself. */
  #copy({ windows, newestNs, seenNs }: State): State {
    for (const { last } of windows) if (last !== undefined) this.#world.retain(last);
    return {
      windows: windows.map((window) => ({ ...window })),
      newestNs: new Map(newestNs),
      seenNs: new Map(seenNs),
    };
  }

  #letGo(windows: readonly Window[]): void {
    for (const { last } of windows) if (last !== undefined) this.#world.release(last);
  }

  #count(what: string, several = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + several);
  }

  #measure(): void {
    const busy = this.busy();
    const history = this.#world.histories.get(this.#id)!;
    const nowNs = this.#world.now();
    history.workers.set(nowNs, this.#isUp ? this.#tasks.length : busy);
    history.busy.set(nowNs, busy);
    history.inside.set(nowNs, this.inside());
  }
}

function keyOf({ key }: Message): string {
  return key?.text ?? "";
}
