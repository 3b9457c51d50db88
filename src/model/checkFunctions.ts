// What the platforms of functions refuse, and what surprises people: triggers that there are not, time-outs that do not fit,
// concurrency that is not there. Sources: ../shared/brokers/lambda.md and azure-functions.md.

import { pathTo, type Problem, type Severity } from "../base/problem.ts";
import { formatDurationMs } from "../base/units.ts";
import type { FunctionTrigger } from "../brokers/functionTrigger.ts";
import { type FunctionPlatform, functionPlatforms } from "../nodes/function.ts";
import {
  channelKindOf,
  functionPlatformOf,
  nameOf,
  parameterOf,
  technologyOf,
} from "./elements.ts";
import type { ProblemCode } from "./problemCatalogue.ts";
import type { ConsumeConnection, Node, Scenario } from "./scenario.ts";

/** What Lambda always leaves to functions without a share of their own. */
const UNRESERVED_MIN = 100;

const CONSUMPTION_TIMEOUT_MS_MAX = 600_000;

/** Everything wrong or doubtful about the functions of a parsed document. */
export function checkFunctions(scenario: Scenario): readonly Problem[] {
  return [
    ...scenario.nodes.flatMap((node, i) => checkFunction(scenario, node, `/nodes/${i}`)),
    ...scenario.connections.flatMap((link, i) => {
      if (link.kind !== "consume") return [];
      const platform = functionPlatformOf(scenario, link.to);
      return platform === undefined
        ? []
        : checkTrigger(scenario, link, platform, `/connections/${i}`);
    }),
  ];
}

function problem(
  code: ProblemCode,
  at: { readonly path: string; readonly element: string; readonly severity: Severity },
  message: string,
): Problem {
  return { code, ...at, message };
}

function checkFunction(scenario: Scenario, { id }: Node, path: string): readonly Problem[] {
  const platform = functionPlatformOf(scenario, id);
  if (platform === undefined) return [];
  return platform === "lambda"
    ? [...checkConcurrency(scenario, id, path), ...checkDestination(scenario, id, path)]
    : checkPlan(scenario, id, path);
}

function checkConcurrency(scenario: Scenario, id: string, path: string): readonly Problem[] {
  const number = (name: string): number => Number(parameterOf(scenario, id, name) ?? Infinity);
  const name = nameOf(scenario, id);
  const reserved = number("ReservedConcurrentExecutions");
  const provisioned = number("ProvisionedConcurrentExecutions");
  const account = number("AccountConcurrency");
  const limit = Math.min(reserved, account);
  const problems: Problem[] = [];
  if (provisioned > limit)
    problems.push(
      problem(
        "function/provisioned",
        {
          path: `${path}/parameters/ProvisionedConcurrentExecutions`,
          element: id,
          severity: "error",
        },
        `Lambda refuses to provision ${provisioned} environments for ${name}: it may run ${limit} at once. Provision fewer, or reserve more.`,
      ),
    );
  if (reserved !== Infinity && reserved > account - UNRESERVED_MIN)
    problems.push(
      problem(
        "function/reserved",
        { path: `${path}/parameters/ReservedConcurrentExecutions`, element: id, severity: "error" },
        `Lambda keeps ${UNRESERVED_MIN} of the account's ${account} for functions without a share of their own, so ${name} cannot reserve ${reserved}. Reserve less, or have the account's quota raised.`,
      ),
    );
  return problems;
}

/** The on-failure destination is for asynchronous events and streams; queues have a redrive policy of their own. */
function checkDestination(scenario: Scenario, id: string, path: string): readonly Problem[] {
  const hasDestination = scenario.connections.some(
    (link) => link.kind === "publish" && link.from === id && link.on === "failure",
  );
  const kinds = scenario.connections.flatMap((link) =>
    link.kind === "consume" && link.to === id
      ? [channelKindOf(scenario, link.from)?.functions?.lambda]
      : [],
  );
  if (!hasDestination || kinds.some((kind) => kind === "event" || kind === "stream")) return [];
  return [
    problem(
      "function/destination-unused",
      { path, element: id, severity: "warning" },
      `Lambda tells the on-failure destination of ${nameOf(scenario, id)} only about asynchronous events and streams. For a queue, set the queue's own dead-letter queue.`,
    ),
  ];
}

