// The two lines that a card shows while nothing runs: its most telling parameters.

import { meanOf, parseDistribution } from "../base/distribution.ts";
import { type FieldValue, type Parameters } from "../base/fields.ts";
import { formatValue } from "../base/fieldText.ts";
import { formatDurationMs } from "../base/units.ts";
import {
  functionPlatformOf,
  elementOf,
  fieldsOf,
  parameterOf,
  parametersOf,
  technologyOf,
} from "../model/elements.ts";
import { functionPlatforms } from "../nodes/function.ts";
import type { Scenario } from "../model/scenario.ts";
import { channelsOf } from "./cardSize.ts";

/** Two short lines. */
export interface AtRest {
  readonly primary: string;
  readonly secondary: string;
}

/** What a node or channel shows at rest. */
export function atRestOf(scenario: Scenario, id: string): AtRest {
  const element = elementOf(scenario, id);
  if (element?.type === "channel") return { primary: statedText(scenario, id), secondary: "" };
  if (element?.type !== "node") return { primary: "", secondary: "" };
  const value = (name: string): string => shown(scenario, id, name);
  switch (element.value.kind) {
    case "producer":
      return {
        primary: arrivalText(parametersOf(scenario, id), value),
        secondary: keyText(parametersOf(scenario, id), value),
      };
    case "service": {
      const workers = parameterOf(scenario, id, "concurrency");
      return {
        primary: timeText(parameterOf(scenario, id, "serviceTime")),
        secondary: workers === 1 ? "1 worker" : `${value("concurrency")} workers`,
      };
    }
    case "function":
      return {
        primary: timeText(parameterOf(scenario, id, "serviceTime")),
        secondary: functionPlatforms[functionPlatformOf(scenario, id) ?? "lambda"],
      };
    case "gateway":
      return { primary: routesText(scenario, id), secondary: gateText(scenario, id) };
    case "processor":
      return { primary: windowText(scenario, id), secondary: lateText(scenario, id) };
    case "external":
      return {
        primary: timeText(parameterOf(scenario, id, "responseTime")),
        secondary: limitText(scenario, id),
      };
    case "store":
      return { primary: storeText(scenario, id), secondary: "" };
    default:
      return brokerText(scenario, id);
  }
}

function routesText(scenario: Scenario, id: string): string {
  const routes = scenario.connections.filter(({ from }) => from === id).length;
  return routes === 1 ? "1 route" : `${routes} routes`;
}

/** What a gateway does beside routing. */
function gateText(scenario: Scenario, id: string): string {
  const isOn = (name: string): boolean => parameterOf(scenario, id, name) === true;
  return [
    ...(isOn("limitPerClient") ? [`${shown(scenario, id, "clientRate")} per client`] : []),
    ...(isOn("responseCache") ? ["caches answers"] : []),
  ].join(", ");
}

/** "joins within 10 s", "tumbling windows of 10 s". */
function windowText(scenario: Scenario, id: string): string {
  const value = (name: string): string => shown(scenario, id, name);
  if (parameterOf(scenario, id, "operation") === "join")
    return `joins within ${value("joinWithin")}`;
  switch (parameterOf(scenario, id, "window")) {
    case "session":
      return `sessions, gap ${value("sessionGap")}`;
    case "hopping":
      return `hopping windows of ${value("windowSize")}`;
    default:
      return `tumbling windows of ${value("windowSize")}`;
  }
}

function lateText(scenario: Scenario, id: string): string {
  const isAny = parameterOf(scenario, id, "lateness") !== 0;
  return isAny ? `late by ${shown(scenario, id, "lateness")} at most` : "nothing late";
}

/** What bounds an external API: its rate limit where it has one, else its places. */
function limitText(scenario: Scenario, id: string): string {
  if (parameterOf(scenario, id, "rateLimiter") === "none")
    return `${shown(scenario, id, "concurrency")} at a time`;
  return `at most ${shown(scenario, id, "limitForPeriod")}`;
}

/** How much comes and how; what is most telling first, because a narrow card cuts off the rest. */
function arrivalText(values: Parameters, shown: (name: string) => string): string {
  const how = shown("arrivals").split(":")[0]?.toLowerCase() ?? "";
  switch (values["arrivals"]) {
    case "closed":
      return values["clients"] === 1 ? "1 client" : `${shown("clients")} clients`;
    case "replay":
      return `recorded: ${shown("recording")}`;
    case "renewal":
      return `every ${timeText(values["gap"] ?? null)}`;
    default:
      return [rateText(values, shown), values["bursts"] === "none" ? how : "in bursts"].join(" ");
  }
}

/** A recording may have keys of its own; its card leaves them out. */
function keyText(values: Parameters, shown: (name: string) => string): string {
  if (values["arrivals"] === "replay") return "";
  return values["keyChoice"] === "none" ? "no key" : `${shown("keys")} keys`;
}

function rateText(values: Parameters, shown: (name: string) => string): string {
  switch (values["shape"]) {
    case "ramp":
      return `${shown("rampFrom")} to ${shown("rate")}`;
    case "step":
      return `${shown("rate")}, then ${shown("stepRate")}`;
    case "spike":
      return `${shown("rate")}, spike × ${shown("spikeFactor")}`;
    case "wave":
      return `${shown("rate")} ± ${shown("waveSwing")}`;
    case "schedule":
      return "scheduled";
    default:
      return shown("rate");
  }
}

/** The mean first: it is what one looks for, and a narrow card cuts off the rest. */
function timeText(value: FieldValue): string {
  const time = parseDistribution(value);
  if (typeof time === "string") return "";
  if (time.distribution === "constant") return formatDurationMs(time.value);
  if (time.distribution === "uniform")
    return `${formatDurationMs(time.min)} to ${formatDurationMs(time.max)}`;
  return `${formatDurationMs(meanOf(time))}, ${time.distribution}`;
}

function brokerText(scenario: Scenario, id: string): AtRest {
  const technology = technologyOf(scenario, id);
  const channels = channelsOf(scenario, id);
  const counts = Object.entries(technology?.channelKinds ?? {}).flatMap(([kind, { label }]) => {
    const count = channels.filter((channel) => channel.kind === kind).length;
    return count === 0 ? [] : [`${count} ${label.toLowerCase()}${count === 1 ? "" : "s"}`];
  });
  return {
    primary:
      `${technology?.label.replace("Apache ", "") ?? ""} ${technology?.version ?? ""}`.trim(),
    secondary: counts.join(", "),
  };
}

function storeText(scenario: Scenario, id: string): string {
  const writers = scenario.connections.filter((connection) => connection.to === id).length;
  if (writers === 0) return "nobody writes yet";
  return writers === 1 ? "1 service writes" : `${writers} services write`;
}

function shown(scenario: Scenario, id: string, name: string): string {
  const fields = fieldsOf(scenario, id);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return field === undefined ? "" : formatValue(field, parameterOf(scenario, id, name));
}

/** What a channel states, or its first parameter. */
function statedText(scenario: Scenario, id: string): string {
  const [first] = Object.entries(fieldsOf(scenario, id));
  if (first === undefined) return "";
  const [name, field] = first;
  const text = shown(scenario, id, name);
  return field.kind === "choice" ? text : `${text} ${field.label.toLowerCase()}`;
}
