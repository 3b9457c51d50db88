// The registry of node kinds: the ids, and their order in the palette.
// To add one: write `yours.ts` (store.ts is the shortest) and one line here; then run `npx vitest run src/nodes`.

import { broker } from "./broker.ts";
import { external } from "./external.ts";
import { functionKind } from "./function.ts";
import { gateway } from "./gateway.ts";
import type { NodeKind } from "./kind.ts";
import { processor } from "./processor.ts";
import { producer } from "./producer.ts";
import { service } from "./service.ts";
import { store } from "./store.ts";

/** Every node kind by its id. */
export const nodeKinds = {
  producer,
  broker,
  service,
  function: functionKind,
  store,
  external,
  gateway,
  processor,
} as const satisfies Readonly<Record<string, NodeKind>>;

/** Whether a text is the id of a node kind. */
export function isNodeKind(kind: string): kind is keyof typeof nodeKinds {
  return Object.hasOwn(nodeKinds, kind);
}
