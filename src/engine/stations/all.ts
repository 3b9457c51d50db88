// Every kind of station, for the terminal and for tests. Who simulates in a page takes byNeed.ts.

import { type StationKind, stationKinds } from "../../model/scenario.ts";
import { compileExternal } from "./external.ts";
import { compileFunction } from "./function.ts";
import { compileGateway } from "./gateway.ts";
import { type CompileStation, makeStationKnown } from "./index.ts";
import { compileProcessor } from "./processor.ts";

const compilers: Readonly<Record<StationKind, CompileStation>> = {
  external: compileExternal,
  function: compileFunction,
  gateway: compileGateway,
  processor: compileProcessor,
};

for (const kind of stationKinds) makeStationKnown(kind, compilers[kind]);
