// Whether each version of a contract may follow the ones before it, as its registry would have decided.

import type { Problem } from "../base/problem.ts";
import type { Result } from "../base/result.ts";
import { compatibilityOf, formatOf, versionsOf } from "../model/contracts.ts";
import type { CompatibilityMode, Contract } from "../model/scenario.ts";
import type { CompatibilityPolicy } from "./change.ts";
import { checkCompatibility, type CompatibilityVerdict } from "./compatibility.ts";

/** The verdict about one version of a contract. */
export interface VersionVerdict {
  readonly contractVersion: string;
  readonly mode: CompatibilityMode;
  readonly verdict: Result<CompatibilityVerdict, readonly Problem[]>;
}

/** What a registry is to ask, where it is not what the contract says. */
export interface RegistryRules {
  readonly mode?: CompatibilityMode;
  readonly policy?: CompatibilityPolicy;
}

/** The verdict about each version that follows another, the oldest first; empty: there is only one. */
export function checkContractVersions(
  contract: Contract,
  rules: RegistryRules = {},
): readonly VersionVerdict[] {
  const { mode = compatibilityOf(contract), policy = "STRICT" } = rules;
  const versions = versionsOf(contract).map(({ contractVersion, schema }) => ({
    name: contractVersion,
    schema,
  }));
  return versions.slice(1).map((next, index) => ({
    contractVersion: next.name,
    mode,
    verdict: checkCompatibility({
      format: formatOf(contract),
      mode,
      policy,
      history: versions.slice(0, index + 1),
      next,
    }),
  }));
}
