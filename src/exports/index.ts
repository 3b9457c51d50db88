// The registry of ways out, in the order of dialog and terminal.
// To add one: write `yours.ts` (asyncapi.ts is the shortest) and one line here; then run `npx vitest run src/exports`.
// What only makes sense for one broker technology stands in its folder, in `deploy.ts`.

import { asyncapi } from "./asyncapi.ts";
import { compose, setUps } from "./brokers.ts";
import { backstage } from "./catalogues/backstage.ts";
import { eventcatalog } from "./catalogues/eventcatalog.ts";
import { code } from "./code/code.ts";
import { schemaFiles } from "./code/schemaFiles.ts";
import { imported } from "./imported.ts";
import { mermaid } from "./mermaid.ts";
import { picture } from "./picture/picture.ts";
import { designRecord } from "./record/designRecord.ts";
import type { WayOut } from "./wayOut.ts";

/** Every way out. */
export const waysOut: readonly WayOut[] = [
  asyncapi,
  imported,
  picture,
  mermaid,
  ...setUps,
  compose,
  eventcatalog,
  backstage,
  schemaFiles,
  code,
  designRecord,
];
