// Versions of contracts while a run goes on: in which one each connection writes and reads, what the registry holds, and
// in which version each message was written. Only runs with such contracts have this; others pay nothing.

import type { Arena, Float64Column, Int32Column } from "../kernel/arena.ts";
import type { RandomStream } from "../kernel/random.ts";
import { isBridge } from "../model/bridges.ts";
import { compatibilityOf } from "../model/contracts.ts";
import {
  type Readability,
  registeredAtStart,
  samplesPerVersion,
  type VersionConflict,
} from "../model/readability.ts";
import type { VersionReport } from "../model/report.ts";
import type { LiveAct } from "../model/result.ts";
import type { Scenario } from "../model/scenario.ts";
import { dealingsOf } from "../model/versions.ts";
import type { Messages } from "./messages.ts";
import {
  numberOfVersion,
  tablesOf,
  type VersionLine,
  type VersionPlan,
  type VersionTables,
} from "./versionPlan.ts";

/** What versions need of the world. */
export interface VersionsContext {
  readonly arena: Arena;
  readonly scenario: Scenario;
  readonly messages: Messages;
  /** Row of the contract of a message, −1 for none. */
  contractOf(message: number): number;
  /** The stream of an element for one purpose. */
  stream(id: string, purpose: string): RandomStream;
  note(element: string, sentence: string): void;
}

/** Bits of a message's cell that hold the version; the number of the sample lies above them. A contract has 200 earlier
 *  versions at most (model/limits.ts). */
const versionBits = 8;
const versionMask = (1 << versionBits) - 1;

// What the registry knows of a version.
const UNKNOWN = 0;
const REGISTERED = 1;
/** Refused, which is on record. It is asked again each time, because the answer depends on what is registered. */
const REFUSED = 2;

/** The versions in a run. */
export class Versions {
  readonly #context: VersionsContext;
  readonly #plan: VersionPlan;
  #tables: VersionTables;
  /** Line by connection row: what it writes; −1 for nothing with versions. */
  readonly #writes: Int32Array;
  /** Line by connection row × contracts + contract: what it reads. */
  readonly #reads = new Map<number, number>();
  /** By connection row: 1 where a bridge passes on what was written before it. */
  readonly #isBridged: Uint8Array;
  /** By connection row, where it writes. */
  readonly #samples: readonly (RandomStream | undefined)[];
  /** Version that a line speaks now. */
  readonly #spoken: Int32Column;
  /** By version of a line: written or read, and of these refused or unreadable. */
  readonly #passed: Float64Column;
  readonly #failed: Float64Column;
  /** By version of a contract. */
  readonly #registry: Int32Column;
  /** By contract: the version that was registered last, −1 for none. */
  readonly #latest: Int32Column;
  /** By message: version and sample. */
  readonly #written: Int32Column;

