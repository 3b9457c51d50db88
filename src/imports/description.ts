// What an AsyncAPI document of any version says, in the words of version 3: what the application itself sends and
// receives. Every part knows the place in a file where it is defined, references followed.

import type { Contact, Licence } from "../model/scenario.ts";
import type { Spot } from "./references.ts";
import type { SourceFile } from "./workspace.ts";

/** A server of a document. */
export interface ServerDescription {
  /** Key under `servers`. */
  readonly key: string;
  readonly spot: Spot;
  readonly host: string;
  readonly pathname: string;
  /** In lower case. */
  readonly protocol: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** Security schemes, any of which lets a client in. */
  readonly security: readonly Spot[];
}

/** A message: one event or request. */
export interface MessageDescription {
  /** Key under which it stands in its channel or in the components. */
  readonly key: string;
  readonly spot: Spot;
  /** Its name, or what comes nearest to one. */
  readonly name: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly contentType: string | undefined;
  /** Media type of the schema's language; undefined: AsyncAPI's own, JSON Schema. */
  readonly schemaFormat: string | undefined;
  readonly payload: Spot | undefined;
  /** Own headers and those of traits; where there are several, those in front win. */
  readonly headers: readonly Spot[];
  readonly examples: readonly unknown[];
  readonly tags: readonly string[];
  readonly bindings: Bindings;
}

/** A channel. */
export interface ChannelDescription {
  readonly key: string;
  readonly spot: Spot;
  /** null where the document leaves it open. */
  readonly address: string | null;
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** Keys of the servers on which it is; undefined: on all of the document. */
  readonly servers: readonly string[] | undefined;
  readonly messages: readonly MessageDescription[];
  readonly bindings: Bindings;
}

/** What the application does with a channel. */
export interface OperationDescription {
  readonly key: string;
  readonly spot: Spot;
  /** As the application itself sees it, also where the document is of version 2. */
  readonly action: "send" | "receive";
  readonly channel: ChannelDescription;
  readonly messages: readonly MessageDescription[];
  readonly reply: ReplyDescription | undefined;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly bindings: Bindings;
}

/** What answers an operation. */
export interface ReplyDescription {
  /** undefined: it is named when it runs. */
  readonly channel: ChannelDescription | undefined;
  readonly messages: readonly MessageDescription[];
}

/** Binding contents by protocol. */
export type Bindings = ReadonlyMap<string, Spot>;

/** One document. */
export interface DocumentDescription {
  readonly file: SourceFile;
  /** As it stands in the document: "2.6.0". */
  readonly version: string;
  readonly title: string;
  readonly documentVersion: string;
  readonly description: string | undefined;
  readonly contact: Contact | undefined;
  readonly licence: Licence | undefined;
  readonly servers: readonly ServerDescription[];
  readonly channels: readonly ChannelDescription[];
  readonly operations: readonly OperationDescription[];
  /** All of them: of channels, operations, replies and components. */
  readonly messages: readonly MessageDescription[];
  /** What stands only in the components: for other documents, or for nobody. */
  readonly library: {
    readonly servers: readonly ServerDescription[];
    readonly channels: readonly ChannelDescription[];
    readonly operations: readonly OperationDescription[];
  };
  readonly counts: DocumentCounts;
}

/** How many parts a document has, those in its components included, as the official parser counts them. */
export interface DocumentCounts {
  readonly servers: number;
  readonly channels: number;
  readonly operations: number;
  readonly messages: number;
  readonly schemas: number;
}
