// The analytic cases of everything beyond one plain station, each run as a scenario and compared with theory: see
// agreement.suite.ts for what is asked, and for CASES=full.

import { isPlain } from "./expressions.suite.ts";
import { testAgreement } from "./testing.suite.ts";

testAgreement((about) => !isPlain(about));
