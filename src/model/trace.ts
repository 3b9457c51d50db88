// The life of a message as spans: what happened to it, to its cause and to everything that it caused, where, for how long,
// and in whose course. Made from lines of the event log; pure, so that page, terminal and exports read the same spans.

import type { MessageEvent } from "./events.ts";
import type { Outcome } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import type { Span, SpanKind } from "./span.ts";

/** A whole life. */
export interface Trace {
  /** Number of the message without a cause. */
  readonly root: number;
  readonly startNs: number;
  /** Time of the last thing that happened [ns]. */
  readonly endNs: number;
  readonly messages: number;
  /** Each behind the one in whose course it happened, otherwise in order of time. */
  readonly spans: readonly Span[];
}

type Draft = { -readonly [Field in keyof Span]: Span[Field] } & { worker?: number | undefined };

/** What is open of one message. */
class Course {
  publish: Draft | undefined;
  readonly waits: Draft[] = [];
  readonly deliveries: Draft[] = [];
  readonly queues: Draft[] = [];
  readonly works: Draft[] = [];
  readonly pauses: Draft[] = [];
  readonly stores: Draft[] = [];
  readonly calls: Draft[] = [];
  /** All attempts, also those that are over, the latest last. */
  readonly worked: Draft[] = [];
  first: Draft | undefined;
  lastDelivery: Draft | undefined;
  lastCall: Draft | undefined;
}

/** Spans of the lines of a tree, in order of time. Without lines there is no trace. */
export function traceOf(
  records: readonly MessageEvent[],
  root: number,
  scenario: Scenario,
): Trace | undefined {
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const builder = new Builder(scenario);
  for (const record of records) builder.take(record);
  return {
    root,
    startNs: nsOf(first),
    endNs: nsOf(last),
    messages: builder.messages(),
    spans: inOrder(builder.spans),
  };
}

function nsOf({ t }: MessageEvent): number {
  return Math.round(t * 1e9);
}

class Builder {
  readonly spans: Draft[] = [];
  readonly #courses = new Map<number, Course>();
  readonly #from: ReadonlyMap<string, string>;

  constructor(scenario: Scenario) {
    this.#from = new Map(scenario.connections.map(({ id, from }) => [id, from]));
  }

  messages(): number {
    return this.#courses.size;
  }

  take(record: MessageEvent): void {
    const course = this.#courseOf(record.message);
    takers[record.event]?.(record, course, this);
  }

  /** A new span that begins with a line. */
  open(record: MessageEvent, kind: SpanKind, about: Partial<Draft> & { place: string }): Draft {
    const span: Draft = {
      id: this.spans.length,
      parent: -1,
      depth: 0,
      message: record.message,
      contract: record.contract,
      key: record.key,
      kind,
      peer: undefined,
      connection: undefined,
      startNs: nsOf(record),
      endNs: undefined,
      outcome: "normal",
      attempt: record.attempt,
      reason: undefined,
      partition: record.partition,
      offset: record.offset,
      ...about,
    };
    this.spans.push(span);
    this.#courseOf(record.message).first ??= span;
    return span;
  }

  /** Where something is sent from: what it was caused by, in the course of whose handling there. */
  senderOf(record: MessageEvent): { readonly place: string; readonly parent: number } {
    const place = this.#from.get(record.connection ?? "") ?? record.connection ?? "";
    const cause = record.cause === undefined ? undefined : this.#courses.get(record.cause);
    const isHere = (span: Draft): boolean => span.place === place;
    const by =
      cause?.works.findLast(isHere) ?? cause?.worked.findLast(isHere) ?? cause?.first ?? undefined;
    return { place, parent: by?.id ?? -1 };
  }

  #courseOf(message: number): Course {
    let course = this.#courses.get(message);
    if (course === undefined) this.#courses.set(message, (course = new Course()));
    return course;
  }
}

type Taker = (record: MessageEvent, course: Course, builder: Builder) => void;

/** Takes the latest, or the first, span out of a list that fits. */
function takeOut(list: Draft[], fits: (span: Draft) => boolean): Draft | undefined {
  const at = list.findIndex(fits);
  return at < 0 ? undefined : list.splice(at, 1)[0];
}

function close(span: Draft | undefined, record: MessageEvent, outcome?: Outcome): void {
  if (span === undefined || span.endNs !== undefined) return;
  span.endNs = nsOf(record);
  if (outcome !== undefined) span.outcome = outcome;
  if (record.reason !== undefined) span.reason = record.reason;
}

