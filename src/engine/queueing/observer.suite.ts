// Reads the event log of a run as a textbook would watch its stations: who arrives, waits, begins and leaves. What it
// counts lies between the warm-up and the end of the window; the run itself goes on a little longer.

import type { MessageEvent } from "../../model/events.ts";
import { Samples } from "./samples.suite.ts";

/** A station: a service with what waits before it. */
export interface StationWatch {
  /** Id of the service. */
  readonly service: string;
  /** Id of the queue from which it consumes; absent: it is called, and what waits is inside. */
  readonly channel?: string;
  readonly servers: number;
  /** A copy that is delivered arrives, not one that is routed: where consumers share a queue in turn. */
  readonly dealt?: true;
  /** Mean of one service [s], for the controls; absent: none are taken of it. */
  readonly meanService?: number;
}

/** What is watched. */
export interface Watch {
  readonly stations: readonly StationWatch[];
  /** Mean gap between arrivals from outside by contract [s], for the controls. */
  readonly sources: Readonly<Record<string, number>>;
  /** Mean arrivals from outside per second, where gaps are not independent, for the controls. */
  readonly rate?: number;
  /** All stations are alike: what their controls say is added up. Few controls say more than many, which fit by chance. */
  readonly areEqual?: true;
  /** Services that each handle a copy of every message, for the time until the last is through. */
  readonly branches?: number;
  /** Every so often [s] a station starts anew, and its size is read at these times after that [s]. */
  readonly stops?: { readonly every: number; readonly at: readonly number[] };
  /** The window in which is counted [s]. */
  readonly from: number;
  readonly until: number;
}

/** Times of customers of one kind [s]. */
export interface Times {
  /** From arrival to the end of service, and to its beginning. */
  readonly stays: Samples;
  readonly waits: Samples;
  /** For every stay, how many services of the run had begun before. */
  readonly ranks: Samples;
}

interface Customer {
  readonly arrived: number;
  readonly contract: string;
  /** −1 while it waits. */
  started: number;
  /** How many services had begun before. */
  rank: number;
  /** Number in the station when its service began; −1 when that was outside the window. */
  seen: number;
}

/** Sums of (drawn − mean) · nᵏ for k = 0, 1, 2, n being the number in the station when it was drawn: martingales,
 *  hence of mean 0. */
class Control {
  readonly sums = [0, 0, 0];

  add(deviation: number, size: number): void {
    this.sums[0]! += deviation;
    this.sums[1]! += deviation * size;
    this.sums[2]! += deviation * size * size;
  }
}

/** One station as it was seen. */
export class StationSeen {
  readonly #watch: StationWatch;
  readonly #from: number;
  readonly #until: number;
  readonly #inside = new Map<number, Customer>();
  #busy = 0;
  #begun = 0;
  #time = 0;
  #lastEnd = -1;
  #filled = -1;
  #emptied = -1;
  #served = 0;
  /** Time integrals over the window. */
  areaInside = 0;
  areaSquared = 0;
  areaBusy = 0;
  emptyTime = 0;
  fullTime = 0;
  /** Counts in the window; an arrival that finds all servers at work is `delayed`. */
  arrivals = 0;
  delayed = 0;
  turnedAway = 0;
  handled = 0;
  failed = 0;
  readonly times = new Map<string, Times>();
  readonly gapsBetweenEnds = new Samples();
  readonly busyPeriods = new Samples();
  readonly idlePeriods = new Samples();
  readonly jobsPerBusyPeriod = new Samples();
  readonly control = new Control();

  constructor(watch: StationWatch, window: Pick<Watch, "from" | "until">) {
    this.#watch = watch;
    this.#from = window.from;
    this.#until = window.until;
  }

  /** Number in the station now. */
  size(): number {
    return this.#inside.size;
  }

  /** Length of the window [s]. */
  span(): number {
    return this.#until - this.#from;
  }

