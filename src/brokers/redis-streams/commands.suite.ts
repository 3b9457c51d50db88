// Streams and groups driven by commands as redis-cli sends them, for tests: entries are messages 0, 1, …, time stands still
// unless it is moved, and there are no books.

import { assert } from "../../base/assert.ts";
import { Arena } from "../../kernel/arena.ts";
import { Groups } from "./groups.ts";
import { formatId, idFault, parseId, type StreamId } from "./ids.ts";
import { Streams, type TrimRule } from "./streams.ts";

const NONE = -1;

const exact: TrimRule = { by: "MAXLEN", approximate: false, references: "KEEPREF", ageMs: 0 };

/** One stream and its groups. */
export class StreamCommands {
  nowNs = 0;
  readonly streams: Streams;
  readonly groups: Groups;
  readonly #names: string[] = [];
  #messages = 0;

  constructor() {
    const arena = new Arena();
    const nodeLimits = { entries: 100, bytes: 4096 };
    this.streams = new Streams(arena, "s", { rules: [exact], nodeLimits });
    this.groups = new Groups(arena, "g", { streams: this.streams, count: 1 });
  }

  /** The id, or the error. */
  xadd(text: string): string {
    const id = parseId(text);
    const fault = id === undefined ? "Invalid stream ID" : idFault(this.streams.lastId(0), id);
    if (fault !== undefined || id === undefined) return `error: ${fault ?? ""}`;
    const entry = this.#add(id);
    return formatId(this.streams.idOf(entry));
  }

  /** As many entries as asked for, with ids 1-0, 2-0, … behind the last one. */
  addMany(count: number): void {
    for (let i = 0; i < count; i++) this.#add({ ms: this.streams.lastId(0).ms + 1, number: 0 });
  }

  #add(id: StreamId): number {
    const entry = this.streams.add(0, this.#messages++, { nowNs: this.nowNs, bytes: 1, id });
    for (let group = this.groups.first(0); group !== NONE; group = this.groups.following(group))
      this.groups.added(group, entry);
    return entry;
  }

  /** XGROUP CREATE at "$", "0" or the id of an entry. */
  create(at: string): number {
    return this.groups.create(0, this.#sequence(at), { account: 0, isReader: false });
  }

  setId(group: number, at: string): void {
    const sequence = this.#sequence(at);
    this.groups.setPlace(group, sequence === "$" ? this.streams.added(0) : sequence);
  }

  #sequence(at: string): number | "$" {
    if (at === "$") return "$";
    return at === "0" ? 0 : this.streams.logs.sequence(this.entry(at));
  }

  entry(id: string): number {
    const { logs } = this.streams;
    let entry = logs.first(0);
    while (entry !== NONE && formatId(this.streams.idOf(entry)) !== id) entry = logs.next(entry);
    assert(entry !== NONE, `there is no entry ${id}.`);
    return entry;
  }

  /** XREADGROUP >, by default without COUNT. */
  read(group: number, consumer: string, about: { count?: number; noack?: boolean } = {}): string[] {
    const ids: string[] = [];
    while (ids.length < (about.count ?? Infinity) && this.groups.next(group) !== NONE) {
      const entry = this.groups.read(group);
      ids.push(formatId(this.streams.idOf(entry)));
      if (about.noack !== true) this.groups.pend(group, entry, this.#reader(consumer), this.nowNs);
    }
    return ids;
  }

  /** XREADGROUP 0: what is pending for a consumer; null where the entry is gone. */
  history(group: number, consumer: string): (string | null)[] {
    const { pending } = this.groups;
    return this.rows(group)
      .filter((row) => pending.reader(row) === this.#reader(consumer))
      .map((row) => {
        const entry = pending.entry(row);
        // What is deleted is shown without its content, and is no delivery.
        if (entry === NONE) return null;
        const reader = pending.reader(row);
        pending.hand(row, { reader, nowNs: this.nowNs, counts: true });
        return formatId(this.streams.idOf(entry));
      });
  }

  /** Rows of a group's pending entries list. */
  rows(group: number): number[] {
    const rows: number[] = [];
    for (let row = this.groups.firstPending(group); row !== NONE;)
      row = this.groups.pending.next(rows[rows.push(row) - 1]!);
    return rows;
  }

  /** Ids that are pending. */
  pendingIds(group: number): string[] {
    return this.rows(group)
      .filter((row) => this.groups.pending.entry(row) !== NONE)
      .map((row) => formatId(this.streams.idOf(this.groups.pending.entry(row))));
  }

  /** How many it has taken off the list. */
  xack(group: number, id: string): number {
    const { pending } = this.groups;
    const row = this.rows(group).find(
      (one) =>
        pending.entry(one) !== NONE && formatId(this.streams.idOf(pending.entry(one))) === id,
    );
    if (row === undefined) return 0;
    pending.takeOut(row);
    pending.free(row);
    return 1;
  }

  /** XAUTOCLAIM: rows that were claimed, and how many ids were found to be deleted. */
  autoclaim(
    group: number,
    consumer: string,
    minIdleMs: number,
    about: { justId?: boolean } = {},
  ): { claimed: string[]; deleted: number } {
    const { pending } = this.groups;
    const claimed: string[] = [];
    let deleted = 0;
    for (const row of this.rows(group)) {
      if (!pending.isIdle(row, this.nowNs, minIdleMs * 1e6)) continue;
      if (pending.entry(row) === NONE) {
        deleted++;
        pending.takeOut(row);
        pending.free(row);
        continue;
      }
      const reader = this.#reader(consumer);
      pending.hand(row, { reader, nowNs: this.nowNs, counts: about.justId !== true });
      claimed.push(formatId(this.streams.idOf(pending.entry(row))));
    }
    return { claimed, deleted };
  }

  /** XGROUP DELCONSUMER: how many were pending for it. */
  deleteConsumer(group: number, consumer: string): number {
    const { pending } = this.groups;
    const own = this.rows(group).filter((row) => pending.reader(row) === this.#reader(consumer));
    for (const row of own) {
      pending.takeOut(row);
      pending.free(row);
    }
    return own.length;
  }

  xdel(id: string): void {
    const entry = this.entry(id);
    this.#lose(entry, "back");
    this.streams.delete(entry, "XDEL");
  }

  xtrim(maxLength: number): void {
    for (let left = this.streams.surplus(0, exact, { maxLength, nowMs: 0 }); left > 0; left--) {
      this.#lose(this.streams.logs.first(0), "front");
      this.streams.trimFirst(0);
    }
  }

  #lose(entry: number, from: "front" | "back"): void {
    const { groups } = this;
    for (let group = groups.first(0); group !== NONE; group = groups.following(group)) {
      const row = groups.pendingOf(group, entry, from);
      if (row !== NONE) groups.pending.loseBody(row);
      else if (!groups.hasRead(group, entry)) groups.skip(group, entry);
    }
  }

  #reader(name: string): number {
    const known = this.#names.indexOf(name);
    return known >= 0 ? known : this.#names.push(name) - 1;
  }
}
