// A bridge as the run needs it: what the compiler makes of the document.

import type { ValuesOf } from "../base/fields.ts";
import type { bridgeFields } from "./bridge.ts";

/** A bridge as the run needs it. Rows are those of the run's connections, −1 for none. */
export interface BridgePlan {
  readonly id: string;
  readonly name: string;
  readonly values: ValuesOf<typeof bridgeFields>;
  /** By row of the contract: over which it is passed on; −1 where it ends here. */
  readonly passing: Int32Array;
  /** By row of the contract: over which it is put aside after a failure. */
  readonly deadLetters: Int32Array;
  /** Whether it is a redrive, which stands still until it is set off; some have to subscribe before, so that what comes
   *  is kept for them. */
  readonly redrive: "none" | "plain" | "subscribes-first";
}
