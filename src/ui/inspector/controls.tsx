// The controls of a form, one per kind of field. What is typed is read by the same parser as the command line's:
// "250ms", "20/s", "5%", "16 KiB", "none".

import { type KeyboardEvent, useState } from "react";
import {
  type ChoiceField,
  type Field,
  type FieldValue,
  type NumberField,
  type OptionalNumberField,
  type TextField,
} from "../../base/fields.ts";
import { formatValue, parseTyped } from "../../base/fieldText.ts";
import { join } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import styles from "./inspector.module.css";

interface InputProps<F extends Field> {
  readonly id: string;
  readonly field: F;
  readonly value: FieldValue;
  readonly onChange: (value: FieldValue) => void;
}

interface NumberInputProps extends InputProps<NumberField | OptionalNumberField> {
  /** Accessible name where no label points to it. */
  readonly label?: string;
}

/** A number with its unit. Arrow keys step by a sensible amount; Escape takes the typing back. */
export function NumberInput({ id, field, value, onChange, label }: NumberInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const parsed = typed === null ? undefined : parseTyped(field, typed);
  const finish = (): void => {
    if (parsed?.ok === true && parsed.value !== value) onChange(parsed.value);
    if (parsed?.ok !== false) setTyped(null);
  };
  const handleKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter") finish();
    if (event.key === "Escape" && typed !== null) {
      event.stopPropagation();
      setTyped(null);
    }
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    const base = parsed?.ok === true ? parsed.value : value;
    if (direction === 0 || typeof base !== "number") return;
    event.preventDefault();
    setTyped(null);
    onChange(stepped(field, base, event.shiftKey ? direction * 10 : direction));
  };
  return (
    <>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        className={controls["input"]}
        aria-label={label}
        aria-describedby={`${id}-help ${id}-wrong`}
        aria-invalid={parsed?.ok === false}
        value={typed ?? formatValue(field, value)}
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={() => {
          finish();
          setTyped(null);
        }}
        onKeyDown={handleKey}
      />
      <span
        id={`${id}-wrong`}
        className={styles["complaint"]}
        role={parsed?.ok === false ? "alert" : undefined}
      >
        {parsed?.ok === false ? parsed.failure : ""}
      </span>
    </>
  );
}

/** One step up or down from a value: a tenth of its size for measures, one for counts. */
export function stepped(
  field: NumberField | OptionalNumberField,
  value: number,
  steps: number,
): number {
  const size = Math.max(Math.abs(value), 1e-3);
  const step =
    field.kind === "count"
      ? 1
      : field.kind === "ratio"
        ? 0.01
        : 10 ** Math.floor(Math.log10(size) - 0.31);
  const next = Number((value + steps * step).toPrecision(12));
  return Math.min(field.max, Math.max(field.min, next));
}

/** One of several values. */
export function ChoiceInput({ id, field, value, onChange }: InputProps<ChoiceField>) {
  return (
    <select
      id={id}
      className={controls["input"]}
      aria-describedby={`${id}-help`}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => onChange(event.target.value)}
    >
      {field.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

interface FlagInputProps {
  readonly id: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

/** A switch. */
export function FlagInput({ id, value, onChange }: FlagInputProps) {
  return (
    <span className={styles["flag"]}>
      <input
        id={id}
        type="checkbox"
        role="switch"
        className={styles["switch"]}
        aria-describedby={`${id}-help`}
        checked={value}
        aria-checked={value}
        onChange={(event) => onChange(event.target.checked)}
      />
    </span>
  );
}

interface TextInputProps {
  readonly id?: string;
  readonly field: Pick<TextField, "maxLength" | "label">;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string | undefined;
  readonly placeholder?: string;
}

/** A line of text; the document follows every letter, the history keeps one step. */
export function TextInput({ id, field, value, onChange, className, placeholder }: TextInputProps) {
  // What is typed stays as it is (with a space at its end) while the document keeps the trimmed form.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      id={id}
      type="text"
      autoComplete="off"
      spellCheck={false}
      className={className ?? join(controls["input"])}
      aria-label={id === undefined ? field.label : undefined}
      aria-describedby={id === undefined ? undefined : `${id}-help`}
      maxLength={field.maxLength}
      placeholder={placeholder}
      value={typed ?? value}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(event.target.value);
      }}
      onBlur={() => setTyped(null)}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}

/** A name that wraps where it is long, and still is one line of text. */
export function TitleInput({ field, value, onChange }: Omit<TextInputProps, "id">) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <textarea
      rows={1}
      autoComplete="off"
      spellCheck={false}
      className={styles["nameInput"]}
      aria-label={field.label}
      maxLength={field.maxLength}
      value={typed ?? value}
      onChange={(event) => {
        const text = event.target.value.replaceAll(/\s*\n\s*/gu, " ");
        setTyped(text);
        onChange(text);
      }}
      onBlur={() => setTyped(null)}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        event.currentTarget.blur();
      }}
    />
  );
}

interface SliderProps {
  readonly field: Field;
  readonly value: FieldValue;
  readonly onChange: (value: FieldValue) => void;
}

const ticks = 200;

/** A slider for a live number, logarithmic where the range is wide. The value is handed over on letting go. */
export function Slider({ field, value, onChange }: SliderProps) {
  const [held, setHeld] = useState<number | null>(null);
  if (!("min" in field) || field.kind === "variable" || typeof value !== "number") return null;
  const scale = scaleOf(field, value);
  const finish = (): void => {
    if (held !== null) onChange(scale.valueAt(held));
    setHeld(null);
  };
  return (
    <input
      type="range"
      className={styles["slider"]}
      aria-label={`${field.label}, slider`}
      aria-valuetext={formatValue(field, held === null ? value : scale.valueAt(held))}
      min={0}
      max={ticks}
      value={held ?? scale.tickOf(value)}
      data-tip={formatValue(field, held === null ? value : scale.valueAt(held))}
      onChange={(event) => setHeld(Number(event.target.value))}
      onPointerUp={finish}
      onKeyUp={finish}
      onBlur={finish}
    />
  );
}

function scaleOf(field: NumberField | OptionalNumberField, value: number) {
  const isWhole = field.kind === "count";
  const top =
    field.kind === "ratio" ? 1 : Math.min(field.max, niceTop(Math.max(value, field.default ?? 1)));
  const bottom = field.min;
  return {
    // Quadratic: fine near the bottom, where most of the interesting values are.
    tickOf: (at: number) =>
      Math.round(ticks * Math.sqrt(Math.max(0, (at - bottom) / (top - bottom)))),
    valueAt: (tick: number) => {
      const raw = bottom + (top - bottom) * (tick / ticks) ** 2;
      return isWhole ? Math.round(raw) : Number(raw.toPrecision(2));
    },
  };
}

/** A round number well above a value. */
function niceTop(value: number): number {
  return 10 ** Math.ceil(Math.log10(Math.max(value, 1) * 4));
}
