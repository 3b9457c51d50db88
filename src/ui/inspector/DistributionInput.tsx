// A distribution: its shape, and one number per parameter, in the unit of the field.

import {
  type Distribution,
  type DistributionParameter,
  distributions,
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
  type VariableField,
} from "../../base/fields.ts";
import controls from "../controls/controls.module.css";
import { NumberInput } from "./controls.tsx";
import styles from "./inspector.module.css";

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
  lognormal: "Lognormal: a long tail",
  hyperexponential: "Hyperexponential: wild",
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
        {Object.entries(parameters).map(([name, parameter]) => (
          <label key={name} className={styles["parameter"]}>
            {parameter.label}
            <NumberInput
              id={`${id}-${name}`}
              field={fieldFor(name, parameter, field)}
              value={Number(numbers.get(name))}
              onChange={(next) => change(name, next)}
            />
          </label>
        ))}
      </div>
    </div>
  );
}

const quantities: Readonly<Record<DistributionUnit, typeof number>> = {
  duration,
  bytes,
  // Of a number of things, too, mean and limits may be broken.
  count: number,
};

function fieldFor(
  name: string,
  parameter: DistributionParameter,
  field: DistributionField | VariableField,
) {
  const { label } = parameter;
  const limits = field.kind === "variable" && name === "value" ? field : parameter;
  const about = { label, help: "", min: limits.min, max: limits.max, default: limits.min };
  if (name === "cv2") return number(about);
  return name === "shape" ? count(about) : quantities[field.unit](about);
}

/** The distribution that a value stands for; undefined when it stands for none. */
function distributionOf(value: FieldValue): Distribution | undefined {
  if (typeof value === "number") return { distribution: "constant", value };
  const read = parseDistribution(value);
  return typeof read === "string" ? undefined : read;
}

/** Another shape with the same mean. */
export function withShape(current: Distribution, name: string): Distribution | undefined {
  const mean = meanOf(current);
  const shapes: Readonly<Record<string, Distribution>> = {
    constant: { distribution: "constant", value: mean },
    uniform: { distribution: "uniform", min: mean / 2, max: mean * 1.5 },
    exponential: { distribution: "exponential", mean },
    erlang: { distribution: "erlang", mean, shape: 4 },
    lognormal: { distribution: "lognormal", mean, sd: mean },
    hyperexponential: { distribution: "hyperexponential", mean, cv2: 4 },
  };
  return Object.hasOwn(shapes, name) ? shapes[name] : undefined;
}

/** The mean of a distribution [ms], at least a microsecond so that every shape accepts it. */
export function meanOf(value: Distribution): number {
  switch (value.distribution) {
    case "constant":
      return Math.max(1e-3, value.value);
    case "uniform":
      return Math.max(1e-3, (value.min + value.max) / 2);
    default:
      return value.mean;
  }
}
