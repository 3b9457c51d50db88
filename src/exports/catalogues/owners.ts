// Who owns what, as far as a scenario says: contracts name an owner, and an application belongs to the owner of what it
// sends or answers.

import { deedsOf, type Plan } from "../../contracts/routes.ts";
import type { Contract } from "../../model/scenario.ts";

/** Stands where nobody is named; catalogues do not take nothing for an answer. */
export const nobody = "unassigned";

/** The owner of a contract as a name that catalogues take. */
export function ownerOf({ owner = "" }: Contract): string {
  const name = owner
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9._-]+/gu, "-")
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/gu, "")
    .slice(0, 63);
  return name === "" ? nobody : name;
}

/** The owner of a producer or service: of the first contract with one that it sends or answers. */
export function ownerOfApplication(plan: Plan, application: string): string {
  const { publishes, answers } = deedsOf(plan, application);
  const own = [
    ...publishes.flatMap(({ contract }) => plan.contracts.get(contract) ?? []),
    ...answers.map(({ contract }) => contract),
  ];
  return own.map(ownerOf).find((owner) => owner !== nobody) ?? nobody;
}

/** A sentence about those without an owner; none where everybody has one. */
export function remarksOn(owners: readonly string[]): readonly string[] {
  const count = owners.filter((owner) => owner === nobody).length;
  if (count === 0) return [];
  return [
    `Nobody is named as the owner of ${count === 1 ? "one entry" : `${count} entries`}, so “${nobody}” stands there. Contracts can name an owner.`,
  ];
}
