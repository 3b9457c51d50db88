// Who is affected by a new version of a contract: the consumers that cannot read it as soon as somebody writes it, and the
// producers whose messages cannot be read any more as soon as somebody reads with it.

import type { Problem } from "../base/problem.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { formatOf, versionOf } from "../model/contracts.ts";
import { nameOf } from "../model/elements.ts";
import type { Contract, PayloadSchema, Scenario } from "../model/scenario.ts";
import { type Dealing, dealings, versionAtStart } from "../model/versions.ts";
import type { Change, CompatibilityPolicy } from "../schemas/change.ts";
import { compareSchemas } from "../schemas/compatibility.ts";
import { planOf } from "./routes.ts";

/** Somebody who deals with an earlier version and does not get on with the new one. */
export interface Affected {
  /** Id of the connection over which it reads or writes. */
  readonly connection: string;
  /** Id and name of the producer or service. */
  readonly node: string;
  readonly name: string;
  /** Whether it reads or writes the contract. */
  readonly does: "reads" | "writes";
  /** The version that it speaks. */
  readonly contractVersion: string;
  /** What breaks. */
  readonly changes: readonly Change[];
}

/** A version that may come. */
export interface Proposal {
  /** Id of the contract. */
  readonly contract: string;
  readonly schema: PayloadSchema;
  /** For JSON Schema; absent: STRICT. */
  readonly policy?: CompatibilityPolicy;
}

/** Everybody who speaks a version at the start of the run that does not get on with the proposed one, in the order of
 *  the document. Fails where a schema cannot be read. */
export function affectedBy(
  scenario: Scenario,
  proposal: Proposal,
): Result<readonly Affected[], readonly Problem[]> {
  const contract = scenario.contracts.find(({ id }) => id === proposal.contract);
  if (contract === undefined) return succeed([]);
  const compared = new Map<string, Result<readonly Change[], readonly Problem[]>>();
  const affected: Affected[] = [];
  for (const dealing of dealingsThatMeet(scenario, contract)) {
    const spoken = versionAtStart(dealing, contract);
    if (spoken === undefined) continue;
    const key = `${dealing.does} ${spoken}`;
    const found = compared.get(key) ?? breakingChanges(contract, proposal, { dealing, spoken });
    compared.set(key, found);
    if (!found.ok) return found;
    if (found.value.length > 0) affected.push(describe(scenario, { dealing, spoken }, found.value));
  }
  return succeed(affected);
}

// Consumers count only where the contract really comes.
function dealingsThatMeet(scenario: Scenario, { id }: Contract): readonly Dealing[] {
  const { reaching } = planOf(scenario);
  return dealings(scenario, id).filter(
    ({ connection }) =>
      connection.kind !== "consume" || (reaching.get(connection.from) ?? []).includes(id),
  );
}

interface Speaker {
  readonly dealing: Dealing;
  readonly spoken: string;
}

function breakingChanges(
  contract: Contract,
  { schema, policy = "STRICT" }: Proposal,
  { dealing, spoken }: Speaker,
): Result<readonly Change[], readonly Problem[]> {
  const known = versionOf(contract, spoken)?.schema;
  if (known === undefined) return succeed([]);
  const compared = compareSchemas(
    formatOf(contract),
    dealing.does === "reads"
      ? { reader: known, writer: schema, policy, next: "writer" }
      : { reader: schema, writer: known, policy, next: "reader" },
  );
  if (!compared.ok) return fail(compared.failure);
  return succeed(compared.value.changes.filter(({ isBreaking }) => isBreaking));
}

function describe(
  scenario: Scenario,
  { dealing: { connection, does }, spoken }: Speaker,
  changes: readonly Change[],
): Affected {
  const node = does === "reads" ? connection.to : connection.from;
  return {
    connection: connection.id,
    node,
    name: nameOf(scenario, node),
    does,
    contractVersion: spoken,
    changes,
  };
}
