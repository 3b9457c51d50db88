// The scenario document: the types of its newest version. Durations in milliseconds, rates per second, sizes in bytes.
// Everything has an id that is unique in the document. Keys beginning with `x-` are kept and never read.

import type { Parameters } from "../base/fields.ts";
import type { TechnologyId } from "../brokers/index.ts";
import type { BridgeStyleId } from "../nodes/bridge.ts";
import type { Handler } from "./handler.ts";
import type { Bookmark } from "./bookmarks.ts";
import type { Group, Note } from "./grouping.ts";
import type { TimelineEntry } from "./timeline.ts";

/** Extensions: any JSON under a key that begins with `x-`. */
export interface Extensible {
  readonly [extension: `x-${string}`]: unknown;
}

/** A scenario: topology, contracts, load, timeline, objectives, seed and layout in one document. */
export interface Scenario extends Extensible {
  /** Address of the JSON Schema, for editors; never read. */
  readonly $schema?: string;
  readonly format: "spillway";
  /** Version of the document format, not of the scenario. */
  readonly version: 1;
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** Whom to ask about the system. */
  readonly contact?: Contact;
  /** Under which licence its descriptions may be used. */
  readonly licence?: Licence;
  /** Seed of every random stream, 0 to 2^32 − 1. */
  readonly seed: number;
  readonly load: Load;
  readonly nodes: readonly Node[];
  readonly channels: readonly Channel[];
  readonly connections: readonly Connection[];
  readonly contracts: readonly Contract[];
  readonly timeline: readonly TimelineEntry[];
  readonly objectives: readonly Objective[];
  /** What one shows of the run, in this order; it changes nothing in a run. */
  readonly bookmarks?: readonly Bookmark[];
  /** Nodes that are drawn as one; nothing in a run knows of them. */
  readonly groups?: readonly Group[];
  readonly notes?: readonly Note[];
  /** Texts from which elements were imported, kept word for word. */
  readonly sources?: readonly SourceText[];
  readonly layout: Layout;
}

/** A person or a team, and where they are reached. */
export interface Contact extends Extensible {
  readonly name?: string;
  readonly url?: string;
  readonly email?: string;
}

/** A licence by its name, such as "MIT". */
export interface Licence extends Extensible {
  readonly name: string;
  /** Where its text stands. */
  readonly url?: string;
}

/** How long the run lasts and how long the producers produce. What they produce is in their parameters. */
export interface Load extends Extensible {
  /** Length of the run [ms]. */
  readonly duration: number;
  /** When the producers stop [ms]; absent: at the end. The rest of the run drains. */
  readonly sourcesStopAt?: number;
  /** Start of the run that latencies, rates and means of the report leave out [ms]; absent: nothing. */
  readonly warmUp?: number;
}

interface Element extends Extensible {
  readonly id: string;
  /** Shown name; the id where it is absent. */
  readonly name?: string;
  readonly description?: string;
  /** What differs from the defaults of the kind. */
  readonly parameters?: Parameters;
  /** Where it was imported from; several places where several documents describe it. */
  readonly origins?: readonly Origin[];
}

/** A text that was imported, such as an AsyncAPI document. */
export interface SourceText extends Extensible {
  readonly id: string;
  /** Name of the file, with the folders inside what was imported: "orders/asyncapi.yaml". */
  readonly name: string;
  readonly text: string;
}

/** A place in a text that was imported. */
export interface Origin {
  /** Id of the text. */
  readonly source: string;
  /** JSON Pointer into it, such as "/channels/orders". */
  readonly pointer: string;
}

/** A producer or store. */
export interface PlainNode extends Element {
  readonly kind: "producer" | "store";
}

/** Kinds of node that handle requests or messages and are no service. */
export const stationKinds = ["external", "function", "gateway", "processor"] as const;

/** One of these kinds. */
export type StationKind = (typeof stationKinds)[number];

/** A node that handles requests or messages and is no service. */
export interface StationNode extends Element {
  readonly kind: StationKind;
}

/** A service. */
export interface ServiceNode extends Element {
  readonly kind: "service";
  /** What it does with what comes to it, and by itself; absent: work, and then what its outgoing connections say. */
  readonly handlers?: readonly Handler[];
  /** How those who call it prove who they are; absent: not stated. */
  readonly security?: SecurityScheme;
}

/** A broker of a technology; its channels name it. */
export interface BrokerNode extends Element {
  readonly kind: "broker";
  readonly technology: TechnologyId;
  /** How its clients prove who they are; absent: not stated. */
  readonly security?: SecurityScheme;
}

/** Anything with a place on the canvas. */
export type Node = PlainNode | ServiceNode | StationNode | BrokerNode;

/** Ways to prove who one is, in the names of AsyncAPI's security schemes; of its `http` there are two. */
export const securitySchemes = [
  "userPassword",
  "X509",
  "plain",
  "scramSha256",
  "scramSha512",
  "gssapi",
  "oauth2",
  "httpApiKey",
  "httpBasic",
  "httpBearer",
] as const;

/** A way to prove who one is. It changes nothing in a run. */
export type SecurityScheme = (typeof securitySchemes)[number];

/** A topic, queue or exchange of a broker. */
export interface Channel extends Element {
  /** Id of the broker node. */
  readonly broker: string;
  /** A channel kind of the broker's technology, such as "topic". */
  readonly kind: string;
}

interface Link extends Element {
  readonly from: string;
  readonly to: string;
}

/** When a step happens: as long as all goes well, or after a final failure, or after a refusal. */
export const stepOutcomes = ["success", "failure", "refusal"] as const;

/** When a step happens: as long as all goes well (absent too), after a message has finally failed, or after a step has
 *  refused it for a reason of the business. */
