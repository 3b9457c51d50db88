// The order in which a new version of a contract is rolled out. What is only BACKWARD compatible promises that new readers
// read old messages: readers first, then writers (Confluent's guide to compatibility types).

import { nameOf } from "../elements.ts";
import { listOf } from "./words.ts";
import type { ConsumeConnection, Contract, Scenario } from "../scenario.ts";
import type { RollOutEntry } from "../timeline.ts";
import type { Advice } from "./advice.ts";
import { publishersTo } from "./facts.ts";

/** How long before the writers the readers are rolled out [ms]. */
const leadMs = 1000;

/** Versions that writers speak before all their readers understand them. */
export function rolledOutTooEarly(scenario: Scenario): readonly Advice[] {
  return scenario.contracts.flatMap((contract) => {
    const { compatibility = "BACKWARD" } = contract;
    return compatibility.startsWith("BACKWARD") ? tooEarly(scenario, contract) : [];
  });
}

function tooEarly(scenario: Scenario, contract: Contract): readonly Advice[] {
  const rollOuts = scenario.timeline.filter(
    (entry): entry is RollOutEntry => entry.act === "roll out" && entry.contract === contract.id,
  );
  const writers = writersOf(scenario, contract.id);
  return rollOuts
    .filter(({ target }) => writers.has(target))
    .flatMap((entry) => {
      const late = readersOf(scenario, contract.id).filter((reader) =>
        isLate(contract, reader, { entry, rollOuts }),
      );
      return late.length === 0 ? [] : [readersFirst(scenario, entry, late)];
    });
}

/** Publish connections of a contract, and the nodes that publish over them. */
function writersOf(scenario: Scenario, contract: string): ReadonlySet<string> {
  return new Set(
    scenario.connections.flatMap((one) =>
      one.kind === "publish" && one.contract === contract ? [one.id, one.from] : [],
    ),
  );
}

function readersOf(scenario: Scenario, contract: string): readonly ConsumeConnection[] {
  const writers = writersOf(scenario, contract);
  return scenario.connections.filter(
    (one): one is ConsumeConnection =>
      one.kind === "consume" && [...publishersTo(scenario, one.from)].some((id) => writers.has(id)),
  );
}

function isLate(
  contract: Contract,
  reader: ConsumeConnection,
  { entry, rollOuts }: { readonly entry: RollOutEntry; readonly rollOuts: readonly RollOutEntry[] },
): boolean {
  const versions = [...(contract.earlier ?? []), contract].map((one) => one.contractVersion);
  const reads = reader.reads?.[contract.id] ?? contract.contractVersion;
  if (versions.indexOf(reads) >= versions.indexOf(entry.contractVersion)) return false;
  return !rollOuts.some(
    ({ at, target, contractVersion }) =>
      (target === reader.id || target === reader.to) &&
      contractVersion === entry.contractVersion &&
      at <= entry.at,
  );
}

function readersFirst(
  scenario: Scenario,
  entry: RollOutEntry,
  late: readonly ConsumeConnection[],
): Advice {
  const names = [...new Set(late.map(({ to }) => nameOf(scenario, to)))];
  return {
    code: "advice/writers-before-readers",
    element: entry.target,
    risk: `${nameOf(scenario, entry.target)} writes ${nameOf(scenario, entry.contract)} ${entry.contractVersion} before ${listOf(names)} ${names.length === 1 ? "reads" : "read"} it.`,
    why: "BACKWARD promises only that new readers read old messages: until readers are rolled out, they may fail on every new one.",
    remedy: "Roll it out at the readers first",
    mend: (next) => withReadersFirst(next, entry, late),
  };
}

function withReadersFirst(
  scenario: Scenario,
  entry: RollOutEntry,
  late: readonly ConsumeConnection[],
): Scenario {
  const targets = new Set(late.map(({ to }) => to));
  const at = Math.max(0, entry.at - leadMs);
  const { contract, contractVersion } = entry;
  const isMoved = (other: Scenario["timeline"][number]): boolean =>
    other.act === "roll out" &&
    other.contract === contract &&
    other.contractVersion === contractVersion &&
    late.some(({ id, to }) => other.target === id || other.target === to);
  const first = [...targets].map((target): RollOutEntry => ({
    at,
    act: "roll out",
    target,
    contract,
    contractVersion,
  }));
  return { ...scenario, timeline: [...first, ...scenario.timeline.filter((one) => !isMoved(one))] };
}
