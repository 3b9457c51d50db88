// Probability distributions as data, the way a document writes them. The kernel draws from them.

/** A distribution; all parameters but shapes are in the unit of the field that holds it (mostly [ms]). */
export type Distribution =
  | { readonly distribution: "constant"; readonly value: number }
  | { readonly distribution: "uniform"; readonly min: number; readonly max: number }
  | { readonly distribution: "exponential"; readonly mean: number }
  | { readonly distribution: "erlang"; readonly mean: number; readonly shape: number }
  | { readonly distribution: "gamma"; readonly mean: number; readonly shape: number }
  | { readonly distribution: "hyperexponential"; readonly mean: number; readonly cv2: number }
  | { readonly distribution: "lognormal"; readonly mean: number; readonly sd: number }
  | { readonly distribution: "weibull"; readonly mean: number; readonly shape: number }
  | { readonly distribution: "pareto"; readonly mean: number; readonly shape: number }
  | {
      readonly distribution: "triangular";
      readonly min: number;
      readonly mode: number;
      readonly max: number;
    }
  | { readonly distribution: "empirical"; readonly values: readonly WeightedValue[] };

/** One of the values of an empirical distribution; weights need not add up to anything. */
export type WeightedValue = Readonly<Record<"value" | "weight", number>>;

/** What a parameter of a distribution may be: a number, or rows of numbers. */
export type DistributionParameter = NumericParameter | RowsParameter;

/** A parameter that is a number. */
export interface NumericParameter {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly integer?: true;
}

/** A parameter that is a list of at least one row, with a number for every column. */
export interface RowsParameter {
  readonly label: string;
  readonly rowsMax: number;
  readonly columns: Readonly<Record<string, NumericParameter>>;
}

/** Largest duration a document may name [ms]: the 104 days in which integer nanoseconds stay exact. */
export const durationMsMax = 104 * 8.64e7;

const size = { min: 0, max: durationMsMax };
const mean = { label: "Mean", min: 1e-6, max: durationMsMax };

/** The distributions in the order in which they are offered, with their parameters. The ranges leave out what could
 *  only be a mistake: a Pareto distribution has a mean, and no single draw can exceed what a double can hold. */
export const distributions = {
  constant: { value: { label: "Value", ...size } },
  uniform: { min: { label: "From", ...size }, max: { label: "To", ...size } },
  exponential: { mean },
  erlang: { mean, shape: { label: "Phases", min: 1, max: 1000, integer: true } },
  gamma: { mean, shape: { label: "Shape", min: 0.05, max: 1000 } },
  hyperexponential: {
    mean,
    cv2: { label: "Squared coefficient of variation", min: 1, max: 1000 },
  },
  lognormal: { mean, sd: { label: "Standard deviation", ...size } },
  weibull: { mean, shape: { label: "Shape", min: 0.2, max: 100 } },
  pareto: { mean, shape: { label: "Shape", min: 1.05, max: 100 } },
  triangular: {
    min: { label: "From", ...size },
    mode: { label: "Most likely", ...size },
    max: { label: "To", ...size },
  },
  empirical: {
    values: {
      label: "Values",
      rowsMax: 100,
      columns: {
        value: { label: "Value", ...size },
        weight: { label: "Weight", min: 1e-6, max: 1e9 },
      },
    },
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
    const problem =
      "columns" in rule
        ? rowsProblem(key, rule, record[key])
        : parameterProblem(`"${key}" of a distribution`, rule, record[key]);
    if (problem !== undefined) return problem;
  }
  const disorder = orderProblem(record);
  if (disorder !== undefined) return disorder;
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

/** What ends must be in order is: from, most likely, to. */
function orderProblem(record: Readonly<Record<string, unknown>>): string | undefined {
  const { distribution, min, mode = min, max } = record;
  if (Number(min) > Number(max))
    return `The lower end of a ${String(distribution)} distribution lies above its upper end; swap "min" and "max".`;
  if (Number(min) > Number(mode) || Number(mode) > Number(max))
    return `The most likely value lies outside; choose a "mode" from "min" to "max".`;
  return undefined;
}

function rowsProblem(key: string, rule: RowsParameter, rows: unknown): string | undefined {
  const columns = Object.entries(rule.columns);
  const example = columns.map(([name], i) => `"${name}": ${10 - 9 * i}`).join(", ");
  const form = `"${key}" of a distribution must be a list of 1 to ${rule.rowsMax} rows such as { ${example} }`;
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > rule.rowsMax) return `${form}.`;
  for (const [i, row] of rows.entries()) {
    if (!isRecord(row) || Object.keys(row).some((name) => !Object.hasOwn(rule.columns, name)))
      return `${form}; correct row ${i + 1}.`;
    for (const [name, column] of columns) {
      const problem = parameterProblem(`"${name}" in row ${i + 1}`, column, row[name]);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function parameterProblem(
  what: string,
  rule: NumericParameter,
  value: unknown,
): string | undefined {
  const isNumber = typeof value === "number" && Number.isFinite(value);
  if (isNumber && value >= rule.min && value <= rule.max && !(rule.integer && value % 1 !== 0))
    return undefined;
  const kind = rule.integer ? "a whole number" : "a number";
  return `${what} must be ${kind} from ${rule.min} to ${rule.max}.`;
}

/** Mean of a distribution, in the unit of its parameters. */
export function meanOf(value: Distribution): number {
  switch (value.distribution) {
    case "constant":
      return value.value;
    case "uniform":
      return (value.min + value.max) / 2;
    case "triangular":
      return (value.min + value.mode + value.max) / 3;
    case "empirical":
      return weightedMean(value.values, (one) => one);
    default:
      return value.mean;
  }
}

/** Mean of a function of the values of an empirical distribution. */
export function weightedMean(
  values: readonly WeightedValue[],
  of: (value: number) => number,
): number {
  let sum = 0;
  let weights = 0;
  for (const { value, weight } of values) {
    sum += weight * of(value);
    weights += weight;
  }
  return sum / weights;
}
