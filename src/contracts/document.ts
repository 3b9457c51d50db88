// The parts of an AsyncAPI 3.0 document that Spillway writes. Keys stand in the order in which they are written.

/** A reference to another place of the same document. */
export interface Reference {
  readonly $ref: string;
}

/** Content of a binding, by protocol key. */
export type Bindings = Readonly<Record<string, object>>;

/** What AsyncAPI has no field for; validators accept it and other tools skip it. */
export type Extension = Readonly<Record<string, unknown>>;

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

/** An event or a request. */
export interface MessageObject {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly contentType?: string;
  readonly payload?: Reference;
  readonly bindings?: Bindings;
  readonly "x-spillway"?: Extension;
}

/** An AsyncAPI document of version 3.0.0. */
export interface AsyncApiDocument {
  readonly asyncapi: "3.0.0";
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly tags?: readonly Tag[];
    readonly "x-spillway": Extension;
  };
  readonly defaultContentType: string;
  readonly servers?: Readonly<Record<string, ServerObject>>;
  readonly channels: Readonly<Record<string, ChannelObject>>;
  readonly operations: Readonly<Record<string, OperationObject>>;
  readonly components?: {
    readonly messages: Readonly<Record<string, MessageObject>>;
    readonly schemas: Readonly<Record<string, object>>;
  };
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
