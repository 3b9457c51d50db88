// Versions of the naive engine: every commit and every application is kept for ever, and figures are counted from them when
// they are asked for.

import { valuesOf } from "../../base/fields.ts";
import type {
  ReadConnection,
  Scenario,
  StepConnection,
  WriteConnection,
} from "../../model/scenario.ts";
import { writeFields } from "../../nodes/connections.ts";
import { store } from "../../nodes/store.ts";
import { compileScenario } from "../compile.ts";
import { replicaPairs } from "../replicaPairs.ts";
import { NaiveEventStore } from "./eventStore.suite.ts";
import { Samples } from "./exact.suite.ts";
import type { Figures } from "./figures.suite.ts";
import type { Key, Message } from "./things.suite.ts";

/** What a message tells of an entity; `seen` is the newest version that its chain has written or read. */
export interface Told {
  readonly store: string;
  readonly key: string;
  readonly version: number;
  readonly value: number;
  readonly change: number;
  readonly seen: number;
  readonly hasWritten: boolean;
}

/** What a job knows: what its message and its own steps have told it, and what it has read of which entity. */
export interface Knowledge {
  told: Told | undefined;
  readonly read: Map<string, { version: number; value: number; isOwnStep: boolean }>;
}

interface Entity {
  readonly commitsNs: number[];
  value: number;
  expected: number;
}

type Came = "newer" | "again" | "ignored" | "back";

/** How long a replica lacked a version of an entity. */
interface Spell {
  readonly key: string;
  readonly version: number;
  readonly fromNs: number;
  untilNs: number;
  /** It had the version before, and went back to an older one. */
  readonly isAgain: boolean;
}

interface Pair {
  readonly store: string;
  readonly source: string;
  readonly came: Came[];
  readonly has: Map<string, number>;
  readonly spells: Spell[];
  skipped: number;
}

type Values = ReturnType<typeof valuesOf<typeof store.fields>>;

interface Store {
  readonly values: Values;
  readonly entities: Map<string, Entity>;
  /** Absent where only the present state is kept. */
  readonly events: NaiveEventStore | undefined;
}

/** All stores with versions of one naive run. */
export class NaiveData {
  readonly #scenario: Scenario;
  readonly #now: () => number;
  readonly #stores = new Map<string, Store>();
  readonly #pairs: readonly Pair[];
  readonly #counts = new Map<string, number>();
  readonly #readLags: { store: string; lag: number }[] = [];
  readonly #effects = new Set<string>();

  /** Called when a replica has come further. */
  onAdvanced: () => void = () => undefined;