function checkPlan(scenario: Scenario, id: string, path: string): readonly Problem[] {
  const timeoutMs = Number(parameterOf(scenario, id, "functionTimeout"));
  const isConsumption = parameterOf(scenario, id, "plan") === "consumption";
  if (!isConsumption || timeoutMs <= CONSUMPTION_TIMEOUT_MS_MAX) return [];
  return [
    problem(
      "function/plan-timeout",
      { path: `${path}/parameters/functionTimeout`, element: id, severity: "error" },
      `On the Consumption plan a function may run for 10 minutes at most. Shorten the timeout of ${nameOf(scenario, id)}, or choose Premium.`,
    ),
  ];
}

function checkTrigger(
  scenario: Scenario,
  link: ConsumeConnection,
  platform: FunctionPlatform,
  path: string,
): readonly Problem[] {
  const trigger = channelKindOf(scenario, link.from)?.functions;
  const kind = trigger?.[platform];
  if (trigger === undefined || kind === undefined) {
    const technology = technologyOf(scenario, link.id)?.label ?? "this broker";
    return [
      problem(
        "function/no-trigger",
        { path, element: link.id, severity: "error" },
        `No trigger of ${functionPlatforms[platform]} for ${nameOf(scenario, link.from)} (${technology}) is modelled. Bridge it into a channel that has one, or let a service consume.`,
      ),
    ];
  }
  return platform === "lambda" && kind === "queue"
    ? checkQueueMapping(scenario, link, trigger, path)
    : [];
}

function checkQueueMapping(
  scenario: Scenario,
  { id, from, to }: ConsumeConnection,
  trigger: FunctionTrigger,
  path: string,
): readonly Problem[] {
  const number = (element: string, name: string): number =>
    Number(parameterOf(scenario, element, name) ?? 0);
  const at = (parameter: string) => ({
    path: pathTo(`${path}/parameters`, parameter),
    element: id,
    severity: "error" as const,
  });
  const timeoutMs = number(to, "Timeout");
  const hiddenMs = number(from, trigger.visibilityField ?? "");
  const size = number(id, "BatchSize");
  const windowMs = number(id, "MaximumBatchingWindowInSeconds");
  const isFifo = parameterOf(scenario, from, "FifoQueue") === true;
  const [queue, name] = [nameOf(scenario, from), nameOf(scenario, to)];
  const problems: Problem[] = [];
  if (trigger.visibilityField !== undefined && hiddenMs < timeoutMs)
    problems.push(
      problem(
        "function/visibility",
        { path, element: id, severity: "error" },
        `Lambda refuses this mapping: the visibility timeout of ${queue} (${formatDurationMs(hiddenMs)}) is shorter than the timeout of ${name} (${formatDurationMs(timeoutMs)}). Make it six times the function's timeout.`,
      ),
    );
  else if (trigger.visibilityField !== undefined && hiddenMs < 6 * timeoutMs + windowMs)
    problems.push(
      problem(
        "function/visibility-short",
        { path, element: id, severity: "warning" },
        `AWS advises a visibility timeout of six times the function's timeout, and the batching window: ${formatDurationMs(6 * timeoutMs + windowMs)} instead of ${formatDurationMs(hiddenMs)} at ${queue}. With less, messages that were throttled come back too early.`,
      ),
    );
  if (size > 10 && isFifo)
    problems.push(
      problem(
        "function/fifo-batch",
        at("BatchSize"),
        `A batch from a FIFO queue has 10 messages at most. Take a BatchSize of 10 or less.`,
      ),
    );
  if (windowMs > 0 && isFifo)
    problems.push(
      problem(
        "function/fifo-window",
        at("MaximumBatchingWindowInSeconds"),
        `Lambda gathers no batches from FIFO queues. Set the batching window to 0.`,
      ),
    );
  else if (size > 10 && windowMs < 1000)
    problems.push(
      problem(
        "function/batch-window",
        at("BatchSize"),
        `A BatchSize above 10 needs a batching window of at least 1 s. Set MaximumBatchingWindowInSeconds, or take batches of 10.`,
      ),
    );
  return problems;
}
