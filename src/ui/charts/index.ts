// The registry of charts, in their order on screen. To add one: write its descriptor (throughput.ts shows how) and one
// line here; a new chart id also needs its columns in src/engine/series.ts. Then run `npx vitest run src/ui/charts`.

import { backlog } from "./backlog.ts";
import type { ChartDescriptor } from "./descriptor.ts";
import { failures } from "./failures.ts";
import { latency } from "./latency.ts";
import { throughput } from "./throughput.ts";

/** Every chart. */
export const charts: readonly ChartDescriptor[] = [throughput, backlog, latency, failures];
