// Retries that make an outage worse: in step, without a limit, without a pause, in several layers.

import { elementOf, nameOf, parameterOf } from "../elements.ts";
import type { CallConnection, Scenario } from "../scenario.ts";
import { type Advice, setAll } from "./advice.ts";
import { callsOf } from "./facts.ts";

/** Beyond so many attempts a retry is one without a limit. */
const attemptsMax = 10;

/** More attempts than this at the end of a chain of calls are an amplification. */
const amplificationMax = 8;

function attemptsOf(scenario: Scenario, id: string): number {
  return Number(parameterOf(scenario, id, "attempts"));
}

/** Services and calls that try again. */
function retrying(scenario: Scenario): readonly string[] {
  const services = scenario.nodes.filter(({ kind }) => kind === "service");
  const calls = scenario.connections.filter(({ kind }) => kind === "call");
  return [...services, ...calls].flatMap(({ id }) => (attemptsOf(scenario, id) > 1 ? [id] : []));
}

function nameOfRetry(scenario: Scenario, id: string): string {
  const element = elementOf(scenario, id);
  return element?.type === "connection"
    ? `${nameOf(scenario, element.value.from)}, calling ${nameOf(scenario, element.value.to)},`
    : nameOf(scenario, id);
}

/** Retries whose waits have no chance in them. */
export function retriesInStep(scenario: Scenario): readonly Advice[] {
  return retrying(scenario)
    .filter((id) => parameterOf(scenario, id, "jitter") === "none")
    .map((id) => ({
      code: "advice/retry-without-jitter",
      element: id,
      risk: `${nameOfRetry(scenario, id)} tries again after waits without jitter.`,
      why: "What failed together comes back together, again and again, and meets the same crowd.",
      remedy: "Set jitter to full",
      mend: setAll([{ id, parameter: "jitter", value: "full" }]),
    }));
}

/** Retries that hardly ever give up. */
export function retriesWithoutLimit(scenario: Scenario): readonly Advice[] {
  return retrying(scenario)
    .filter(
      (id) =>
        attemptsOf(scenario, id) > attemptsMax && parameterOf(scenario, id, "retryBudget") === null,
    )
    .map((id) => ({
      code: "advice/retry-without-limit",
      element: id,
      risk: `${nameOfRetry(scenario, id)} tries up to ${attemptsOf(scenario, id)} times.`,
      why: "During an outage most of the load is retries, and what can never succeed holds a worker all that time.",
      remedy: "Set attempts to 4",
      mend: setAll([{ id, parameter: "attempts", value: 4 }]),
    }));
}

/** Retries whose waits do not grow, or that do not wait at all. */
export function retriesWithoutPause(scenario: Scenario): readonly Advice[] {
  return retrying(scenario)
    .filter((id) => {
      const isFlat =
        parameterOf(scenario, id, "growth") === "fixed" && attemptsOf(scenario, id) > 2;
      return isFlat || parameterOf(scenario, id, "backoff") === 0;
    })
    .map((id) => {
      const backoff = Number(parameterOf(scenario, id, "backoff"));
      return {
        code: "advice/retry-without-backoff",
        element: id,
        risk: `${nameOfRetry(scenario, id)} tries again after waits that do not grow.`,
        why: "All attempts are used up before an outage is over, and who is down is called as often as ever.",
        remedy: "Let the waits grow exponentially",
        mend: setAll([
          { id, parameter: "growth", value: "exponential" },
          { id, parameter: "backoff", value: backoff === 0 ? 100 : backoff },
        ]),
      };
    });
}

/** Chains of calls in which several layers try again, so that attempts multiply. */
export function stackedRetries(scenario: Scenario): readonly Advice[] {
  const starts = scenario.nodes.flatMap(({ id }) => callsOf(scenario, id));
  const isInner = (call: CallConnection): boolean => starts.some(({ to }) => to === call.from);
  const known = new Map<string, readonly CallConnection[]>();
  return starts
    .filter((call) => !isInner(call))
    .map((call) => retriesAlong(scenario, call, known))
    .filter((chain) => chain.length > 1 && productOf(scenario, chain) > amplificationMax)
    .map((chain) => oneLayer(scenario, chain));
}

function productOf(scenario: Scenario, chain: readonly CallConnection[]): number {
  return chain.reduce((product, { id }) => product * attemptsOf(scenario, id), 1);
}

/** Of all chains that begin with this call the one with the most attempts at its end, without layers that do not try
 *  again. Calls make no cycles in a valid document; each is worked out once. */
function retriesAlong(
  scenario: Scenario,
  call: CallConnection,
  known: Map<string, readonly CallConnection[]>,
): readonly CallConnection[] {
  const before = known.get(call.id);
  if (before !== undefined) return before;
  const behind = callsOf(scenario, call.to).map((next) => retriesAlong(scenario, next, known));
  const worst = behind.reduce<readonly CallConnection[]>(
    (most, one) => (productOf(scenario, one) > productOf(scenario, most) ? one : most),
    [],
  );
  const chain = attemptsOf(scenario, call.id) > 1 ? [call, ...worst] : worst;
  known.set(call.id, chain);
  return chain;
}

function oneLayer(scenario: Scenario, chain: readonly CallConnection[]): Advice {
  const last = chain.at(-1);
  const upper = chain.slice(0, -1);
  const product = productOf(scenario, chain);
  const bottom = nameOf(scenario, last?.to ?? "");
  return {
    code: "advice/retry-amplification",
    element: upper[0]?.id ?? "",
    risk: `${chain.length} layers of calls try again: one request may become ${product} attempts at ${bottom}.`,
    why: "When the last in a chain is slow, the load on it is multiplied just then. One layer has to do it, best the one next to the fault.",
    remedy: `Try again only in the calls to ${bottom}`,
    mend: setAll(upper.map(({ id }) => ({ id, parameter: "attempts", value: 1 }))),
  };
}
