// The messages of JetStream's streams: what is stored under which subject, within the limits, and who still needs it. Tells
// its owner before a message goes, so that consumers can let go of it.

import type { Int32Column } from "../../kernel/arena.ts";
import { Texts } from "../../kernel/texts.ts";
import { EntryLogs, entryIntegers } from "../mechanisms/entryLog.ts";
import type { Settings } from "./settings.ts";
import { NOBODY, toNs } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

const I = entryIntegers;

/** Code of the timer that looks for messages that are too old: stream. */
export const EXPIRE = 9;

// Integers of a subject of a stream: its first and last message and their number.
const FIRST = 0;
const LAST = 1;
const COUNT = 2;
const SUBJECT_INTEGERS = 3;

/** What the owner does when a message goes: because of a limit, or because everybody is done with it. */
export type OnGone = (entry: number, reason: string) => void;

/** The messages of all streams. */
export class Store {
  readonly logs: EntryLogs;
  readonly #settings: Settings;
  readonly #context: BrokerContext;
  readonly #onGone: OnGone;
  /** Only where there is a limit per subject: its subjects by number, and their lists. */
  readonly #texts: readonly (Texts | undefined)[];
  readonly #subjects: readonly (Int32Column | undefined)[];
  /** Per stream: whether a look at ages is set. */
  readonly #armed: Int32Array;