  constructor(scenario: Scenario, now: () => number) {
    this.#scenario = scenario;
    this.#now = now;
    for (const node of scenario.nodes) {
      if (node.kind !== "store") continue;
      const values = valuesOf(store.fields, node.parameters ?? {});
      const events = values.keeps === "events" ? new NaiveEventStore(values) : undefined;
      if (values.versions) this.#stores.set(node.id, { values, entities: new Map(), events });
    }
    // Which stores follow which is a question about the drawing, not about the run: one answer for both engines.
    const plan = compileScenario(scenario);
    const pairs =
      this.#stores.size === 0
        ? []
        : replicaPairs(plan, (number) => this.#stores.has(plan.ids[number]!));
    this.#pairs = pairs.map((pair) => ({
      store: plan.ids[pair.store]!,
      source: plan.ids[pair.source]!,
      came: [],
      has: new Map(),
      spells: [],
      skipped: 0,
    }));
  }

  /** What a job knows when its attempt begins. */
  knowledge(message: Message): Knowledge {
    return { told: message.told, read: new Map() };
  }

  /** How long a read or write waits until it knows the state that it needs [ns]; asked before a write begins. */
  loadNs(link: StepConnection, key: Key | undefined, knows: Knowledge): number {
    const events = this.#stores.get(link.to)?.events;
    if (events === undefined || key === undefined) return 0;
    const name = nameOf(key);
    const version = this.#stores.get(link.to)!.entities.get(name)?.commitsNs.length ?? 0;
    if (link.kind === "read") return events.loadNs(version);
    if (link.kind !== "write" || knows.read.get(`${link.to} ${name}`)?.isOwnStep === true) return 0;
    const { change, check, atLeast } = valuesOf(writeFields, link.parameters ?? {});
    const restsOnState = change === "add" && (check !== "atomic" || atLeast !== null);
    return check === "version" || check === "lock" || restsOnState ? events.loadNs(version) : 0;
  }

  /** Whether a store keeps versions. */
  keepsVersions(id: string): boolean {
    return this.#stores.has(id);
  }

  /** An entity is there from now on. */
  touch(id: string, key: Key): void {
    this.#entity(id, nameOf(key));
  }

  /** What a read has to wait for, as a question whether it is there by now; undefined when it is. */
  awaited(link: ReadConnection, message: Message, knows: Knowledge): (() => boolean) | undefined {
    if (message.key === undefined) return undefined;
    const key = nameOf(message.key);
    const pair = this.#viewOf(link.to, key, knows);
    if (pair === undefined) return undefined;
    this.#entity(pair.source, key);
    const isSame = knows.told?.store === pair.source && knows.told.key === key;
    const version = isSame ? knows.told!.seen : 0;
    const isThere = (): boolean =>
      !pair.spells.some(
        (one) => one.key === key && one.untilNs === Infinity && one.version <= version,
      );
    return isThere() ? undefined : isThere;
  }

  /** The view that a reader of a store gets. */
  #viewOf(id: string, key: string, knows: Knowledge): Pair | undefined {
    const pairs = this.#pairs.filter((one) => one.store === id);
    return (
      pairs.find((one) => one.source === knows.told?.store) ??
      pairs.find((one) => this.#stores.get(one.source)!.entities.has(key))
    );
  }

  /** The events of a store; undefined where it keeps none. */
  eventsOf(id: string): NaiveEventStore | undefined {
    return this.#stores.get(id)?.events;
  }

  /** What the mechanisms of a store did. */
  counts(id: string): Readonly<Record<string, number>> {
    return this.#stores.get(id)?.events?.counts() ?? {};
  }

  /** A write begins. */
  beginWrite(link: WriteConnection, key: Key | undefined, knows: Knowledge): void {
    if (!this.#stores.has(link.to) || key === undefined) return;
    const entity = this.#entity(link.to, nameOf(key));
    const place = `${link.to} ${nameOf(key)}`;
    if (knows.read.get(place)?.isOwnStep === true) return;
    const { value } = entity;
    knows.read.set(place, { version: entity.commitsNs.length, value, isOwnStep: false });
  }

  /** A write takes effect; "" when it did, or why not. */
  write(link: WriteConnection, message: Message, knows: Knowledge): "" | "conflict" | "refused" {
    if (!this.#stores.has(link.to) || message.key === undefined) return "";
    const values = valuesOf(writeFields, link.parameters ?? {});
    const isOpen = values.change === "note" || values.change === "add change";
    const pair = this.#pairs.find(
      (one) => one.store === link.to && one.source === knows.told?.store,
    );
    if (!isOpen || pair === undefined || knows.told === undefined)
      return this.#commit(link, message, knows);
    const entity = this.#entity(link.to, nameOf(message.key));
    const before = entity.value;
    const { value, change } = knows.told;
    if (values.change === "note") {
      const came = this.#applyState(pair, knows.told, values.check === "version");
      if (came === "again" || came === "ignored") return "";
      if (came === "back") this.#count(link.to, "outOfOrder");
      entity.value = value;
      entity.expected = value;
    } else {
      const came = this.#applyChange(pair, knows.told);
      if (came === "newer") this.onAdvanced();
      if (came === "again") this.#count(link.to, "duplicateEffects");
      else entity.expected += change;
      entity.value += change;
    }
    this.#checkBounds(link.to, before, entity.value);
    return "";
  }

  #applyState(pair: Pair, { key, version }: Told, isOrdered: boolean): Came {
    const had = pair.has.get(key) ?? 0;
    const older = isOrdered ? "ignored" : "back";
    const came = version === had ? "again" : version > had ? "newer" : older;
    pair.came.push(came);
    if (came === "newer")
      for (const spell of pair.spells) {
        if (spell.key !== key || spell.version > version || spell.untilNs < Infinity) continue;
        spell.untilNs = this.#now();
        if (spell.version < version && !spell.isAgain) pair.skipped++;
      }
    if (came === "newer" || came === "back") pair.has.set(key, version);
    if (came === "newer") this.onAdvanced();
    const lost = { key, version: had, fromNs: this.#now(), untilNs: Infinity, isAgain: true };
    if (came === "back") pair.spells.push(lost);
    return came;
  }

  #applyChange(pair: Pair, { key, version }: Told): Came {
    const spell = pair.spells.find(
      (one) => one.key === key && one.version === version && one.untilNs === Infinity,
    );
    const came = spell === undefined ? "again" : "newer";
    pair.came.push(came);
    if (spell === undefined) return came;
    spell.untilNs = this.#now();
    pair.has.set(key, Math.max(version, pair.has.get(key) ?? 0));
    return came;
  }

  #commit(link: WriteConnection, message: Message, knows: Knowledge): "" | "conflict" | "refused" {
    const { change, amount, atLeast, check } = valuesOf(writeFields, link.parameters ?? {});
    const key = nameOf(message.key!);
    const place = `${link.to} ${key}`;
    const entity = this.#entity(link.to, key);
    const newest = entity.commitsNs.length;
    const read = knows.read.get(place)!;
    const base = check === "atomic" ? { ...read, version: newest, value: entity.value } : read;
    knows.read.set(place, base);
    if (check === "version" && base.version !== newest) {
      this.#count(link.to, "conflicts");
      return "conflict";
    }
    const before = entity.value;
    const after = change === "set" ? amount : change === "add" ? base.value + amount : before;
    if (change === "add" && atLeast !== null && after < atLeast) {
      this.#count(link.to, "refused");
      return "refused";
    }
    if (change === "add" || base.isOwnStep)
      this.#count(link.to, "lostUpdates", newest - base.version);
    const effect = `${link.id} ${message.number}`;
    if (this.#effects.has(effect) && change !== "set") this.#count(link.to, "duplicateEffects");
    this.#effects.add(effect);
    entity.expected = change === "add" ? entity.expected + amount : after;
    entity.value = after;
    entity.commitsNs.push(this.#now());
    const version = newest + 1;
    const missing = { key, version, fromNs: this.#now(), untilNs: Infinity, isAgain: false };
    for (const { source, spells } of this.#pairs)
      if (source === link.to) spells.push({ ...missing });
    knows.read.set(place, { ...base, version, value: after });
    const told = { store: link.to, key, version, value: after, change: after - before };
    knows.told = { ...told, seen: version, hasWritten: true };
    const event = { key: message.key!, timeNs: this.#now(), bytes: message.size, told: knows.told };
    this.#stores.get(link.to)!.events?.append(event);
    this.#checkBounds(link.to, before, after);
    return "";
  }

  /** A read has its answer. */
  read(id: string, message: Message, knows: Knowledge): void {
    if (!this.#stores.has(id) || message.key === undefined) return;
    const key = nameOf(message.key);
    const entity = this.#entity(id, key);
    const newest = entity.commitsNs.length;
    const { value } = entity;
    knows.read.set(`${id} ${key}`, { version: newest, value, isOwnStep: true });
    const pair = this.#viewOf(id, key, knows);
    const source = pair?.source ?? id;
    const version = pair === undefined ? newest : (pair.has.get(key) ?? 0);
    const committed = this.#entity(source, key).commitsNs.length;
    this.#readLags.push({ store: id, lag: committed - version });
    const isSame = knows.told?.store === source && knows.told.key === key;
    const seen = isSame ? knows.told!.seen : 0;
    const hasWritten = isSame && knows.told!.hasWritten;
    if (version < seen) this.#count(id, hasWritten ? "readYourWrites" : "monotonicReads");
    const told = { store: source, key, version, value, change: 0, seen: Math.max(seen, version) };
    knows.told = { ...told, hasWritten: hasWritten && version <= seen };
  }

  /** The tables of the report. */
  tables(timeNs: number): {
    stores: ReadonlyMap<string, Figures>;
    replicas: ReadonlyMap<string, Figures>;
  } {
    const replicas = new Map(
      this.#pairs.map((pair) => [`${pair.source}→${pair.store}`, this.#pairFigures(pair, timeNs)]),
    );
    const stores = new Map(
      [...this.#stores.keys()].map((id) => [id, this.#storeFigures(id, replicas)]),
    );
    return { stores, replicas };
  }

  #storeFigures(id: string, replicas: ReadonlyMap<string, Figures>): Figures {
    const entities = [...this.#stores.get(id)!.entities.values()];
    const sum = (of: (entity: Entity) => number): number =>
      entities.reduce((total, entity) => total + of(entity), 0);
    const lags = this.#readLags.filter((read) => read.store === id).map(({ lag }) => lag);
    const names = ["conflicts", "refused", "lostUpdates", "duplicateEffects", "outOfOrder"];
    const more = ["readYourWrites", "monotonicReads", "invariantBroken"];
    const counts = [...names, ...more].map((name) => [
      name,
      this.#counts.get(`${id} ${name}`) ?? 0,
    ]);
    const own = [...replicas.values()].filter((figures) => figures["store"] === id);
    const worst = (name: string): number =>
      Math.max(0, ...own.map((figures) => Number(figures[name])));
    const lowest = this.#lowestLimit(id);
    return {
      ...Object.fromEntries(counts),
      keys: entities.length,
      commits: sum(({ commitsNs }) => commitsNs.length),
      value: sum(({ value }) => value),
      expected: sum(({ expected }) => expected),
      discrepancy: sum(({ value, expected }) => Math.abs(expected - value)),
      oversold: sum(({ expected }) => Math.max(0, lowest - expected)),
      reads: lags.length,
      staleReads: lags.filter((lag) => lag > 0).length,
      readLags: Object.fromEntries(
        Array.from({ length: 8 }, (_, k) => [
          k,
          lags.filter((lag) => Math.min(lag, 7) === k).length,
        ]),
      ),
      staleKeys: worst("staleKeys"),
      missing: worst("missing"),
      ageMs: worst("ageMs"),
      maxAgeMs: worst("maxAgeMs"),
    };
  }

  #lowestLimit(id: string): number {
    const limits = this.#scenario.connections.flatMap((link) => {
      if (link.kind !== "write" || link.to !== id) return [];
      const { change, atLeast } = valuesOf(writeFields, link.parameters ?? {});
      return change === "add" && atLeast !== null ? [atLeast] : [];
    });
    return limits.length === 0 ? -Infinity : Math.min(...limits);
  }

  #pairFigures(pair: Pair, timeNs: number): Figures {
    const { store: id, source, spells, came } = pair;
    const { entities } = this.#stores.get(source)!;
    const open = spells.filter(({ untilNs }) => untilNs === Infinity);
    const ages = spells.map(({ fromNs, untilNs }) => Math.min(untilNs, timeNs) - fromNs);
    const oldestNs = Math.min(timeNs, ...open.map(({ fromNs }) => fromNs));
    const times = (what: Came): number => came.filter((one) => one === what).length;
    const delay = new Samples();
    for (const { fromNs, untilNs, isAgain } of spells)
      if (!isAgain && untilNs < Infinity) delay.add(untilNs - fromNs);
    return {
      store: id,
      source,
      keys: entities.size,
      commits: [...entities.values()].reduce((sum, { commitsNs }) => sum + commitsNs.length, 0),
      applications: came.length,
      repeated: times("again"),
      olderIgnored: times("ignored"),
      wentBack: times("back"),
      skipped: pair.skipped,
      staleKeys: new Set(open.map(({ key }) => key)).size,
      missing: open.length,
      ageMs: (timeNs - oldestNs) / 1e6,
      meanAgeMs: { value: timeNs === 0 ? 0 : meanAgeNs(spells, timeNs) / 1e6, isExact: false },
      maxAgeMs: Math.max(0, ...ages) / 1e6,
      delay,
    };
  }

  #entity(id: string, key: string): Entity {
    const { values, entities } = this.#stores.get(id)!;
    const known = entities.get(key);
    if (known !== undefined) return known;
    const { initialValue } = values;
    const entity: Entity = { commitsNs: [], value: initialValue, expected: initialValue };
    entities.set(key, entity);
    return entity;
  }

  #checkBounds(id: string, before: number, value: number): void {
    const { valueMin, valueMax } = this.#stores.get(id)!.values;
    const isWithin = (one: number): boolean =>
      (valueMin === null || one >= valueMin) && (valueMax === null || one <= valueMax);
    if (isWithin(before) && !isWithin(value)) this.#count(id, "invariantBroken");
  }

  #count(id: string, what: string, times = 1): void {
    this.#counts.set(`${id} ${what}`, (this.#counts.get(`${id} ${what}`) ?? 0) + times);
  }
}

/** Time-weighted mean age of the oldest missing version, from one change to the next [ns]. */
function meanAgeNs(spells: readonly Spell[], timeNs: number): number {
  const times = spells.flatMap(({ fromNs, untilNs }) => [fromNs, Math.min(untilNs, timeNs)]);
  const changes = [...new Set([...times, timeNs])].toSorted((a, b) => a - b);
  let area = 0;
  changes.forEach((untilNs, i) => {
    const fromNs = changes[i - 1] ?? 0;
    const missing = spells.filter((one) => one.fromNs <= fromNs && one.untilNs >= untilNs);
    const oldestNs = Math.min(...missing.map((one) => one.fromNs));
    if (missing.length > 0)
      area += ((untilNs - fromNs) / timeNs) * ((fromNs + untilNs) / 2 - oldestNs);
  });
  return area;
}

/** Keys of different producers are different even where they read the same. */
function nameOf({ producer, number }: Key): string {
  return `${producer}/${number}`;
}
