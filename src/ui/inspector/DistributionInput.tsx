// A distribution: its shape, and one number per parameter, in the unit of the field.

import {
  type Distribution,
  type DistributionParameter,
  distributions,
  meanOf,
  type NumericParameter,
  parseDistribution,
} from "../../base/distribution.ts";
import {
  bytes,
  count,
  type DistributionField,
  type DistributionUnit,
  duration,
  type FieldValue,
  number,
  table,
  type TableField,
  type VariableField,
} from "../../base/fields.ts";
import controls from "../controls/controls.module.css";
import { NumberInput } from "./controls.tsx";
import styles from "./inspector.module.css";
import { TableInput } from "./TableInput.tsx";

interface DistributionInputProps {
  readonly id: string;
  readonly field: DistributionField | VariableField;
  readonly value: FieldValue;
  readonly onChange: (value: FieldValue) => void;
}

const names: Readonly<Record<Distribution["distribution"], string>> = {
  constant: "Constant",
  uniform: "Uniform",
  exponential: "Exponential",
  erlang: "Erlang: steadier than exponential",
  gamma: "Gamma",
  hyperexponential: "Hyperexponential: wild",
  lognormal: "Lognormal: a long tail",
  weibull: "Weibull",
  pareto: "Pareto: a heavy tail",
  triangular: "Triangular",
  empirical: "Empirical: weighted values",
};

/** The editor of a distribution. */
export function DistributionInput({ id, field, value, onChange }: DistributionInputProps) {
  const current = distributionOf(value) ?? distributionOf(field.default);
  if (current === undefined) return null;
  const parameters: Readonly<Record<string, DistributionParameter>> =
    distributions[current.distribution];
  const numbers = new Map<string, unknown>(Object.entries(current));
  /** What is always the same stands in the document as a plain number where that is possible. */
  const hand = (next: Distribution): void => {
    const isPlain = field.kind === "variable" && next.distribution === "constant";
    onChange(isPlain ? next.value : next);
  };
  const change = (name: string, next: FieldValue): void => {
    const changed = parseDistribution({ ...current, [name]: next });
    if (typeof changed !== "string") hand(changed);
  };
  return (
    <div className={styles["distribution"]} role="group" aria-label={field.label}>
      <select
        id={id}
        className={controls["input"]}
        aria-describedby={`${id}-help`}
        value={current.distribution}
        onChange={(event) => {
          const next = withShape(current, event.target.value);
          if (next !== undefined) hand(next);
        }}
      >
        {Object.entries(names).map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      <div className={styles["parameters"]}>
        {Object.entries(parameters).map(([name, parameter]) =>
          "columns" in parameter ? null : (
            <label key={name} className={styles["parameter"]}>
              {parameter.label}
              <NumberInput
                id={`${id}-${name}`}
                field={fieldFor(name, parameter, field)}
                value={Number(numbers.get(name))}
                onChange={(next) => change(name, next)}
              />
            </label>
          ),
        )}
      </div>
      {current.distribution === "empirical" && (
        <TableInput
          id={`${id}-values`}
          field={valuesField(field)}
          value={current.values}
          onChange={(next) => change("values", next)}
        />
      )}
    </div>
  );
}

/** The values of an empirical distribution as rows to edit. */
function valuesField(field: DistributionField | VariableField): TableField {
  const { label, rowsMax, columns } = distributions.empirical.values;
  const { value, weight } = columns;
  return table({
    label,
    help: "",
    columns: {
      value: fieldFor("value", value, field),
      weight: number({ ...weight, help: "", default: 1 }),
    },
    rowsMin: 1,
    rowsMax,
    default: [],
  });
}

const quantities: Readonly<Record<DistributionUnit, typeof number>> = {
  duration,
  bytes,
  // Of a number of things, too, mean and limits may be broken.
  count: number,
};

function fieldFor(
  name: string,
  parameter: NumericParameter,
  field: DistributionField | VariableField,
) {
  const { label } = parameter;
  const limits = field.kind === "variable" && name === "value" ? field : parameter;
  const about = { label, help: "", min: limits.min, max: limits.max, default: limits.min };
  if (parameter.integer) return count(about);
  return name === "cv2" || name === "shape" ? number(about) : quantities[field.unit](about);
}

/** The distribution that a value stands for; undefined when it stands for none. */
function distributionOf(value: FieldValue): Distribution | undefined {
  if (typeof value === "number") return { distribution: "constant", value };
  const read = parseDistribution(value);
  return typeof read === "string" ? undefined : read;
}

/** Another shape with the same mean, which is at least a thousandth, so that every shape accepts it. */
export function withShape(current: Distribution, name: string): Distribution | undefined {
  const mean = Math.max(1e-3, meanOf(current));
  const about = { min: mean / 2, max: mean * 1.5 };
  const shapes: Readonly<Record<string, Distribution>> = {
    constant: { distribution: "constant", value: mean },
    uniform: { distribution: "uniform", ...about },
    exponential: { distribution: "exponential", mean },
    erlang: { distribution: "erlang", mean, shape: 4 },
    gamma: { distribution: "gamma", mean, shape: 0.5 },
    hyperexponential: { distribution: "hyperexponential", mean, cv2: 4 },
    lognormal: { distribution: "lognormal", mean, sd: mean },
    weibull: { distribution: "weibull", mean, shape: 0.7 },
    pareto: { distribution: "pareto", mean, shape: 2.5 },
    triangular: { distribution: "triangular", min: about.min, mode: mean, max: about.max },
    empirical: {
      distribution: "empirical",
      values: [about.min, about.max].map((value) => ({ value, weight: 1 })),
    },
  };
  return Object.hasOwn(shapes, name) ? shapes[name] : undefined;
}
