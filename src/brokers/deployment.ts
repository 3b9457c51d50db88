// What a technology knows about setting up the real thing: files that its own tools read, its part of a compose file, and
// the words of catalogues. Loaded only when somebody exports.

import type { BrokerConfig, ChannelConfig } from "./technology.ts";

/** A file: a text, or data that is written as JSON or as one or several YAML documents. */
export type DeploymentFile = { readonly name: string } & (
  | { readonly text: string }
  | { readonly json: object }
  | { readonly yaml: readonly object[] }
);

/** Files, and what they cannot say: sentences. */
export interface Deployed {
  readonly files: readonly DeploymentFile[];
  readonly remarks: readonly string[];
}

/** A broker to be set up. */
export interface Deployable {
  readonly config: BrokerConfig;
  /** A name that DNS allows and no other broker has. */
  readonly host: string;
}

/** A form in which the channels of brokers can be set up. */
export interface SetUp {
  /** Typed in the terminal. */
  readonly id: string;
  readonly label: string;
  /** One sentence: what it is and which tool reads it. */
  readonly description: string;
  /** Something to choose; the first option is chosen until somebody chooses. */
  readonly choice?: {
    readonly id: string;
    readonly label: string;
    readonly help: string;
    readonly options: readonly { readonly value: string; readonly label: string }[];
  };
  /** The files of one broker; their names need not carry that of the broker. */
  files(broker: Deployable, chosen: string): Deployed;
}

/** The part of a compose file that one broker takes. */
export interface ComposePart extends Deployed {
  /** Services by name; every name begins with the broker's host. */
  readonly services: Readonly<Record<string, object>>;
}

/** How the brokers of a technology are set up. */
export interface TechnologyDeployment {
  readonly setUps: readonly SetUp[];
  /** Containers for a broker. Files are mounted from the folder named after its host, where they will lie; `portFrom`
   *  gives the first free port of the machine from a number upwards. */
  compose(broker: Deployable, portFrom: (wish: number) => number): ComposePart;
  /** What a catalogue calls a channel, such as "kafka-topic". */
  resourceType(channel: ChannelConfig): string;
}
