// What every kind of node says about itself, as data; palette, card, inspector, parser and rules are derived from it.

import type { Fields } from "../base/fields.ts";

/** A kind of node. Its behaviour in a run is in the file of the same name. */
export interface NodeKind {
  readonly id: string;
  readonly label: string;
  /** One sentence for palette and help. */
  readonly summary: string;
  /** Name of the icon that the user interface draws. */
  readonly icon: string;
  /** Key that adds one, and the token of its colour. */
  readonly key: string;
  readonly accent: "producer" | "broker" | "service" | "store";
  readonly fields: Fields;
  /** Whether it handles messages or requests: it has places for them, and can crash and restart. */
  readonly works: boolean;
  /** What a connection may do with it. */
  readonly publishes: boolean;
  readonly consumes: boolean;
  readonly calls: boolean;
  readonly isCalled: boolean;
  readonly writes: boolean;
  readonly isWritten: boolean;
}
