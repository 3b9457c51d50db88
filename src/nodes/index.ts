// The registry of node kinds: the ids, and their order in the palette.
// To add one: write `yours.ts` (store.ts is the shortest) and one line here; then run `npx vitest run src/nodes`.

import { broker } from "./broker.ts";
import type { NodeKind } from "./kind.ts";
import { producer } from "./producer.ts";
import { service } from "./service.ts";
import { store } from "./store.ts";

/** Every node kind by its id. */
export const nodeKinds = { producer, broker, service, store } as const satisfies Readonly<
  Record<string, NodeKind>
>;
