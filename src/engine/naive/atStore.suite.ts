// Waiting at stores in the naive engine: lines for locks, places, and reads that wait for own writes, all of them lists of
// objects that are searched from the front.

import { valuesOf } from "../../base/fields.ts";
import type { ReadConnection, WriteConnection } from "../../model/scenario.ts";
import { readFields, writeFields } from "../../nodes/connections.ts";
import { store } from "../../nodes/store.ts";
import type { Figures } from "./figures.suite.ts";
import type { Job } from "./jobs.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** A connection into a store. */
export type StoreLink = ReadConnection | WriteConnection;

/** A job at a store: how long its operation itself takes (asked once), and what happens at its end and failure. */
export interface Visit {
  readonly job: Job;
  readonly link: StoreLink;
  readonly locks: boolean;
  drawNs(): number;
  wait(delayNs: number, then: () => void): void;
  over(): void;
  fail(reason: string): void;
}

interface Claim {
  readonly job: Job;
  readonly place: string;
  readonly sinceNs: number;
  hasBegun: boolean;
}

interface WaitingRead {
  readonly job: Job;
  readonly link: ReadConnection;
  readonly sinceNs: number;
  isWoken: boolean;
  readonly isThere: () => boolean;
  readonly look: () => void;
}

/** Everybody who waits at a store. */
export class NaiveAtStore {
  readonly #world: NaiveWorld;
  /** Claims in the order in which they were made; the first for a place holds its lock. */
  #claims: Claim[] = [];
  #reads: WaitingRead[] = [];
  /** When the places of each store become free [ns]. */
  readonly #freeNs = new Map<string, number[]>();
  readonly #counts = new Map<string, Record<string, number>>();
  readonly #waits = new Map<string, { waited: number; waitedNs: number; timedOut: number }>();

