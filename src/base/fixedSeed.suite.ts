// Properties draw the same examples whenever the tests run, so that a change alone decides whether they pass. To look
// for new counterexamples: SEED=fresh npx vitest run.

import fc from "fast-check";

if (process.env["SEED"] !== "fresh") fc.configureGlobal({ seed: 1 });