export type StepOutcome = (typeof stepOutcomes)[number];

/** What a service does as a step of its handlers; what a producer does has neither condition. */
interface StepLink extends Link {
  /** Only after handling one of these contracts (ids); absent: after anything. */
  readonly after?: readonly string[];
  readonly on?: StepOutcome;
}

/** A producer or service publishes an event into a channel. */
export interface PublishConnection extends StepLink {
  readonly kind: "publish";
  /** Id of the contract of the event. */
  readonly contract: string;
  /** Version of the contract in which it writes; absent: the newest. */
  readonly contractVersion?: string;
}

/** The workers of a service consume from a channel: a subscription. */
export interface ConsumeConnection extends Link {
  readonly kind: "consume";
  /** Contract id → version with which it reads; absent: the newest of each. */
  readonly reads?: Readonly<Record<string, string>>;
}

/** A channel feeds another channel of the same broker (exchange → queue). */
export interface BindConnection extends Link {
  readonly kind: "bind";
}

/** A channel of one broker is carried on into a channel of another. */
export interface BridgeConnection extends Link {
  readonly kind: "bridge";
  /** The name under which users know such a bridge; absent: none. It changes nothing in a run. */
  readonly as?: BridgeStyleId;
  /** Only these contracts (ids) go on, the others end at the bridge; absent: all. */
  readonly only?: readonly string[];
}

/** A producer or service calls a service and waits for the answer. */
export interface CallConnection extends StepLink {
  readonly kind: "call";
  /** Id of the contract of the request. */
  readonly contract: string;
  /** Version of the contract in which it asks; absent: the newest. */
  readonly contractVersion?: string;
  /** Version with which the called service reads the request; absent: the newest. */
  readonly readAs?: string;
}

/** A service reads from a store after its work. */
export interface ReadConnection extends StepLink {
  readonly kind: "read";
}

/** A service writes into a store after its work. */
export interface WriteConnection extends StepLink {
  readonly kind: "write";
}

/** A connection that may be a step of a service's handlers. */
export type StepConnection = PublishConnection | CallConnection | ReadConnection | WriteConnection;

/** A line on the canvas. The outgoing ones of a service are the steps of its handlers:
 *  work, then reads, calls, writes and publications in the order of the document. */
export type Connection =
  | PublishConnection
  | ConsumeConnection
  | BindConnection
  | BridgeConnection
  | CallConnection
  | ReadConnection
  | WriteConnection;

/** Languages in which payloads are described. */
export const schemaFormats = ["json-schema", "avro", "protobuf"] as const;

/** A language in which payloads are described: JSON Schema (draft 7 or 2020-12), Avro, Protobuf. */
export type SchemaFormat = (typeof schemaFormats)[number];

/** What a registry may ask of a new version, in Confluent's names; the transitive ones ask it against all earlier ones. */
export const compatibilityModes = [
  "NONE",
  "BACKWARD",
  "BACKWARD_TRANSITIVE",
  "FORWARD",
  "FORWARD_TRANSITIVE",
  "FULL",
  "FULL_TRANSITIVE",
] as const;

/** What a registry asks of a new version. */
export type CompatibilityMode = (typeof compatibilityModes)[number];

/** One version of what an event looks like. */
export interface ContractVersion extends Extensible {
  /** Such as "1.0.0". */
  readonly contractVersion: string;
  /** Schema of the payload. */
  readonly schema: PayloadSchema;
  /** JSON Schema of the headers: an object with a property for each. */
  readonly headers?: JsonSchema;
  readonly examples?: readonly ContractExample[];
}

/** An event type (or request): its newest version, and what holds for all of them. */
export interface Contract extends ContractVersion {
  readonly id: string;
  /** Name of the event, such as "OrderPlaced". */
  readonly name: string;
  readonly description?: string;
  /** Language of the schemas of all versions; absent: JSON Schema. */
  readonly format?: SchemaFormat;
  /** How the event travels as a CloudEvent: attributes in headers (binary) or around the payload (structured); absent: as none. */
  readonly envelope?: "binary" | "structured";
  /** JSON Pointer to the part of the payload that is the key, such as "/orderId". */
  readonly key?: string;
  /** Who is responsible, such as "team-payments". */
  readonly owner?: string;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  /** What the registry asks of a new version; absent: BACKWARD, as in Confluent's registry. */
  readonly compatibility?: CompatibilityMode;
  /** Earlier versions, the oldest first. */
  readonly earlier?: readonly ContractVersion[];
  /** Where it was imported from. */
  readonly origins?: readonly Origin[];
}

/** An example of a message. */
export interface ContractExample extends Extensible {
  readonly name?: string;
  readonly summary?: string;
  readonly payload?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** A payload schema as it was written: JSON Schema is an object, Avro any JSON (a list is a union, a text a
 *  primitive), Protobuf the text of a .proto file. */
export type PayloadSchema = JsonSchema | readonly unknown[] | string;

/** A JSON Schema as it was written. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A target that the run meets or misses. */
export interface Objective extends Extensible {
  readonly id: string;
  readonly title?: string;
  /** Id of a node, channel or connection, or "run" for the whole. */
  readonly of: string;
  /** A measure of the report, such as "latency.p99" or "failed". */
  readonly measure: string;
  readonly is: "at most" | "at least";
  readonly value: number;
  /** Of measures of flows: only those that begin here, at a producer or one of its connections. */
  readonly from?: string;
  /** Of "consistency.shareWithin": within which time after its commit [ms] a version has to be there. */
  readonly within?: number;
}

/** Where nodes stand on the canvas, by id. */
export type Layout = Readonly<Record<string, Position>>;

/** A place on the canvas [px], on a grid of 8. */
export interface Position {
  readonly x: number;
  readonly y: number;
}
