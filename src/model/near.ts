// Finding the words that somebody probably meant.

// Comparing with every id of a large document, once per problem, would take seconds.
const candidatesMax = 300;

/** Up to three candidates that resemble a word, the closest first. */
export function nearest(word: string, candidates: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase().slice(0, 64);
  const tolerance = Math.max(1, Math.floor(wanted.length / 3));
  return candidates
    .slice(0, candidatesMax)
    .map((candidate) => ({ candidate, steps: closeness(wanted, candidate.toLowerCase()) }))
    .filter(({ steps }) => steps <= tolerance)
    .sort((a, b) => a.steps - b.steps || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** The beginning of a question such as `did you mean "rate"?`, or "" when nothing resembles the word. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates).map((candidate) => `"${candidate}"`);
  return near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
}

function closeness(wanted: string, candidate: string): number {
  const isPart = wanted.length >= 3 && (candidate.includes(wanted) || wanted.includes(candidate));
  return isPart && candidate !== "" ? 0.5 : editDistance(wanted, candidate);
}

/** Letters to insert, remove or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
