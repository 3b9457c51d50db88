// Regular expressions that can take exponential time on a short text, recognised by their shape: a repetition inside a
// repetition, or a repeated choice. Cautious: some harmless ones are recognised too.

/** Repetitions above this many times count as without end. */
const repeatsMax = 16;

/** Whether matching may take very long on some text. */
export function isSlowPattern(pattern: string): boolean {
  const open: { repeats: boolean; chooses: boolean }[] = [];
  let inside = { repeats: false, chooses: false };
  for (let i = 0; i < pattern.length; i++) {
    const unit = pattern[i];
    if (unit === "\\") i++;
    else if (unit === "[") i = endOfClass(pattern, i);
    else if (unit === "|") inside.chooses = true;
    else if (unit === "(") {
      open.push(inside);
      inside = { repeats: false, chooses: false };
    } else if (unit === ")") {
      const closed = inside;
      inside = open.pop() ?? { repeats: false, chooses: false };
      if (repeatsAt(pattern, i + 1) && (closed.repeats || closed.chooses)) return true;
      inside.repeats ||= closed.repeats;
    } else if (repeatsAt(pattern, i)) inside.repeats = true;
  }
  return false;
}

function endOfClass(pattern: string, start: number): number {
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern[i] === "\\") i++;
    else if (pattern[i] === "]" && i > start + 1) return i;
  }
  return pattern.length;
}

function repeatsAt(pattern: string, at: number): boolean {
  const unit = pattern[at];
  if (unit === "*" || unit === "+") return true;
  if (unit !== "{") return false;
  const bounds = /^\{(\d+)(,(\d*))?\}/u.exec(pattern.slice(at, at + 24));
  if (bounds === null) return false;
  const [, least, range, most] = bounds;
  return (
    Number(least) > repeatsMax ||
    (range !== undefined && (most === "" || Number(most) > repeatsMax))
  );
}