const isOf =
  ({ channel, subscription }: MessageEvent) =>
  (span: Draft): boolean =>
    span.place === channel && (span.connection === undefined || span.connection === subscription);

const atConsumer =
  ({ consumer }: MessageEvent) =>
  (span: Draft): boolean =>
    span.place === consumer;

const byWorker =
  ({ consumer, worker }: MessageEvent) =>
  (span: Draft): boolean =>
    span.place === consumer &&
    (worker === undefined || span.worker === undefined || span.worker === worker);

/** A copy waits from now on. */
const wait: Taker = (record, course, builder) => {
  const { channel = "", subscription } = record;
  const parent = course.publish?.id ?? course.first?.id ?? -1;
  course.waits.push(
    builder.open(record, "wait", {
      place: channel,
      connection: subscription,
      parent,
      attempt: undefined,
    }),
  );
};

/** What a consumer was at with a copy ends without having been finished. */
function stop(course: Course, record: MessageEvent): void {
  for (const list of [course.queues, course.works, course.pauses])
    for (;;) {
      const span = takeOut(list, atConsumer(record));
      if (span === undefined) break;
      close(span, record, list === course.works ? "failure" : undefined);
    }
}

function delivered(record: MessageEvent, course: Course, builder: Builder): void {
  const { channel, subscription, consumer = "", attempt = 1 } = record;
  const waited = takeOut(course.waits, isOf(record));
  close(waited, record);
  const outcome = attempt > 1 ? "redelivery" : "normal";
  const parent = waited?.id ?? course.publish?.id ?? -1;
  const about = {
    place: consumer,
    peer: channel,
    connection: subscription,
    outcome,
    parent,
  } as const;
  const delivery = builder.open(record, "delivery", about);
  course.deliveries.push(delivery);
  course.lastDelivery = delivery;
  course.queues.push(builder.open(record, "queue", { place: consumer, parent: delivery.id }));
}

/** A delivery ends in some way. */
function settle(outcome: Outcome | undefined): Taker {
  return (record, course) => {
    const fits = (span: Draft): boolean =>
      span.place === record.consumer && span.connection === record.subscription;
    close(takeOut(course.deliveries, fits), record, outcome);
  };
}

function returned(record: MessageEvent, course: Course, builder: Builder): void {
  stop(course, record);
  settle("failure")(record, course, builder);
  wait(record, course, builder);
}

/** A copy leaves its channel for good, from wherever it is. */
function leave(outcome: Outcome): Taker {
  return (record, course, builder) => {
    const waited = takeOut(course.waits, isOf(record));
    if (waited !== undefined) return close(waited, record, outcome);
    settle(outcome)(record, course, builder);
    const last = course.lastDelivery;
    // It was rejected a moment ago: that is why.
    if (last?.endNs === nsOf(record)) last.outcome = outcome;
  };
}

function started(record: MessageEvent, course: Course, builder: Builder): void {
  const { consumer = "", attempt, worker } = record;
  close(takeOut(course.queues, atConsumer(record)), record);
  close(takeOut(course.pauses, byWorker(record)), record);
  const within =
    course.deliveries.findLast(atConsumer(record)) ??
    course.calls.findLast(({ peer }) => peer === consumer) ??
    course.first;
  const work = builder.open(record, "work", {
    place: consumer,
    attempt,
    worker,
    parent: within?.id ?? -1,
  });
  course.works.push(work);
  course.worked.push(work);
}

/** An attempt ends. */
function finish(outcome: Outcome | undefined): Taker {
  return (record, course, builder) => {
    // Who was given up before any worker took it leaves the line inside the service.
    const isFromLine = record.worker === undefined && course.queues.some(atConsumer(record));
    const list = isFromLine ? course.queues : course.works;
    const work = takeOut(list, byWorker(record));
    close(work, record, outcome);
    if (record.event !== "retried") return close(takeOut(course.pauses, byWorker(record)), record);
    const { consumer = "", worker } = record;
    const about = { place: consumer, worker, parent: work?.parent ?? -1 };
    course.pauses.push(builder.open(record, "back-off", about));
  };
}

