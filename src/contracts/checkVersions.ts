// What a change of a schema will break, before it is rolled out: the consumers that get a version which they cannot read,
// and versions that the registry will refuse. It looks up the same table as the run, so the two cannot disagree.

import type { Problem } from "../base/problem.ts";
import { formatDurationMs } from "../base/units.ts";
import { compatibilityOf, hasVersions, versionsOf } from "../model/contracts.ts";
import { nameOf } from "../model/elements.ts";
import {
  type BrokenRule,
  isTransitive,
  type Readability,
  registeredAtStart,
  samplesPerVersion,
  type VersionPair,
  type VersionTable,
} from "../model/readability.ts";
import type { Connection, Contract, Scenario } from "../model/scenario.ts";
import { type Spoken, spokenOf } from "../model/versions.ts";
import { publishersByChannel } from "../model/publishers.ts";

/** A version that is spoken over a connection for some time. */
interface Stretch {
  readonly spoken: Spoken;
  /** [ms]; −1 from the start. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Problems of all contracts with several versions, with what was found out about these. */
export function checkVersions(scenario: Scenario, readability: Readability): readonly Problem[] {
  const reaching = publishersByChannel(scenario);
  return scenario.contracts.filter(hasVersions).flatMap((contract) => {
    const table = readability[contract.id];
    if (table === undefined) return [];
    const stretches = stretchesOf(scenario, contract);
    const refused = refusalsOf(scenario, { contract, table, stretches });
    const accepted = stretches.filter(
      (one) => one.spoken.does === "writes" && !refused.some(({ stretch }) => stretch === one),
    );
    const comesTo = (writer: Connection, service: string): boolean =>
      reachesService(scenario, reaching, writer, service);
    const getsOther = (service: string): boolean =>
      scenario.connections.some(
        (link) => "contract" in link && link.contract !== contract.id && comesTo(link, service),
      );
    const writers = withDeadLetters(
      accepted.filter(
        // After another event a dead letter is written anew, otherwise it is only passed on.
        ({ spoken: { connection } }) => !isForFailure(connection) || getsOther(connection.from),
      ),
      { ways: deadLetterWays(scenario, contract.id), comesTo },
    );
    const readers = stretches.filter(({ spoken }) => spoken.does === "reads");
    const unreadable = readers.flatMap((reader) => {
      const reached = writers.filter(
        (writer) =>
          // What was written before may still be waiting, what is written later never comes to this reader.
          reader.untilMs > writer.fromMs && reaches(reaching, writer.spoken, reader.spoken),
      );
      return unreadableOf(scenario, contract, table, { reader, writers: reached });
    });
    return [...refused.map(({ problem }) => problem), ...unreadable];
  });
}

function reaches(
  reaching: ReadonlyMap<string, ReadonlySet<string>>,
  writer: Spoken,
  reader: Spoken,
): boolean {
  const from = writer.connection;
  const to = reader.connection;
  if (from.kind === "call" || to.kind === "call") return from.id === to.id;
  return reaching.get(to.from)?.has(from.id) === true;
}

/** When which version is spoken over which connection. */
function stretchesOf(scenario: Scenario, contract: Contract): readonly Stretch[] {
  const speakers = new Map<string, Spoken[]>();
  for (const spoken of spokenOf(scenario, contract)) {
    const name = `${spoken.does} ${spoken.connection.id}`;
    const before = speakers.get(name);
    if (before === undefined) speakers.set(name, [spoken]);
    else before.push(spoken);
  }
  return [...speakers.values()].flatMap((list) =>
    list.flatMap((spoken, i) => {
      const fromMs = spoken.atMs ?? -1;
      const untilMs = list[i + 1]?.atMs ?? Infinity;
      return untilMs > Math.max(0, fromMs) ? [{ spoken, fromMs, untilMs }] : [];
    }),
  );
}

/** What services publish after a final failure goes on as it came, in whatever version they get it. */
function withDeadLetters(
  writers: readonly Stretch[],
  {
    ways,
    comesTo,
  }: {
    readonly ways: readonly Connection[];
    readonly comesTo: (writer: Connection, service: string) => boolean;
  },
): readonly Stretch[] {
  const all = [...writers];
  // An array walks over what is added meanwhile; each way passes each stretch on once.
  for (const stretch of all)
    for (const connection of ways) {
      const { contractVersion, atMs } = stretch.spoken;
      const isKnown = all.some(
        ({ spoken }) =>
          spoken.connection === connection &&
          spoken.contractVersion === contractVersion &&
          spoken.atMs === atMs,
      );
      if (isKnown || !comesTo(stretch.spoken.connection, connection.from)) continue;
      all.push({ ...stretch, untilMs: Infinity, spoken: { ...stretch.spoken, connection } });
    }
  return all;
}

function deadLetterWays(scenario: Scenario, contract: string): readonly Connection[] {
  return scenario.connections.filter(
    (link) => isForFailure(link) && "contract" in link && link.contract === contract,
  );
}

function isForFailure(connection: Connection): boolean {
  return connection.kind === "publish" && connection.on === "failure";
}

/** Whether what is written over a connection comes to a service. */
function reachesService(
  scenario: Scenario,
  reaching: ReadonlyMap<string, ReadonlySet<string>>,
  writer: Connection,
  service: string,
): boolean {
  if (writer.kind === "call") return writer.to === service;
  return scenario.connections.some(
    (link) =>
      link.kind === "consume" &&
      link.to === service &&
      reaching.get(link.from)?.has(writer.id) === true,
  );
}

interface Question {
  readonly contract: Contract;
  readonly table: VersionTable;
  readonly stretches: readonly Stretch[];
}

/** Versions that the registry does not take when they are first published. */
function refusalsOf(
  scenario: Scenario,
  { contract, table, stretches }: Question,
): readonly { readonly stretch: Stretch; readonly problem: Problem }[] {
  const mode = compatibilityOf(contract);
  const published = stretches.filter(
    ({ spoken }) => spoken.does === "writes" && spoken.connection.kind === "publish",
  );
  const start = published
    .filter(({ spoken }) => spoken.atMs === undefined)
    .map(({ spoken }) => spoken.contractVersion);
  const registered = [...registeredAtStart(contract, start)];
  if (mode === "NONE") return [];
  return published
    .toSorted((a, b) => a.fromMs - b.fromMs)
    .flatMap((stretch) => {
      const { contractVersion: version, connection } = stretch.spoken;
      if (registered.includes(version)) return [];
      const others = isTransitive(mode) ? registered : registered.slice(-1);
      const conflict = table.conflicts.find(
        (one) => one.version === version && others.includes(one.registered),
      );
      if (conflict === undefined) {
        registered.push(version);
        return [];
      }
      const when = momentOf(stretch);
      const problem: Problem = {
        code: "version/refused",
        severity: "warning",
        path: `/connections/${scenario.connections.indexOf(connection)}`,
        element: connection.from,
        message: `The registry refuses ${contract.name} ${version} of ${nameOf(scenario, connection.from)}${when}, because it is not ${mode} compatible with ${conflict.registered}: ${rulesText(conflict.broken)}. Its publications fail. Change the schema, or ask the registry for something else.`,
      };
      return [{ stretch, problem }];
    });
}

function unreadableOf(
  scenario: Scenario,
  contract: Contract,
  table: VersionTable,
  { reader, writers }: { readonly reader: Stretch; readonly writers: readonly Stretch[] },
): readonly Problem[] {
  const { connection, contractVersion } = reader.spoken;
  const names = versionsOf(contract).map((version) => version.contractVersion);
  return names.flatMap((version) => {
    const pair = table.pairs.find(
      (one) => one.writer === version && one.reader === contractVersion,
    );
    const first = writers.find(({ spoken }) => spoken.contractVersion === version);
    if (pair === undefined || pair.broken.length === 0 || first === undefined) return [];
    const since = first.fromMs > reader.fromMs ? first : reader;
    return [
      {
        code: "version/unreadable",
        severity: "warning",
        path: `/connections/${scenario.connections.indexOf(connection)}`,
        element: connection.to,
        message: `${nameOf(scenario, connection.to)} reads ${contract.name} ${contractVersion}, and ${version}, which it gets${momentOf(since)}, is not readable for it: ${rulesText(pair.broken)}. ${outcomeOf(pair)}`,
      },
    ];
  });
}

function momentOf({ fromMs }: Stretch): string {
  return fromMs <= 0 ? "" : ` from ${formatDurationMs(fromMs)} on`;
}

function outcomeOf({ unreadable, writer }: VersionPair): string {
  if (unreadable.length === 0)
    return "No message was found that breaks, so none fails in the run. A message could, though: see the rule.";
  const share =
    unreadable.length === samplesPerVersion
      ? "Every sample message fails"
      : `${unreadable.length} of ${samplesPerVersion} sample messages fail`;
  return `${share}. Let it read ${writer} first, or make the change compatible.`;
}

/** "MAX_LENGTH_ADDED at /properties/name and 2 more". */
function rulesText([first, ...more]: readonly BrokenRule[]): string {
  if (first === undefined) return "a rule is broken";
  const place = first.path === "" ? "" : ` at ${first.path}`;
  return `${first.rule}${place}${more.length === 0 ? "" : ` and ${more.length} more`}`;
}
