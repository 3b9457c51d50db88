// The patterns of PSUBSCRIBE: `*` any text, `?` one character, `[a-z]` one of some, `[^a]` none of some, `\` takes the next
// character as it is.

interface Step {
  readonly kind: "any" | "one";
  /** Whether a character fits; of "one" only. */
  readonly fits: (character: string) => boolean;
}

const anyText: Step = { kind: "any", fits: () => true };

/** Compiles a pattern once; matching takes at most the product of both lengths. */
export function compileGlob(pattern: string): (text: string) => boolean {
  const steps = stepsOf(pattern);
  return (text) => matches(steps, text);
}

function stepsOf(pattern: string): readonly Step[] {
  const steps: Step[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at]!;
    at++;
    if (character === "*") {
      if (steps.at(-1) !== anyText) steps.push(anyText);
    } else if (character === "?") steps.push({ kind: "one", fits: () => true });
    else if (character === "[") {
      const end = endOfClass(pattern, at);
      steps.push({ kind: "one", fits: classOf(pattern.slice(at, end)) });
      at = end + 1;
    } else {
      const wanted = character === "\\" && at < pattern.length ? pattern[at++]! : character;
      steps.push({ kind: "one", fits: (other) => other === wanted });
    }
  }
  return steps;
}

/** Where a class ends: at its bracket, or at the end of the pattern, as in Redis. */
function endOfClass(pattern: string, from: number): number {
  for (let at = from; at < pattern.length; at++) {
    if (pattern[at] === "\\") at++;
    else if (pattern[at] === "]") return at;
  }
  return pattern.length;
}

function classOf(text: string): (character: string) => boolean {
  const isNegated = text[0] === "^";
  const ranges: [string, string][] = [];
  for (let at = isNegated ? 1 : 0; at < text.length; at++) {
    if (text[at] === "\\" && at + 1 < text.length) at++;
    const from = text[at]!;
    const isRange = text[at + 1] === "-" && at + 2 < text.length;
    const to = isRange ? text[(at += 2)]! : from;
    ranges.push(from <= to ? [from, to] : [to, from]);
  }
  return (character) =>
    ranges.some(([from, to]) => character >= from && character <= to) !== isNegated;
}

function matches(steps: readonly Step[], text: string): boolean {
  let s = 0;
  let t = 0;
  let afterAny = -1;
  let anyTookUntil = 0;
  while (t < text.length) {
    const step = steps[s];
    if (step?.kind === "any") {
      afterAny = ++s;
      anyTookUntil = t;
    } else if (step?.fits(text[t]!) === true) {
      s++;
      t++;
    } else if (afterAny >= 0) {
      s = afterAny;
      t = ++anyTookUntil;
    } else return false;
  }
  if (steps[s]?.kind === "any") s++;
  return s === steps.length;
}
