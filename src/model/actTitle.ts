// Acts in words: for the history ("Crash Payment at 12.3 s") and for the list of the timeline.

import { formatValue } from "../base/fieldText.ts";
import { formatDurationMs, formatNumber } from "../base/units.ts";
import { fieldsOf, nameOf } from "./elements.ts";
import type { LiveAct } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import { faultWords, type NetworkFault } from "./networkFault.ts";
import type { ClusterPlace, TimelineEntry } from "./timeline.ts";

/** One line for a live act at a moment of the run [ms]. */
export function actTitle(scenario: Scenario, act: LiveAct, atMs: number): string {
  return `${actWords(scenario, act)} at ${(atMs / 1000).toFixed(1)} s`;
}

/** What is done, such as "Crash Payment" or "Set rate of Customers to 35/s". */
export function actWords(scenario: Scenario, act: LiveAct): string {
  const name = nameOf(scenario, act.target);
  if (act.act === "set") {
    const field = fieldsOf(scenario, act.target)[act.parameter];
    const value = field === undefined ? JSON.stringify(act.value) : formatValue(field, act.value);
    return `Set ${(field?.label ?? act.parameter).toLowerCase()} of ${name} to ${value}`;
  }
  if (act.act === "roll out") {
    const contract = nameOf(scenario, act.contract);
    return `Roll out ${contract} ${act.contractVersion} at ${name}`;
  }
  if (act.act === "redrive") {
    const many = act.count === undefined ? "" : ` ${formatNumber(act.count)} messages`;
    const into = act.to === undefined ? "" : ` into ${nameOf(scenario, act.to)}`;
    return `Redrive${many} of ${name}${into} at ${formatNumber(act.rate)}/s`;
  }
  if (act.act === "heal") return `Let the network of ${name} be as before`;
  if (act.act === "network") return `Network ${networkWords(scenario, act)}`;
  const what = placeWords(name, act);
  switch (act.act) {
    case "crash":
      return `Crash ${what}`;
    case "restart":
      return `Restart ${what}`;
    case "isolate":
      return `Cut off ${what}`;
    case "reconnect":
      return `Reconnect ${what}`;
    case "pause":
      return `Pause ${what}`;
    case "resume":
      return `Let ${what} go on`;
    case "slow":
      return act.factor === 1
        ? `Let ${what} be as fast as before`
        : `Slow ${what} down ${formatNumber(act.factor)} times`;
  }
}

/** "between Payment and Kafka: cut off", "from Payment to all others: 5 % loss". */
export function networkWords(scenario: Scenario, fault: NetworkFault): string {
  const { target, also = [], to = [], direction = "both" } = fault;
  const names = (ids: readonly string[]): string =>
    ids.map((id) => nameOf(scenario, id)).join(", ");
  const here = names([target, ...also]);
  const there = to.length === 0 ? "all others" : names(to);
  const way = {
    both: `between ${here} and ${there}`,
    out: `from ${here} to ${there}`,
    in: `from ${there} to ${here}`,
  }[direction];
  return `${way}: ${faultWords(fault)}`;
}

/** "Payment", "node 1 of Kafka", "zone 0 of Kafka". */
function placeWords(name: string, { member, zone }: ClusterPlace): string {
  if (zone !== undefined) return `zone ${zone} of ${name}`;
  return member === undefined ? name : `node ${member} of ${name}`;
}

/** An entry of the timeline in words, with how long it lasts: "Crash Payment for 2 s". */
export function entryWords(scenario: Scenario, entry: TimelineEntry): string {
  const words = actWords(scenario, entry);
  const duration = "duration" in entry ? entry.duration : undefined;
  return duration === undefined ? words : `${words} for ${formatDurationMs(duration)}`;
}