  constructor(settings: Settings, context: BrokerContext, onGone: OnGone) {
    const { arena } = context;
    const { id, streams } = settings;
    this.#settings = settings;
    this.#context = context;
    this.#onGone = onGone;
    this.logs = new EntryLogs(arena, `${id}.messages`, streams.length);
    const perSubject = streams.map(({ values }) => values.max_msgs_per_subject !== null);
    this.#texts = perSubject.map((is, at) =>
      is ? new Texts(arena, `${id}.subjects${at}`) : undefined,
    );
    this.#subjects = perSubject.map((is, at) =>
      is ? arena.int32(`${id}.perSubject${at}`) : undefined,
    );
    this.#armed = arena.int32(`${id}.ages`, streams.length).data;
  }

  /** Why a message is refused, in the words of the server; "" when it is not. */
  refusal(stream: number, subject: string, bytes: number): string {
    const { values } = this.#settings.streams[stream]!;
    if (values.discard === "old") return "";
    const { logs } = this;
    if (values.max_msgs !== null && logs.length(stream) >= values.max_msgs)
      return "maximum messages exceeded";
    if (values.max_bytes !== null && logs.bytesOf(stream) + bytes > values.max_bytes)
      return "maximum bytes exceeded";
    const limit = values.max_msgs_per_subject;
    return values.discard_new_per_subject &&
      limit !== null &&
      this.#countOf(stream, subject) >= limit
      ? "maximum messages per subject exceeded"
      : "";
  }

  /** Stores a message; the limits are kept by `trim`. */
  append(stream: number, message: number, subject: string): number {
    const context = this.#context;
    context.retain(message);
    const nowNs = context.now();
    const entry = this.logs.append(stream, message, { nowNs, bytes: context.sizeOf(message) });
    this.#chain(stream, entry, subject);
    this.#arm(stream);
    return entry;
  }

  /** Takes away what is beyond the limits, oldest first. */
  trim(stream: number, newest: number): void {
    const { values } = this.#settings.streams[stream]!;
    const { logs } = this;
    const limit = values.max_msgs_per_subject;
    const column = this.#subjects[stream];
    const tag = logs.rows.integers[newest * I.count + I.tag]!;
    if (limit !== null && column !== undefined)
      while (column.data[tag * SUBJECT_INTEGERS + COUNT]! > limit)
        this.remove(column.data[tag * SUBJECT_INTEGERS + FIRST]!, "max_msgs_per_subject");
    while (values.max_msgs !== null && logs.length(stream) > values.max_msgs)
      this.remove(logs.first(stream), "max_msgs");
    while (values.max_bytes !== null && logs.bytesOf(stream) > values.max_bytes)
      this.remove(logs.first(stream), "max_bytes");
  }

  /** Takes a message out of its stream. */
  remove(entry: number, reason: string): void {
    const { logs } = this;
    const stream = logs.log(entry);
    this.#onGone(entry, reason);
    const message = logs.message(entry);
    this.#unchain(stream, entry);
    logs.remove(entry);
    if (message !== NOBODY) this.#context.release(message);
  }

  /** It is time to look for messages that are too old. */
  expire(stream: number): void {
    const { logs } = this;
    const ageNs = toNs(this.#settings.streams[stream]!.values.max_age ?? 0);
    this.#armed[stream] = 0;
    for (let first = logs.first(stream); first !== NOBODY; first = logs.first(stream)) {
      if (logs.addedNs(first) + ageNs > this.#context.now()) break;
      this.remove(first, "max_age");
    }
    this.#arm(stream);
  }

  /** One consumer is done with a message: where nobody else needs it, its content goes, and by retention the message. */
  done(entry: number): void {
    const { logs } = this;
    if (logs.need(entry, -1) > 0) return;
    const stream = logs.log(entry);
    const { values } = this.#settings.streams[stream]!;
    if (values.retention !== "limits") this.remove(entry, "acknowledged");
    else this.forget(entry);
  }

  /** Nobody needs the content of a message any more. */
  forget(entry: number): void {
    const { logs } = this;
    const stream = logs.log(entry);
    const message = logs.message(entry);
    if (message !== NOBODY) {
      logs.forgetMessage(entry);
      this.#context.release(message);
    }
    if (this.#isLimited(stream)) return;
    for (let first = logs.first(stream); first !== NOBODY; first = logs.first(stream)) {
      if (logs.needs(first) > 0) return;
      logs.archiveFirst(stream);
    }
  }

  #isLimited(stream: number): boolean {
    const { values } = this.#settings.streams[stream]!;
    const { max_msgs, max_bytes, max_age, max_msgs_per_subject, retention } = values;
    const limits = [max_msgs, max_bytes, max_age, max_msgs_per_subject];
    return retention !== "limits" || limits.some((limit) => limit !== null);
  }

  #arm(stream: number): void {
    const age = this.#settings.streams[stream]!.values.max_age;
    const first = this.logs.first(stream);
    if (age === null || first === NOBODY || this.#armed[stream] === 1) return;
    this.#armed[stream] = 1;
    const delayNs = this.logs.addedNs(first) + toNs(age) - this.#context.now();
    this.#context.schedule(Math.max(0, delayNs), EXPIRE, stream, 0);
  }

  #countOf(stream: number, subject: string): number {
    const column = this.#subjects[stream]!;
    const number = this.#texts[stream]!.number(subject);
    const at = number * SUBJECT_INTEGERS + COUNT;
    return at < column.length ? column.data[at]! : 0;
  }

  #chain(stream: number, entry: number, subject: string): void {
    const column = this.#subjects[stream];
    if (column === undefined) return;
    const number = this.#texts[stream]!.number(subject);
    const at = number * SUBJECT_INTEGERS;
    if (at >= column.length) {
      column.resize(at + SUBJECT_INTEGERS);
      column.data[at + FIRST] = NOBODY;
      column.data[at + LAST] = NOBODY;
    }
    const { integers } = this.logs.rows;
    const last = column.data[at + LAST]!;
    integers[entry * I.count + I.tag] = number;
    integers[entry * I.count + I.nextOfTag] = NOBODY;
    integers[entry * I.count + I.previousOfTag] = last;
    if (last === NOBODY) column.data[at + FIRST] = entry;
    else integers[last * I.count + I.nextOfTag] = entry;
    column.data[at + LAST] = entry;
    column.data[at + COUNT]!++;
  }

  #unchain(stream: number, entry: number): void {
    const column = this.#subjects[stream];
    if (column === undefined) return;
    const { integers } = this.logs.rows;
    const at = integers[entry * I.count + I.tag]! * SUBJECT_INTEGERS;
    const next = integers[entry * I.count + I.nextOfTag]!;
    const previous = integers[entry * I.count + I.previousOfTag]!;
    if (previous === NOBODY) column.data[at + FIRST] = next;
    else integers[previous * I.count + I.nextOfTag] = next;
    if (next === NOBODY) column.data[at + LAST] = previous;
    else integers[next * I.count + I.previousOfTag] = previous;
    column.data[at + COUNT]!--;
  }
}