  arrive({ t, message, contract = "" }: MessageEvent): void {
    this.#pass(t);
    if (this.#counts(t)) {
      this.arrivals++;
      if (this.#inside.size >= this.#watch.servers) this.delayed++;
    }
    if (this.#inside.size === 0) this.#fill(t);
    this.#inside.set(message, { arrived: t, contract, started: -1, rank: -1, seen: -1 });
  }

  /** A first attempt begins. */
  start({ t, message }: MessageEvent): void {
    const customer = this.#inside.get(message);
    if (customer === undefined || customer.started >= 0) return;
    this.#pass(t);
    this.#busy++;
    customer.started = t;
    customer.rank = this.#begun++;
    if (!this.#counts(t)) return;
    customer.seen = this.#inside.size;
    this.#timesOf(customer.contract).waits.add(t - customer.arrived);
  }

  /** Leaves after service. */
  end({ t, message, event }: MessageEvent): void {
    const customer = this.#inside.get(message);
    if (customer === undefined) return;
    this.#pass(t);
    this.#busy--;
    this.#leave(t, message);
    const { meanService } = this.#watch;
    if (customer.seen >= 0 && meanService !== undefined)
      this.control.add(t - customer.started - meanService, customer.seen);
    if (!this.#counts(t)) return;
    if (event === "handled") this.handled++;
    else this.failed++;
    if (this.#lastEnd >= 0) this.gapsBetweenEnds.add(t - this.#lastEnd);
    this.#lastEnd = t;
    const times = this.#timesOf(customer.contract);
    times.stays.add(t - customer.arrived);
    times.ranks.add(customer.rank);
  }

  /** What had begun waits again. */
  giveBack({ t, message }: MessageEvent): void {
    const customer = this.#inside.get(message);
    if (customer === undefined || customer.started < 0) return;
    this.#pass(t);
    this.#busy--;
    customer.started = -1;
    customer.seen = -1;
  }

  /** Leaves without service: refused, expired, dropped. */
  turnAway({ t, message }: MessageEvent): void {
    const customer = this.#inside.get(message);
    if (customer === undefined) return;
    this.#pass(t);
    if (customer.started >= 0) this.#busy--;
    this.#leave(t, message);
    if (this.#counts(t)) this.turnedAway++;
  }

  /** Closes the window. */
  finish(): void {
    this.#pass(this.#until);
  }

  #counts(t: number): boolean {
    return t >= this.#from && t <= this.#until;
  }

  #pass(t: number): void {
    const length = Math.min(t, this.#until) - Math.max(this.#time, this.#from);
    this.#time = t;
    if (length <= 0) return;
    const size = this.#inside.size;
    this.areaInside += length * size;
    this.areaSquared += length * size * size;
    this.areaBusy += length * this.#busy;
    if (size === 0) this.emptyTime += length;
    if (size >= this.#watch.servers) this.fullTime += length;
  }

  #fill(t: number): void {
    if (this.#emptied >= this.#from && t <= this.#until) this.idlePeriods.add(t - this.#emptied);
    this.#filled = t;
    this.#served = 0;
  }

  #leave(t: number, message: number): void {
    this.#inside.delete(message);
    this.#served++;
    if (this.#inside.size > 0) return;
    if (this.#filled >= this.#from && t <= this.#until) {
      this.busyPeriods.add(t - this.#filled);
      this.jobsPerBusyPeriod.add(this.#served);
    }
    this.#emptied = t;
  }

  #timesOf(contract: string): Times {
    const known = this.times.get(contract);
    if (known !== undefined) return known;
    const times = { stays: new Samples(), waits: new Samples(), ranks: new Samples() };
    this.times.set(contract, times);
    return times;
  }
}

/** Reasons for which a called station turns a request away. */
const refusals = new Set(["overloaded", "unavailable"]);

/** All stations of a run as they were seen. */
export class Observer {
  readonly #watch: Watch;
  readonly #functions: number;
  readonly #byService = new Map<string, StationSeen>();
  readonly #byChannel = new Map<string, StationSeen>();
  readonly #dealt = new Map<string, StationSeen>();
  readonly #copies = new Map<number, { readonly since: number; left: number }>();
  #reading = 0;
  /** Arrivals from outside in the window. */
  entered = 0;
  readonly joins = new Samples();
  readonly levels: readonly Samples[];
  readonly #last = new Map<string, { t: number; seen: number }>();
  readonly #sources = new Control();
  readonly stations: readonly StationSeen[];

  constructor(watch: Watch) {
    this.#watch = watch;
    const controlled = watch.stations.filter(({ meanService }) => meanService !== undefined);
    this.#functions = controlled.length > 2 && watch.areEqual !== true ? 2 : 3;
    this.levels = (watch.stops?.at ?? []).map(() => new Samples());
    this.stations = watch.stations.map((about) => {
      const station = new StationSeen(about, watch);
      this.#byService.set(about.service, station);
      if (about.dealt === true) this.#dealt.set(about.service, station);
      else if (about.channel !== undefined) this.#byChannel.set(about.channel, station);
      return station;
    });
  }

  /** Takes one record of the log. */
  see(record: MessageEvent): void {
    if (this.#watch.stops !== undefined) this.#readLevels(record.t);
    switch (record.event) {
      case "requested":
      case "published":
        if (record.cause === undefined && (record.attempt ?? 1) === 1) this.#enter(record);
        return;
      case "delivered":
        return this.#dealt.get(record.consumer!)?.arrive(record);
      case "arrived":
        return this.#byService.get(record.consumer!)?.arrive(record);
      case "routed":
        return this.#byChannel.get(record.channel!)?.arrive(record);
      case "started":
        return this.#byService.get(record.consumer!)?.start(record);
      case "handled":
      case "failed":
        this.#byService.get(record.consumer!)?.end(record);
        if (this.#watch.branches !== undefined) this.#join(record);
        return;
      case "answered":
        if (refusals.has(record.reason!)) this.#byService.get(record.consumer!)?.turnAway(record);
        return;
      case "returned":
        return this.#byChannel.get(record.channel!)?.giveBack(record);
      case "expired":
      case "dropped":
      case "dead-lettered":
        return this.#byChannel.get(record.channel!)?.turnAway(record);
      default:
    }
  }

  /** Closes the window of every station. */
  finish(): void {
    for (const station of this.stations) station.finish();
  }

  /** Sums of known mean 0 per second, which tell how lucky this run was. */
  controls(): readonly number[] {
    const span = this.#watch.until - this.#watch.from;
    const own = this.stations
      .filter((_, i) => this.#watch.stations[i]!.meanService !== undefined)
      .map(({ control }) => control.sums);
    const pooled = this.#watch.areEqual === true ? [addUp(own)] : own;
    const { rate } = this.#watch;
    const surplus = rate === undefined ? [] : [this.entered / span - rate];
    const drawn = [this.#sources.sums, ...pooled].flatMap((sums) =>
      sums.slice(0, this.#functions).map((sum) => sum / span),
    );
    return [...surplus, ...drawn];
  }

  #join({ t, message }: MessageEvent): void {
    const copy = this.#copies.get(message);
    if (copy === undefined || --copy.left > 0) return;
    this.#copies.delete(message);
    if (t >= this.#watch.from && t <= this.#watch.until) this.joins.add(t - copy.since);
  }

  /** Before something changes at a time: reads the sizes of all moments that lie before it. */
  #readLevels(t: number): void {
    const { every, at } = this.#watch.stops!;
    for (;;) {
      const round = Math.floor(this.#reading / at.length);
      const which = this.#reading % at.length;
      const moment = round * every + at[which]!;
      if (moment >= t || moment > this.#watch.until) return;
      if (moment >= this.#watch.from) this.levels[which]!.add(this.stations[0]!.size());
      this.#reading++;
    }
  }

  /** An arrival from outside. How long until the next was drawn in the state that it leaves behind. */
  #enter({ t, message, contract = "" }: MessageEvent): void {
    const { branches } = this.#watch;
    if (t >= this.#watch.from && t <= this.#watch.until) this.entered++;
    if (branches !== undefined) this.#copies.set(message, { since: t, left: branches });
    const gap = this.#watch.sources[contract];
    if (gap === undefined) return;
    const last = this.#last.get(contract);
    let size = 1;
    for (const station of this.stations) size += station.size();
    // Those of one batch come at one instant.
    const isNext = last !== undefined && t > last.t;
    if (isNext && last.t >= this.#watch.from && last.t <= this.#watch.until)
      this.#sources.add(t - last.t - gap, last.seen);
    this.#last.set(contract, { t, seen: size });
  }
}

function addUp(rows: readonly (readonly number[])[]): readonly number[] {
  return (rows[0] ?? []).map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0));
}
