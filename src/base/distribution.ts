// Probability distributions as data, the way a document writes them. The kernel draws from them.

/** A distribution; all parameters but shapes are in the unit of the field that holds it (mostly [ms]). */
export type Distribution =
  | { readonly distribution: "constant"; readonly value: number }
  | { readonly distribution: "uniform"; readonly min: number; readonly max: number }
  | { readonly distribution: "exponential"; readonly mean: number }
  | { readonly distribution: "erlang"; readonly mean: number; readonly shape: number }
  | { readonly distribution: "lognormal"; readonly mean: number; readonly sd: number }
  | { readonly distribution: "hyperexponential"; readonly mean: number; readonly cv2: number };

/** What a parameter of a distribution may be. */
export interface DistributionParameter {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly integer?: true;
}

/** Largest duration a document may name [ms]: the 104 days in which integer nanoseconds stay exact. */
export const durationMsMax = 104 * 8.64e7;

const positive = { min: 1e-6, max: durationMsMax };

/** The distributions in the order in which they are offered, with their parameters. */
export const distributions = {
  constant: { value: { label: "Value", min: 0, max: durationMsMax } },
  uniform: {
    min: { label: "From", min: 0, max: durationMsMax },
    max: { label: "To", min: 0, max: durationMsMax },
  },
  exponential: { mean: { label: "Mean", ...positive } },
  erlang: {
    mean: { label: "Mean", ...positive },
    shape: { label: "Phases", min: 1, max: 1000, integer: true },
  },
  lognormal: {
    mean: { label: "Mean", ...positive },
    sd: { label: "Standard deviation", min: 0, max: durationMsMax },
  },
  hyperexponential: {
    mean: { label: "Mean", ...positive },
    cv2: { label: "Squared coefficient of variation", min: 1, max: 1000 },
  },
} as const satisfies Readonly<
  Record<Distribution["distribution"], Readonly<Record<string, DistributionParameter>>>
>;

/** Reads a distribution from an unknown value; a sentence with the remedy when it is none. */
export function parseDistribution(value: unknown): Distribution | string {
  if (!isRecord(value))
    return `Write a distribution such as { "distribution": "exponential", "mean": 20 }.`;
  const record = value;
  const name = record["distribution"];
  if (typeof name !== "string" || !isDistributionName(name))
    return `Choose one of the distributions ${Object.keys(distributions).join(", ")}.`;
  const parameters: Readonly<Record<string, DistributionParameter>> = distributions[name];
  const foreign = Object.keys(record).find(
    (key) => key !== "distribution" && !Object.hasOwn(parameters, key),
  );
  if (foreign !== undefined)
    return `A distribution "${name}" has no "${foreign}"; it takes ${Object.keys(parameters).join(" and ")}.`;
  for (const [key, rule] of Object.entries(parameters)) {
    const problem = parameterProblem(key, rule, record[key]);
    if (problem !== undefined) return problem;
  }
  if (name === "uniform" && Number(record["min"]) > Number(record["max"]))
    return `The lower end of a uniform distribution lies above its upper end; swap "min" and "max".`;
  // It has exactly the parameters of its kind, and each was checked.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return record as unknown as Distribution;
}

/** Whether a text names a distribution. */
export function isDistributionName(name: string): name is Distribution["distribution"] {
  return Object.hasOwn(distributions, name);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parameterProblem(
  key: string,
  rule: DistributionParameter,
  value: unknown,
): string | undefined {
  const isNumber = typeof value === "number" && Number.isFinite(value);
  if (isNumber && value >= rule.min && value <= rule.max && !(rule.integer && value % 1 !== 0))
    return undefined;
  const kind = rule.integer ? "a whole number" : "a number";
  return `"${key}" of a distribution must be ${kind} from ${rule.min} to ${rule.max}.`;
}
