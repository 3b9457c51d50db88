// What a generator has to say when it gives up, as the end of a sentence.

/** Longest part of a message that is repeated [UTF-16 units]. */
const lengthMax = 200;

/** The first line of an error's message. */
export function plainReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [line = ""] = message.split("\n");
  const short = line.length > lengthMax ? `${line.slice(0, lengthMax)}…` : line;
  return `the generator says “${short || "nothing"}”.`;
}
