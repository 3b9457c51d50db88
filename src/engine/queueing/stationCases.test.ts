// The analytic cases of one plain station, each run as a scenario and compared with theory: see agreement.suite.ts for
// what is asked, and for CASES=full.

import { testAgreement } from "./testing.suite.ts";
import { isPlain } from "./expressions.suite.ts";

testAgreement(isPlain);
