// Theory beside the simulation: every service is compared with the queue of the textbook to which it comes nearest, and
// where they differ the assumption that fails is named.

import { formatDurationMs, formatNumber } from "../../base/units.ts";
import { nameOf } from "../../model/elements.ts";
import type { FailedAssumption, TheoryFigure, TheoryReport } from "../../model/report.ts";
import type { ServicePlan } from "../../nodes/servicePlan.ts";
import type { Span } from "../certainty.ts";
import type { World } from "../world.ts";
import { assumptionsOf, differencesOf, servicePlanAt } from "./assumptions.ts";
import { type Holding, holdingOf } from "./holding.ts";
import { type Model, modelOf } from "./models.ts";
import { type Simulated, simulatedAt } from "./simulated.ts";
import { rateOf } from "./sources.ts";
import { type Arrivals, arrivalsOf } from "./traffic.ts";

/** What a service adds is called negligible below this share of its time in system. */
const negligible = 0.005;

/** Half widths by which a figure may differ from theory: 1.5 of 95 % are some 99.7 %. */
const halfWidths = 1.5;

/** And what may always differ, because nanoseconds are whole and runs begin empty. */
const tolerance = 0.01;

/** Every service that something comes to, beside its formula. */
export function theoryOf(world: World, span: Span): readonly TheoryReport[] {
  const { components, scenario } = world.plan;
  const arrivals = arrivalsOf(world, (node) => {
    const source = components[node]!;
    return source.kind === "producer" ? rateOf(source.plan) : undefined;
  });
  const { sourcesStopAt } = scenario.load;
  const load: Span = {
    fromNs: span.fromNs,
    untilNs: Math.min(span.untilNs, sourcesStopAt === undefined ? Infinity : sourcesStopAt * 1e6),
  };
  return [...arrivals.keys()].map((node) =>
    stationReport(world, node, arrivals, { load, nowNs: span.untilNs }),
  );
}

interface When {
  readonly load: Span;
  readonly nowNs: number;
}

function stationReport(
  world: World,
  node: number,
  arrivals: ReadonlyMap<number, Arrivals>,
  { load, nowNs }: When,
): TheoryReport {
  const own = arrivals.get(node)!;
  const plan = servicePlanAt(world, node)!;
  const holding = mixedHolding(world, node, own);
  const isCalled = own.streams.some(({ leaves, arrives }) => leaves === arrives);
  const differences = differencesOf(world, own.streams);
  const hasOwnCount = differences.every(({ code }) => code !== "commits");
  const simulated = simulatedAt(world, { node, span: load, nowNs }, own, hasOwnCount);
  const waitingMax = isCalled ? (plan.values.mailbox ?? Infinity) : Infinity;
  const found = [...assumptionsOf(world, node, arrivals)];
  const hasFormula = own.perS !== undefined && found.every(({ code }) => !unformulated.has(code));
  const model = hasFormula
    ? modelOf({
        arrivalRate: own.perS / 1000,
        servers: plan.values.concurrency,
        holding,
        waitingMax,
      })
    : undefined;
  const timeMs = model?.figures?.timeInSystem ?? holding.mean;
  found.push(
    ...differences.flatMap(({ code, sentence, addsMs }) =>
      addsMs !== undefined && addsMs < negligible * timeMs ? [] : [{ code, sentence }],
    ),
    ...(hasFormula ? heldAssumptions(holding, simulated, publishes(plan)) : []),
    ...rateAssumptions(own, model, simulated),
  );
  const figures = model === undefined ? [] : figuresOf(model, simulated, waitingMax < Infinity);
  const isStable = model === undefined || model.figures !== undefined;
  const known = figures.flatMap(({ agrees }) => agrees ?? []);
  const agrees = known.length === 0 ? null : known.every(Boolean);
  const { id } = world.plan.scenario.nodes[node]!;
  const report = {
    id,
    model: model?.name ?? null,
    stable: isStable,
    arrivalsPerS: own.perS ?? null,
    figures,
    agrees,
    assumptions: found,
  };
  const capacityPerS = (plan.values.concurrency * 1000) / holding.mean;
  return { ...report, sentence: sentenceOf(report, nameOf(world.plan.scenario, id), capacityPerS) };
}

function publishes(plan: ServicePlan): boolean {
  return plan.handlers.some(({ steps }) => steps.some(({ kind }) => kind.does === "publish"));
}

/** Where these fail, no formula says how long a worker is held, what comes, or how long that waits. */
const unformulated: ReadonlySet<string> = new Set([
  "back-off",
  "calls",
  "cores",
  "callers",
  "mixed",
  "shared",
  "tail",
]);

/** Over all contracts that arrive: their moments mix in proportion. */
function mixedHolding(world: World, node: number, own: Arrivals): Holding {
  const plan = servicePlanAt(world, node)!;
  const parts = [...own.shares].map(([contract, share]) => ({
    share,
    ...holdingOf(world, plan, contract),
  }));
  const [first] = parts;
  const isAlike = parts.every(
    ({ mean, variance }) => mean === first?.mean && variance === first.variance,
  );
  if (first !== undefined && isAlike) return first;
  const mix = (value: (part: Holding) => number): number =>
    parts.reduce((total, part) => total + part.share * value(part), 0);
  const mean = mix((part) => part.mean);
  return {
    mean,
    variance: mix((part) => part.variance + part.mean * part.mean) - mean * mean,
    isExponential: false,
    failureRatio: mix((part) => part.failureRatio),
  };
}

