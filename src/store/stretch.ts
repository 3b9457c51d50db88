// How far one press of a key goes in the time of a run.

/** About a sixtieth of a run, as 1, 2 or 5 times a power of ten: 1 s of a minute, 10 s of ten minutes [ns]. */
export function stretchNs(durationNs: number): number {
  const wishNs = durationNs / 60;
  let powerNs = 1;
  while (powerNs * 10 <= wishNs) powerNs *= 10;
  return powerNs * ([5, 2].find((factor) => powerNs * factor <= wishNs) ?? 1);
}
