// What a comparison with a real broker is made of: small scenarios, each played by the real thing and by the simulation, which
// must come to the same value. A further broker is one more `Candidate`, listed in main.ts.

/** Where a broker of ours listens (on loopback only) and keeps its files. */
export interface Place {
  readonly port: number;
  readonly folder: string;
}

/** A scenario: both sides give plain data that is compared. */
export interface Scenario<Client> {
  /** A sentence: what is compared. */
  readonly name: string;
  /** How the sentence begins under which the manual lists, as simplified or not modelled, that the two differ here. */
  readonly listed?: string;
  simulated(version: string): unknown;
  real(client: Client, version: string): Promise<unknown>;
}

/** A broker that runs. */
export interface Running<Client> {
  readonly client: Client;
  readonly stop: () => Promise<void>;
}

/** A real broker that may be installed. */
export interface Candidate<Client> {
  readonly label: string;
  /** The package of Debian that has it. */
  readonly package: string;
  /** The version that is installed; undefined when there is none. */
  installed(): string | undefined;
  /** The version to which the model is set for a real one, as the model calls it. */
  modelled(version: string): string;
  start(place: Place): Promise<Running<Client>>;
  readonly scenarios: readonly Scenario<Client>[];
  /** What the node lists as simplified and as not modelled. */
  readonly lists: readonly string[];
}

/** The highest of these versions that is not above another; the lowest when all are. Versions are compared number by number. */
export function nearestVersion(options: readonly string[], found: string): string {
  const rising = [...options].toSorted(compareVersions);
  const below = rising.filter((option) => compareVersions(option, found) <= 0);
  return below.at(-1) ?? rising[0] ?? found;
}

function compareVersions(a: string, b: string): number {
  const [as, bs] = [a, b].map((text) => text.split(".").map(Number));
  for (let i = 0; i < Math.min(as!.length, bs!.length); i++)
    if (as![i] !== bs![i]) return as![i]! - bs![i]!;
  return 0;
}
