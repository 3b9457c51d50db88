// The parts of an AsyncAPI 3 document that Spillway writes. Keys stand in the order in which they are written.
// Documents of version 2.6 are made from these (older.ts).

/** A reference to another place of the same document. */
export interface Reference {
  readonly $ref: string;
}

/** Content of a binding, by protocol key. */
export type Bindings = Readonly<Record<string, object>>;

/** What AsyncAPI has no field for; validators accept it and other tools skip it. */
export type Extension = Readonly<Record<string, unknown>>;

/** The versions of AsyncAPI whose documents have this form; 3.1.0 differs in nothing that Spillway writes. */
export type Version3 = "3.0.0" | "3.1.0";

/** A label. */
export interface Tag {
  readonly name: string;
  readonly description?: string;
}

/** A broker, or a service that answers requests. */
export interface ServerObject {
  readonly host: string;
  readonly protocol: string;
  readonly protocolVersion?: string;
  readonly title?: string;
  readonly description?: string;
  readonly security?: readonly Reference[];
  readonly bindings?: Bindings;
  readonly "x-spillway"?: Extension;
}

/** A place that messages pass through. */
export interface ChannelObject {
  readonly address: string | null;
  readonly title?: string;
  readonly description?: string;
  readonly servers?: readonly Reference[];
  readonly messages: Readonly<Record<string, Reference>>;
  readonly parameters?: Readonly<Record<string, object>>;
  readonly bindings?: Bindings;
  readonly "x-spillway"?: Extension;
}

/** What an application does with a channel. */
export interface OperationObject {
  readonly action: "send" | "receive";
  readonly channel: Reference;
  readonly title?: string;
  readonly description?: string;
  readonly messages?: readonly Reference[];
  readonly reply?: { readonly channel: Reference; readonly messages: readonly Reference[] };
  readonly tags?: readonly Tag[];
  readonly bindings?: Bindings;
  readonly "x-retry"?: Extension;
  readonly "x-deadLetter"?: Extension;
  readonly "x-spillway"?: Extension;
}

/** An example of a message as it travels. */
export interface MessageExample {
  readonly name?: string;
  readonly summary?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly payload?: unknown;
}

/** An event or a request in one version. */
export interface MessageObject {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly tags?: readonly Tag[];
  readonly contentType?: string;
  readonly correlationId?: { readonly location: string };
  readonly headers?: object;
  /** A reference to a schema, or a CloudEvent around one. */
  readonly payload?: object;
  readonly traits?: readonly Reference[];
  readonly bindings?: Bindings;
  readonly examples?: readonly MessageExample[];
  readonly "x-spillway"?: Extension;
}

/** What a document says about itself. */
export interface InfoObject {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
  readonly license?: { readonly name: string; readonly url?: string };
  readonly tags: readonly Tag[];
  readonly "x-spillway": Extension;
}

/** An AsyncAPI document of version 3. */
export interface AsyncApiDocument {
  readonly asyncapi: Version3;
  readonly info: InfoObject;
  readonly defaultContentType: string;
  readonly servers?: Readonly<Record<string, ServerObject>>;
  readonly channels: Readonly<Record<string, ChannelObject>>;
  /** Absent in a catalogue, which belongs to no application. */
  readonly operations?: Readonly<Record<string, OperationObject>>;
  readonly components?: Components;
}

/** Definitions that the rest of a document refers to. */
export interface Components {
  readonly messages: Readonly<Record<string, MessageObject>>;
  readonly schemas: Readonly<Record<string, object>>;
  readonly messageTraits?: Readonly<Record<string, { readonly headers: object }>>;
  readonly securitySchemes?: Readonly<Record<string, { readonly type: string }>>;
}

/** A reference to a place inside the document, such as `refTo("channels", "orders")`. */
export function refTo(...steps: readonly string[]): Reference {
  const escaped = steps.map((step) => step.replaceAll("~", "~0").replaceAll("/", "~1"));
  return { $ref: `#/${escaped.join("/")}` };
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** The same object without the keys whose value is undefined, in the same order. */
export function withoutGaps<T extends object>(value: T): Defined<T> {
  const present = Object.entries(value).filter(([, part]) => part !== undefined);
  // The compiler cannot follow that the filter removes exactly what the type excludes.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(present) as Defined<T>;
}
