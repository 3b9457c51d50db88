// How rules put names into a sentence.

/** "Billing", "Billing and Shipping", "Billing, Shipping and Support". */
export function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
