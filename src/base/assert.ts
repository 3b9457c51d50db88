// Assertions for states that only a bug of ours can bring about; nothing catches them but the boundary.

/** Throws when `condition` does not hold. The sentence says what must be true and what to look at. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`Spillway found a mistake of its own: ${sentence}`);
}

/** The default branch of an exhaustive switch: the compiler proves that it is never reached. */
export function assertNever(value: never): never {
  throw new Error(`Spillway met a case it does not know: ${JSON.stringify(value)}`);
}