/** What only the run shows: that workers are held longer than their work takes. */
function heldAssumptions(
  holding: Holding,
  { arrivals, heldMs, utilisation }: Simulated,
  doesPublish: boolean,
): readonly FailedAssumption[] {
  const scatter = (utilisation.halfWidth ?? 1) / (utilisation.mean ?? 1);
  if (!(heldMs > holding.mean * (1.02 + doubtOf(arrivals) + scatter))) return [];
  return [
    {
      code: "held",
      sentence: `Its workers are held for ${formatDurationMs(heldMs)} per message, ${formatDurationMs(heldMs - holding.mean)} longer than their work takes${doesPublish ? ": they wait until what they publish is confirmed" : ""}.`,
    },
  ];
}

/** That less or more comes than the drawing says, beyond what a formula knows of losses. */
function rateAssumptions(
  own: Arrivals,
  model: Model | undefined,
  { arrivals, arrivalsPerS }: Simulated,
): readonly FailedAssumption[] {
  const figures = model?.figures;
  if (own.perS === undefined || figures === undefined) return [];
  const expected = figures.throughput * 1000;
  if (Math.abs(arrivalsPerS - expected) <= (0.03 + doubtOf(arrivals)) * expected) return [];
  return [
    {
      code: "rate",
      sentence: `By the drawing ${formatNumber(expected)} are handled per second, in the run ${formatNumber(arrivalsPerS)} were.`,
    },
  ];
}

/** Relative scatter of a count, four standard deviations of a Poisson count. */
function doubtOf(count: number): number {
  return count === 0 ? 1 : 4 / Math.sqrt(count);
}

function figuresOf(model: Model, simulated: Simulated, isFinite: boolean): readonly TheoryFigure[] {
  const { figures, p95 } = model;
  if (figures === undefined) return [];
  const { latency, utilisation, meanInSystem, lossRatio } = simulated;
  const [low, high] = latency.p95Interval ?? [NaN, NaN];
  const rows: readonly (readonly [
    TheoryFigure["measure"],
    number | undefined,
    number | null,
    number | null,
  ])[] = [
    ["utilisation", figures.utilisation, utilisation.mean, utilisation.halfWidth],
    ["meanInSystem", figures.meanInSystem, meanInSystem.mean, meanInSystem.halfWidth],
    ["latency.mean", figures.timeInSystem, latency.mean, latency.meanCertainty.halfWidth],
    ["latency.p95", p95, latency.p95, Number.isNaN(low) ? null : (high - low) / 2],
    ["lossRatio", isFinite ? figures.lossProbability : undefined, lossRatio, null],
  ];
  return rows.flatMap(([measure, theory, value, half]) =>
    theory === undefined
      ? []
      : [
          {
            measure,
            theory,
            simulated: value,
            halfWidth: half,
            agrees: agreement(theory, value, half),
          },
        ],
  );
}

function agreement(theory: number, simulated: number | null, half: number | null): boolean | null {
  if (simulated === null || half === null) return null;
  return Math.abs(simulated - theory) <= Math.max(halfWidths * half, tolerance * theory);
}

function sentenceOf(
  report: Omit<TheoryReport, "sentence">,
  name: string,
  capacityPerS: number,
): string {
  const { model, stable, agrees, figures, assumptions, arrivalsPerS } = report;
  const reasons = reasonsText(assumptions);
  if (model === null) {
    const unknown = arrivalsPerS === null && assumptions.length === 0;
    return `No formula describes ${name}.${unknown ? "" : ` ${reasons}`}`;
  }
  if (!stable)
    return `${formatNumber(arrivalsPerS ?? 0)} come to ${name} per second and its workers can do ${formatNumber(capacityPerS)}: there is no steady state, what waits grows for as long as the load lasts.`;
  if (agrees === null)
    return `${name} is compared with ${model}, but there are too few observations to tell whether they agree. ${reasons}`.trim();
  if (agrees) return `${name} behaves like ${model}: theory and simulation agree.`;
  const worst = figures.find((figure) => figure.agrees === false)!;
  const difference = `Theory (${model}) says ${figureText(worst, worst.theory)} ${measureWords[worst.measure]}, simulated ${figureText(worst, worst.simulated ?? NaN)} ± ${figureText(worst, worst.halfWidth ?? NaN)}.`;
  return `${difference} ${assumptions.length === 0 ? "No assumption is known to fail: run longer, or leave out a warm-up." : reasons}`;
}

/** Most reasons in a sentence; all of them stand in the report. */
const reasonsMax = 3;

function reasonsText(assumptions: readonly FailedAssumption[]): string {
  const told = assumptions.slice(0, reasonsMax).map(({ sentence }) => sentence);
  const more = assumptions.length - told.length;
  return [...told, ...(more > 0 ? [`And ${more} more.`] : [])].join(" ");
}

const measureWords = {
  utilisation: "of the workers busy",
  meanInSystem: "waiting or in service",
  "latency.mean": "from arrival to the end of handling",
  "latency.p95": "for all but 5 % of the messages",
  lossRatio: "turned away",
} as const satisfies Readonly<Record<TheoryFigure["measure"], string>>;

/** A figure with its unit. */
function figureText({ measure }: TheoryFigure, value: number): string {
  if (measure === "utilisation" || measure === "lossRatio") return `${formatNumber(value * 100)} %`;
  return measure === "meanInSystem" ? formatNumber(value) : formatDurationMs(value);
}
