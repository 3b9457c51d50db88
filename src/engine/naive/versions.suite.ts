// Versions in the naive engine: who speaks which now, what the registry holds, and what can be read. Names instead of
// numbers; every question is answered anew from the document and what was rolled out.

import { assert } from "../../base/assert.ts";
import { compatibilityOf, versionsOf } from "../../model/contracts.ts";
import { type Readability, samplesPerVersion } from "../../model/readability.ts";
import type { LiveAct } from "../../model/result.ts";
import type {
  CallConnection,
  ConsumeConnection,
  Contract,
  PublishConnection,
} from "../../model/scenario.ts";
import type { Message } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

type Sender = PublishConnection | CallConnection;

/** A message as it was written. */
export interface Written {
  readonly version: string;
  readonly sample: number;
}

/** The versions of a naive run. */
export class NaiveVersions {
  readonly #world: NaiveWorld;
  readonly #readability: Readability;
  /** What was rolled out, by what is done with which contract over which connection. */
  readonly #rolledOut = new Map<string, string>();
  /** Versions in the registry in the order in which they came, by contract. */
  readonly #registry = new Map<string, string[]>();
  /** Refusals that are on record. */
  readonly #noted = new Set<string>();

  constructor(world: NaiveWorld, readability: Readability) {
    this.#world = world;
    this.#readability = readability;
    for (const contract of world.scenario.contracts) {
      const names = versionsOf(contract).map((version) => version.contractVersion);
      const start = world.scenario.connections.flatMap((link) =>
        link.kind === "publish" && link.contract === contract.id ? [this.#writes(link)] : [],
      );
      const known = names.filter((name) =>
        start.some((other) => names.indexOf(other) >= names.indexOf(name)),
      );
      this.#registry.set(contract.id, known);
    }
  }

  /** How a new message is written; undefined where its contract has one version. */
  write(link: Sender, cause: Message | undefined): Written | undefined {
    if (!this.#hasSeveral(link.contract)) return undefined;
    const sample = this.#world.random(link.id, "sample").below(samplesPerVersion);
    const isDeadLetter = link.kind === "publish" && link.on === "failure";
    if (isDeadLetter && cause?.link.contract === link.contract) return cause.written;
    return { version: this.#writes(link), sample };
  }

  /** Why the registry refuses a publication; "" when it does not. */
  publish(link: PublishConnection, { written }: Message): string {
    if (written === undefined) return "";
    const { version } = written;
    const { tally } = this.#world;
    const contract = this.#contract(link.contract);
    const registered = this.#registry.get(contract.id)!;
    tally.add(`writes ${contract.id} ${version}`, link.id);
    if (registered.includes(version)) return "";
    if (!this.#isRefused(contract, version)) {
      registered.push(version);
      this.#world.note(link.id);
      return "";
    }
    const title = `${contract.name} ${version}`;
    tally.add(`writes ${contract.id} ${version} failed`, link.id);
    if (!this.#noted.has(title)) this.#world.note(link.id);
    this.#noted.add(title);
    return `incompatible schema: ${title}`;
  }

  #isRefused(contract: Contract, version: string): boolean {
    const mode = compatibilityOf(contract);
    const registered = this.#registry.get(contract.id)!;
    const others = mode.endsWith("_TRANSITIVE") ? registered : registered.slice(-1);
    const conflicts = this.#readability[contract.id]?.conflicts ?? [];
    return (
      mode !== "NONE" &&
      conflicts.some((one) => one.version === version && others.includes(one.registered))
    );
  }

  /** Books a request. */
  call({ id, contract }: CallConnection, { written }: Message): void {
    if (written !== undefined) this.#world.tally.add(`writes ${contract} ${written.version}`, id);
  }

  /** Why a message that came over a connection cannot be read; "" when it can. */
  read(link: ConsumeConnection | CallConnection, message: Message, attempt: number): string {
    const { written } = message;
    const contract = this.#contract(message.link.contract);
    if (written === undefined) return "";
    const reader = this.#reads(link, contract);
    const pair = this.#readability[contract.id]?.pairs.find(
      (one) => one.writer === written.version && one.reader === reader,
    );
    const fails = pair?.unreadable.includes(written.sample) === true;
    if (attempt === 1) {
      const what = `reads ${contract.id} ${written.version}`;
      this.#world.tally.add(what, link.id);
      if (fails) this.#world.tally.add(`${what} failed`, link.id);
    }
    return fails ? `unreadable: ${contract.name} ${written.version}, reads ${reader}` : "";
  }

  /** From now on a node or connection speaks another version. */
  rollOut({ target, contract, contractVersion }: Extract<LiveAct, { act: "roll out" }>): void {
    for (const link of this.#world.scenario.connections) {
      const carries = "contract" in link && link.contract === contract;
      if (carries && [link.id, link.from].includes(target))
        this.#rolledOut.set(`writes ${contract} ${link.id}`, contractVersion);
      const isReader =
        link.kind === "consume"
          ? [link.id, link.to].includes(target)
          : link.kind === "call" && carries && link.to === target;
      if (isReader) this.#rolledOut.set(`reads ${contract} ${link.id}`, contractVersion);
    }
  }

  #writes(link: Sender): string {
    const newest = this.#contract(link.contract).contractVersion;
    const rolledOut = this.#rolledOut.get(`writes ${link.contract} ${link.id}`);
    return rolledOut ?? link.contractVersion ?? newest;
  }

  #reads(link: ConsumeConnection | CallConnection, { id, contractVersion }: Contract): string {
    const stated = link.kind === "call" ? link.readAs : link.reads?.[id];
    return this.#rolledOut.get(`reads ${id} ${link.id}`) ?? stated ?? contractVersion;
  }

  #hasSeveral(id: string): boolean {
    return versionsOf(this.#contract(id)).length > 1;
  }

  #contract(id: string): Contract {
    const contract = this.#world.scenario.contracts.find((one) => one.id === id);
    assert(contract !== undefined, `there is a contract ${id}.`);
    return contract;
  }

  /** The rows of the report: connections that deal with contracts of several versions, with what went over them. */
  figures(): ReadonlyMap<string, { readonly messages: number; readonly failed: number }> {
    const { tally, scenario } = this.#world;
    const whats = scenario.contracts.flatMap((contract) =>
      versionsOf(contract).flatMap(({ contractVersion }) =>
        ["writes", "reads"].map((does) => `${does} ${contract.id} ${contractVersion}`),
      ),
    );
    const rows = scenario.connections.flatMap(({ id }) =>
      whats.map((what) => {
        const failed = tally.of(`${what} failed`, id);
        return [`${id} ${what}`, { messages: tally.of(what, id), failed }] as const;
      }),
    );
    return new Map(rows.filter(([, { messages }]) => messages > 0));
  }
}
