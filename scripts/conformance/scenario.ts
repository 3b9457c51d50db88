// What a comparison with a real broker is made of: small scenarios, each played by the real thing and by the simulation, which
// must come to the same value. A further broker is one more `Candidate`, listed in main.ts.

/** A scenario: both sides give plain data that is compared. */
export interface Scenario<Client> {
  /** A sentence: what is compared. */
  readonly name: string;
  simulated(version: string): unknown;
  real(client: Client, version: string): Promise<unknown>;
}

/** A real broker that may be installed. */
export interface Candidate<Client> {
  readonly label: string;
  /** Its program, and the package of Debian that has it. */
  readonly program: string;
  readonly package: string;
  /** How its version is asked for. */
  readonly versionArguments: readonly string[];
  /** Arguments with which it listens on a port of loopback only and keeps its files in a folder. */
  serverArguments(port: number, folder: string): readonly string[];
  connect(port: number): Promise<Client>;
  close(client: Client): void;
  readonly scenarios: readonly Scenario<Client>[];
}
