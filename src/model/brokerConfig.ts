// A broker as its technology sees it, with what comes in over bridges.

import type { BrokerConfig } from "../brokers/technology.ts";
import { withBridges } from "./bridges.ts";
import { drawnBrokerOf } from "./drawnBroker.ts";
import type { Scenario } from "./scenario.ts";

/** The configuration of a broker of a parsed document. Channels are numbered by their place in `scenario.channels`,
 *  publishers and subscriptions by theirs in the connections of `withBridges(scenario)`. Where there are bridges, the
 *  manuals of the technologies must be known. */
export function brokerConfigOf(scenario: Scenario, brokerId: string): BrokerConfig {
  return drawnBrokerOf(withBridges(scenario), brokerId);
}
