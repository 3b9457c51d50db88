// The mark of a technology on its cards, made for Spillway (nobody's trademark): two letters on the broker's colour.

const letters: Readonly<Record<string, string>> = { kafka: "Ka", rabbitmq: "Rq" };

/** Two letters. */
export function markOf(technology: string): string {
  return letters[technology] ?? technology.slice(0, 2);
}