  constructor(plan: VersionPlan, context: VersionsContext) {
    const { arena, scenario } = context;
    this.#context = context;
    this.#plan = plan;
    this.#tables = plan.tables;
    this.#spoken = arena.int32("versions/spoken", plan.lines.length);
    const cells = plan.lines.reduce((sum, line) => sum + this.#namesOf(line).length, 0);
    this.#passed = arena.float64("versions/passed", cells);
    this.#failed = arena.float64("versions/failed", cells);
    const all = plan.contracts.reduce((sum, { names }) => sum + names.length, 0);
    this.#registry = arena.int32("versions/registry", all);
    this.#latest = arena.int32("versions/latest", plan.contracts.length);
    this.#written = arena.int32("versions/written");
    this.#writes = new Int32Array(scenario.connections.length).fill(-1);
    const bridges = new Set(scenario.connections.filter(isBridge).map(({ id }) => id));
    this.#isBridged = Uint8Array.from(scenario.connections, ({ from }) =>
      bridges.has(from) ? 1 : 0,
    );
    plan.lines.forEach(({ connection, does, contract, version }, line) => {
      this.#spoken.data[line] = version;
      if (does === "writes") this.#writes[connection] = line;
      else this.#reads.set(connection * plan.contracts.length + contract, line);
    });
    this.#samples = scenario.connections.map(({ id }, row) =>
      this.#writes[row]! < 0 ? undefined : context.stream(id, "sample"),
    );
    this.#register();
  }

  /** Takes in what was found out about further versions while the run goes on. */
  learn(readability: Readability): void {
    this.#tables = tablesOf(this.#plan.contracts, readability);
  }

  /** Says in which version a message is written, and which sample it is. A dead letter of the same contract
   *  is passed on as it came, and so is everything by bridges. */
  stamp(message: number, connection: number, cause: number): void {
    const line = this.#writes[connection]!;
    const written = this.#written;
    const isBridged = this.#isBridged[connection] === 1;
    if (line < 0 && !isBridged) return;
    if (message >= written.length) written.resize(message + 1);
    if (isBridged) written.data[message] = written.data[cause]!;
    if (isBridged) return;
    const sample = this.#samples[connection]!.below(samplesPerVersion);
    written.data[message] = this.#passesOn(connection, cause)
      ? written.data[cause]!
      : this.#spoken.data[line]! | (sample << versionBits);
  }

  #passesOn(connection: number, cause: number): boolean {
    if (cause < 0) return false;
    const { connections } = this.#context.scenario;
    const link = connections[connection]!;
    if (link.kind !== "publish" || link.on !== "failure") return false;
    const before = connections[this.#context.messages.connection(cause)]!;
    return "contract" in before && before.contract === link.contract;
  }

  /** Books a request. */
  called(connection: number, message: number): void {
    const line = this.#writes[connection]!;
    if (line >= 0) this.#passed.data[this.#plan.lines[line]!.first + this.#versionOf(message)]!++;
  }

  /** Books a publication and registers its version; "" or why the registry does not take it. */
  published(connection: number, message: number): string {
    const row = this.#writes[connection]!;
    if (row < 0) return "";
    const line = this.#plan.lines[row]!;
    const version = this.#versionOf(message);
    this.#passed.data[line.first + version]!++;
    const cell = this.#plan.contracts[line.contract]!.first + version;
    if (this.#registry.data[cell] === REGISTERED) return "";
    const conflict = this.#conflict(line.contract, version);
    const { id } = this.#context.scenario.connections[connection]!;
    if (conflict === undefined) {
      this.#registry.data[cell] = REGISTERED;
      this.#latest.data[line.contract] = version;
      this.#context.note(id, `The registry takes ${this.#title(line, version)}`);
      return "";
    }
    this.#failed.data[line.first + version]!++;
    if (this.#registry.data[cell] === UNKNOWN) {
      this.#registry.data[cell] = REFUSED;
      this.#context.note(id, this.#refusal(line, version, conflict));
    }
    return `incompatible schema: ${this.#title(line, version)}`;
  }

  /** Why a message cannot be read over a connection, "" when it can. The first attempt (1) is booked. */
  unreadable(connection: number, message: number, attempt: number): string {
    const { lines, contracts, numberOf } = this.#plan;
    const contract = numberOf[this.#context.contractOf(message)]!;
    if (contract < 0) return "";
    const row = this.#reads.get(connection * contracts.length + contract);
    if (row === undefined) return "";
    const line = lines[row]!;
    const { names } = contracts[contract]!;
    const writer = this.#versionOf(message);
    const reader = this.#spoken.data[row]!;
    const marks = this.#tables.unreadable[contract]!.get(writer * names.length + reader);
    const fails = marks !== undefined && marks[this.#written.data[message]! >> versionBits] === 1;
    if (attempt === 1) this.#passed.data[line.first + writer]!++;
    if (attempt === 1 && fails) this.#failed.data[line.first + writer]!++;
    return fails ? `unreadable: ${this.#title(line, writer)}, reads ${names[reader]}` : "";
  }

  /** Name of the version in which a message is written; undefined where its contract has only one. */
  nameOf(message: number): string | undefined {
    const number = this.#plan.numberOf[this.#context.contractOf(message)]!;
    return this.#plan.contracts[number]?.names[this.#versionOf(message)];
  }

  /** A rollout: from now on its target speaks another version. */
  rollOut({ target, contract, contractVersion }: Extract<LiveAct, { act: "roll out" }>): void {
    const { contracts, lines } = this.#plan;
    const { scenario } = this.#context;
    const number = contracts.findIndex((one) => one.contract.id === contract);
    if (number < 0) return;
    const reached = new Set(
      dealingsOf(scenario, target, contract).map((one) => `${one.does} ${one.connection.id}`),
    );
    lines.forEach((line, row) => {
      const name = `${line.does} ${scenario.connections[line.connection]!.id}`;
      if (line.contract !== number || !reached.has(name)) return;
      this.#spoken.data[row] = numberOfVersion(this.#namesOf(line), contractVersion);
    });
  }

  /** What went over every connection in which version; versions of which there was nothing are left out. */
  report(): readonly VersionReport[] {
    return this.#plan.lines.flatMap((line) =>
      this.#namesOf(line).flatMap((contractVersion, version): readonly VersionReport[] => {
        const messages = this.#passed.data[line.first + version]!;
        if (messages === 0) return [];
        return [
          {
            connection: this.#context.scenario.connections[line.connection]!.id,
            does: line.does,
            contract: this.#plan.contracts[line.contract]!.contract.id,
            contractVersion,
            messages,
            failed: this.#failed.data[line.first + version]!,
          },
        ];
      }),
    );
  }

  /** What is published at the start, and all before it, is in the registry. */
  #register(): void {
    const { contracts, lines } = this.#plan;
    const { connections } = this.#context.scenario;
    contracts.forEach(({ contract, names, first }, number) => {
      const start = lines
        .filter((line) => line.contract === number && line.does === "writes")
        .filter((line) => connections[line.connection]!.kind === "publish")
        .map((line) => names[line.version]!);
      const known = registeredAtStart(contract, start).length;
      this.#registry.data.fill(REGISTERED, first, first + known);
      this.#latest.data[number] = known - 1;
    });
  }

  #conflict(contract: number, version: number): VersionConflict | undefined {
    const { names, first, registry } = this.#plan.contracts[contract]!;
    if (registry === "none") return undefined;
    const conflicts = this.#tables.conflicts[contract]!;
    const latest = this.#latest.data[contract]!;
    if (registry === "latest") return conflicts.get(version * names.length + latest);
    // The newest first, as the registry does.
    for (let other = names.length - 1; other >= 0; other--) {
      if (this.#registry.data[first + other] !== REGISTERED) continue;
      const conflict = conflicts.get(version * names.length + other);
      if (conflict !== undefined) return conflict;
    }
    return undefined;
  }

  #refusal(line: VersionLine, version: number, { registered, broken }: VersionConflict): string {
    const { contract } = this.#plan.contracts[line.contract]!;
    const [first] = broken;
    const why = first === undefined ? "" : ` (${first.rule} at ${first.path || "/"})`;
    return `The registry refuses ${this.#title(line, version)}: not ${compatibilityOf(contract)} compatible with ${registered}${why}`;
  }

  #title(line: VersionLine, version: number): string {
    const { contract, names } = this.#plan.contracts[line.contract]!;
    return `${contract.name} ${names[version]}`;
  }

  #namesOf({ contract }: VersionLine): readonly string[] {
    return this.#plan.contracts[contract]!.names;
  }

  #versionOf(message: number): number {
    return this.#written.data[message]! & versionMask;
  }
}