/** A write or read of a store begins. */
function store(kind: "read" | "write"): Taker {
  return (record, course, builder) => {
    const { consumer = "", connection, worker } = record;
    const { place: service } = builder.senderOf(record);
    const work =
      course.works.findLast((span) => span.place === service && span.worker === worker) ??
      course.worked.findLast(({ place }) => place === service);
    const outcome = kind === "read" ? "response" : "write";
    const parent = work?.id ?? -1;
    const about = { place: consumer, peer: service, connection, worker, outcome, parent } as const;
    course.stores.push(builder.open(record, kind, about));
  };
}

const stored: Taker = (record, course) => {
  const { connection, worker } = record;
  const fits = (span: Draft): boolean => span.connection === connection && span.worker === worker;
  close(takeOut(course.stores, fits), record);
};

const requested: Taker = (record, course, builder) => {
  const sender = builder.senderOf(record);
  const { consumer, attempt = 1, connection } = record;
  const before = course.lastCall;
  if (attempt > 1 && before?.endNs !== undefined && before.endNs < nsOf(record)) {
    const about = { ...sender, startNs: before.endNs, endNs: nsOf(record), attempt: undefined };
    builder.open(record, "back-off", about);
  }
  const about = { ...sender, peer: consumer, connection, outcome: "request" } as const;
  course.lastCall = builder.open(record, "call", about);
  course.calls.push(course.lastCall);
};

const arrived: Taker = (record, course, builder) => {
  const { consumer = "" } = record;
  const call = course.calls.findLast(({ peer }) => peer === consumer) ?? course.first;
  const about = { place: consumer, parent: call?.id ?? -1 };
  course.queues.push(builder.open(record, "queue", about));
};

/** An attempt of a call ends, unless its caller waits no longer. */
const answered: Taker = (record, course) => {
  // Who was turned away at the door never came to a worker.
  if (record.reason !== undefined)
    close(takeOut(course.queues, atConsumer(record)), record, "failure");
  if (record.attempt === 0) return;
  const fits = ({ attempt }: Draft): boolean => attempt === record.attempt;
  close(takeOut(course.calls, fits), record, record.reason === undefined ? "response" : "failure");
};

const takers: Readonly<Partial<Record<MessageEvent["event"], Taker>>> = {
  published: (record, course, builder) => {
    const about = {
      ...builder.senderOf(record),
      peer: record.channel,
      connection: record.connection,
    };
    course.publish = builder.open(record, "publish", about);
  },
  confirmed: (record, course) => close(course.publish, record),
  refused: (record, course) => close(course.publish, record, "failure"),
  stored: (record, course) => {
    if (course.publish === undefined || record.partition === undefined) return;
    course.publish.partition = record.partition;
    course.publish.offset = record.offset;
  },
  unroutable: (record, course) => fault(course, record, "unroutable"),
  lost: (record, course) => fault(course, record, "lost"),
  routed: wait,
  delivered,
  returned,
  acknowledged: settle(undefined),
  rejected: (record, course, builder) => {
    stop(course, record);
    settle("dead-letter")(record, course, builder);
  },
  expired: leave("failure"),
  dropped: leave("failure"),
  "dead-lettered": leave("dead-letter"),
  started,
  handled: finish(undefined),
  retried: finish("failure"),
  failed: finish("failure"),
  declined: (record, course) => {
    const work = course.works.find(byWorker(record));
    if (work !== undefined) work.reason = record.reason;
  },
  writing: store("write"),
  reading: store("read"),
  written: stored,
  read: stored,
  requested,
  arrived,
  answered,
  "timed-out": answered,
};

function fault({ publish }: Course, { reason }: MessageEvent, what: string): void {
  if (publish === undefined) return;
  publish.outcome = "failure";
  publish.reason = reason ?? what;
}

/** Each span behind its parent, siblings in order of time; ids are the places in the new list. */
function inOrder(drafts: readonly Draft[]): readonly Span[] {
  const children = new Map<number, Draft[]>();
  for (const draft of drafts) {
    const siblings = children.get(draft.parent);
    if (siblings === undefined) children.set(draft.parent, [draft]);
    else siblings.push(draft);
  }
  const ordered: Span[] = [];
  const open = (children.get(-1) ?? [])
    .toReversed()
    .map((draft) => ({ draft, parent: -1, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { draft, parent, depth } = next;
    const id = ordered.length;
    const { worker: _worker, ...span } = draft;
    ordered.push({ ...span, id, parent, depth });
    for (const child of (children.get(draft.id) ?? []).toReversed())
      open.push({ draft: child, parent: id, depth: depth + 1 });
  }
  return ordered;
}