  constructor(world: NaiveWorld) {
    this.#world = world;
    for (const node of world.scenario.nodes) {
      if (node.kind !== "store") continue;
      const { capacity, versions } = valuesOf(store.fields, node.parameters ?? {});
      if (capacity !== null)
        this.#freeNs.set(
          node.id,
          Array.from({ length: capacity }, () => 0),
        );
      const places = { operations: 0, "waited for a place": 0, "ms waited for a place": 0 };
      const locks = { "locks granted": 0, "after waiting": 0, "ms waited for locks": 0 };
      const failed = { "lock waits given up": 0, deadlocks: 0 };
      const isLocked = world.scenario.connections.some(
        (link) => link.to === node.id && isLocking(link),
      );
      this.#counts.set(node.id, {
        ...(capacity === null ? {} : places),
        ...(versions && isLocked ? { ...locks, ...failed } : {}),
      });
    }
  }

  /** Begins a visit; "under way", or why it fails at once. */
  begin(visit: Visit): string {
    const { job, link } = visit;
    const { key } = job.message;
    if (!visit.locks || key === undefined || !this.#world.data.keepsVersions(link.to))
      return this.#operate(visit);
    this.#world.data.touch(link.to, key);
    const place = `${link.to} ${key.producer}/${key.number}`;
    if (this.#claims.some((one) => one.job === job && one.place === place))
      return this.#operate(visit);
    const first = this.#firstAt(place);
    if (first !== undefined && this.#leadsTo(first.job, job)) {
      this.#count(link.to, "deadlocks", 1);
      return "deadlock";
    }
    const claim = { job, place, sinceNs: this.#world.now(), hasBegun: first === undefined };
    this.#claims.push(claim);
    if (first === undefined) {
      this.#count(link.to, "locks granted", 1);
      return this.#operate(visit);
    }
    this.#onTurn.set(claim, () => {
      if (claim.hasBegun) return;
      claim.hasBegun = true;
      this.#operate(visit);
    });
    this.#world.events.after(this.#timeoutNs(visit), () => this.#giveUp(claim, visit));
    return "under way";
  }

  readonly #onTurn = new Map<Claim, () => void>();

  /** A job lets go of everything. */
  leave(job: Job): void {
    this.#reads = this.#reads.filter((one) => one.job !== job);
    // The latest claim first.
    for (const claim of this.#claims.filter((one) => one.job === job).toReversed())
      this.#remove(claim);
  }

  /** A write lets go of its lock. */
  leaveAfterWrite(job: Job, { to }: WriteConnection): void {
    const { key } = job.message;
    if (key === undefined) return;
    const place = `${to} ${key.producer}/${key.number}`;
    const own = this.#claims.find((one) => one.job === job && one.place === place);
    if (own !== undefined) this.#remove(own);
  }

  /** Whether a read has to wait (under way), may go on (""), or fails. */
  readWaits(job: Job, link: ReadConnection, look: () => void): string {
    const { waits, waitAtMost, whenLate } = valuesOf(readFields, link.parameters ?? {});
    if (!waits || !this.#world.data.keepsVersions(link.to)) return "";
    const known = this.#reads.find((one) => one.job === job && one.link === link);
    const isThere = this.#world.data.awaited(link, job.message, job.knows);
    const nowNs = this.#world.now();
    if (known === undefined) {
      if (isThere === undefined) return "";
      this.#reads.push({ job, link, sinceNs: nowNs, isWoken: false, isThere, look });
      this.#later(job, link, waitAtMost * 1e6);
      return "under way";
    }
    const waitedNs = nowNs - known.sinceNs;
    if (isThere !== undefined && waitedNs < waitAtMost * 1e6) {
      known.isWoken = false;
      return "under way";
    }
    this.#reads = this.#reads.filter((one) => one !== known);
    const figures = this.#waits.get(link.id) ?? { waited: 0, waitedNs: 0, timedOut: 0 };
    this.#waits.set(link.id, figures);
    figures.waited++;
    figures.waitedNs += waitedNs;
    if (isThere === undefined) return "";
    figures.timedOut++;
    return whenLate === "fail" ? "too-old" : "";
  }

  /** Some replica has come further. */
  advanced(): void {
    for (const read of this.#reads) {
      if (read.isWoken || !read.isThere()) continue;
      read.isWoken = true;
      this.#later(read.job, read.link, 0);
    }
  }

  counts(id: string): Readonly<Record<string, number>> {
    return Object.fromEntries(
      Object.entries(this.#counts.get(id) ?? {}).map(([what, count]) => [
        what,
        what.startsWith("ms ") ? count / 1e6 : count,
      ]),
    );
  }

  /** Share of the time in which the places of a store were busy; undefined where there is no limit. */
  utilisation(id: string, timeNs: number): number | undefined {
    const busyNs = this.#busyNs.get(id) ?? 0;
    const free = this.#freeNs.get(id);
    if (free === undefined) return undefined;
    const aheadNs = free.reduce((sum, one) => sum + Math.max(0, one - timeNs), 0);
    return timeNs === 0 ? 0 : (busyNs - aheadNs) / timeNs / free.length;
  }

  readonly #busyNs = new Map<string, number>();

  waitFigures(id: string): Figures {
    const { waited, waitedNs, timedOut } = this.#waits.get(id) ?? {
      waited: 0,
      waitedNs: 0,
      timedOut: 0,
    };
    const waiting = this.#reads.filter(({ link }) => link.id === id).length;
    return { waited, timedOut, waiting, meanWaitMs: waited === 0 ? 0 : waitedNs / waited / 1e6 };
  }

  #later(job: Job, link: ReadConnection, delayNs: number): void {
    const waiting = this.#reads.find((one) => one.job === job && one.link === link);
    this.#world.events.after(delayNs, () => {
      if (waiting !== undefined && this.#reads.includes(waiting)) waiting.look();
    });
  }

  #operate(visit: Visit): string {
    const { job, link } = visit;
    const { to } = link;
    const { key } = job.message;
    const { data } = this.#world;
    const free = this.#freeNs.get(to);
    const nowNs = this.#world.now();
    const durationNs = data.loadNs(link, key, job.knows) + visit.drawNs();
    const start = (): void => {
      if (link.kind === "write") data.beginWrite(link, key, job.knows);
      visit.wait(durationNs, visit.over);
    };
    if (free === undefined) {
      start();
      return "under way";
    }
    const earliestNs = Math.min(...free);
    const waitNs = Math.max(0, earliestNs - nowNs);
    free[free.indexOf(earliestNs)] = nowNs + waitNs + durationNs;
    this.#busyNs.set(to, (this.#busyNs.get(to) ?? 0) + durationNs);
    this.#count(to, "operations", 1);
    if (waitNs > 0) this.#count(to, "waited for a place", 1);
    this.#count(to, "ms waited for a place", waitNs);
    if (waitNs === 0) start();
    else visit.wait(waitNs, start);
    return "under way";
  }

  #giveUp(claim: Claim, visit: Visit): void {
    if (!this.#claims.includes(claim) || claim.hasBegun) return;
    if (this.#firstAt(claim.place) === claim) return this.#onTurn.get(claim)!();
    this.#count(visit.link.to, "lock waits given up", 1);
    this.#remove(claim);
    visit.fail("lock-timeout");
  }

  #remove(claim: Claim): void {
    const wasFirst = this.#firstAt(claim.place) === claim;
    this.#claims = this.#claims.filter((one) => one !== claim);
    const next = this.#firstAt(claim.place);
    if (!wasFirst || next === undefined) return;
    const [id = ""] = claim.place.split(" ");
    this.#count(id, "locks granted", 1);
    this.#count(id, "after waiting", 1);
    this.#count(id, "ms waited for locks", this.#world.now() - next.sinceNs);
    this.#world.events.after(0, () => {
      if (this.#claims.includes(next)) this.#onTurn.get(next)!();
    });
  }

  #firstAt(place: string): Claim | undefined {
    return this.#claims.find((one) => one.place === place);
  }

  /** Whether a job waits, through others, for another one. */
  #leadsTo(from: Job, to: Job): boolean {
    const seen = new Set<Job>();
    let job = from;
    while (!seen.has(job)) {
      if (job === to) return true;
      seen.add(job);
      const one = job;
      const wanted = this.#claims.find(
        (claim) => claim.job === one && this.#firstAt(claim.place) !== claim,
      );
      if (wanted === undefined) return false;
      job = this.#firstAt(wanted.place)!.job;
    }
    return false;
  }

  #timeoutNs({ link }: Visit): number {
    const own = this.#world.scenario.connections.find(
      (one) => one.from === link.from && one.to === link.to && isLocking(one),
    );
    return valuesOf(writeFields, own?.parameters ?? {}).lockTimeout * 1e6;
  }

  /** Times are counted in nanoseconds. */
  #count(id: string, what: string, by: number): void {
    const counts = this.#counts.get(id)!;
    counts[what] = (counts[what] ?? 0) + by;
  }
}

/** Whether a connection writes with a lock. */
export function isLocking(link: {
  readonly kind: string;
  readonly parameters?: WriteConnection["parameters"];
}): boolean {
  return link.kind === "write" && valuesOf(writeFields, link.parameters ?? {}).check === "lock";
}
