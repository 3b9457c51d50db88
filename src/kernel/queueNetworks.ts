// Networks of queues: the traffic equations of open (Jackson) networks, and mean value analysis of closed ones.
// Sources: J. R. Jackson, Networks of Waiting Lines, 1957; Reiser and Lavenberg, Mean-Value Analysis, 1980.

/** Arrival rate at every station of an open network, from outside and from other stations: the solution of
 *  λ_j = external_j + Σ λ_i routing_ij. Undefined when what comes in can never leave. */
export function solveTraffic(
  external: readonly number[],
  routing: readonly (readonly number[])[],
): readonly number[] | undefined {
  const n = external.length;
  // Rows of (I − routing transposed | external), eliminated with the largest pivot of each column.
  const rows = external.map((rate, j) => {
    const row = Float64Array.from({ length: n + 1 }, (_, i) => (i === j ? 1 : 0) - routingOf(i, j));
    row[n] = rate;
    return row;
  });
  function routingOf(from: number, to: number): number {
    return routing[from]?.[to] ?? 0;
  }
  for (let column = 0; column < n; column++) {
    if (!pivot(rows, column)) return undefined;
    for (let row = 0; row < n; row++) if (row !== column) eliminate(rows, row, column);
  }
  const rates = rows.map((row, i) => row[n]! / row[i]!);
  return rates.every((rate) => rate >= -1e-9 && rate < Infinity)
    ? rates.map((rate) => Math.max(0, rate))
    : undefined;
}

function pivot(rows: Float64Array[], column: number): boolean {
  let best = column;
  for (let row = column + 1; row < rows.length; row++)
    if (Math.abs(rows[row]![column]!) > Math.abs(rows[best]![column]!)) best = row;
  const kept = rows[column]!;
  rows[column] = rows[best]!;
  rows[best] = kept;
  return Math.abs(rows[column][column]!) > 1e-12;
}

function eliminate(rows: readonly Float64Array[], row: number, column: number): void {
  const target = rows[row]!;
  const source = rows[column]!;
  const factor = target[column]! / source[column]!;
  if (factor === 0) return;
  for (let i = column; i < target.length; i++) target[i]! -= factor * source[i]!;
}

/** A station of a closed network: one server with a line, visited some times per round. */
export interface ClosedStation {
  readonly visits: number;
  readonly serviceMean: number;
}

/** Long-run figures of a closed network. */
export interface ClosedFigures {
  /** Rounds per unit of time. */
  readonly throughput: number;
  /** Time of one visit per station, waiting included. */
  readonly timeInStation: readonly number[];
  /** Mean number waiting and in service per station. */
  readonly meanInStation: readonly number[];
  readonly utilisation: readonly number[];
}

/** A fixed number of customers that think and then visit stations with exponential service, round after round. */
export function meanValueAnalysis(
  population: number,
  thinkMean: number,
  stations: readonly ClosedStation[],
): ClosedFigures {
  let meanInStation = stations.map(() => 0);
  let timeInStation = stations.map(({ serviceMean }) => serviceMean);
  let throughput = 0;
  for (let customers = 1; customers <= population; customers++) {
    // Who arrives sees the network as it is with one customer less.
    timeInStation = stations.map(({ serviceMean }, i) => serviceMean * (1 + meanInStation[i]!));
    const round = stations.reduce((sum, { visits }, i) => sum + visits * timeInStation[i]!, 0);
    throughput = customers / (thinkMean + round);
    meanInStation = stations.map(({ visits }, i) => throughput * visits * timeInStation[i]!);
  }
  const utilisation = stations.map(({ visits, serviceMean }) => throughput * visits * serviceMean);
  return { throughput, timeInStation, meanInStation, utilisation };
}
