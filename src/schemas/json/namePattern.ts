// Whether the name of a property fits a pattern of `patternProperties`, in bounded time: patterns are hostile input.

/** Longest name that is matched [UTF-16 units]. */
const nameLengthMax = 100;

/** Most repetitions in a pattern: matching takes at most about the length of the name to this power. */
const repetitionsMax = 4;

/** Whether a name fits a pattern. Patterns that are not valid, or may take very long, are taken to fit: then the schema
 *  under them is compared with the property. */
export function matchesName(pattern: string, name: string): boolean {
  if (name.length > nameLengthMax || isSlow(pattern)) return true;
  try {
    return new RegExp(pattern, "u").test(name);
  } catch {
    return true;
  }
}

function isSlow(pattern: string): boolean {
  const repeatsGroup = /\)[*+{]/u.test(pattern);
  return repeatsGroup || (pattern.match(/[*+{]/gu)?.length ?? 0) > repetitionsMax;
}
