// Any list of fields as a form. Descriptors decide everything: control, unit, range, help, condition, default.
// A value is handed over when it is complete (Enter, leaving the field, an arrow key), never half typed.

import { Fragment, type ReactNode, useId, useState } from "react";
import type { Field, Fields, FieldValue, Parameters } from "../../base/fields.ts";
import { isShown } from "../../base/conditions.ts";
import { valuesOf } from "../../base/fields.ts";
import { formatValue } from "../../base/fieldText.ts";
import { Icon } from "../controls/Icon.tsx";
import { ChoiceInput, FlagInput, NumberInput, Slider, TextInput } from "./controls.tsx";
import { DistributionInput } from "./DistributionInput.tsx";
import styles from "./inspector.module.css";
import { RecordingInput } from "./RecordingInput.tsx";
import { TableInput } from "./TableInput.tsx";

/** What a form needs. */
export interface FieldFormProps {
  readonly fields: Fields;
  /** What the document states; the rest has its default. */
  readonly stated: Parameters;
  readonly onChange: (name: string, value: FieldValue) => void;
  /** Complaints of the document's check by field name. */
  readonly complaints?: Readonly<Record<string, string>> | undefined;
  /** Where a value comes from, as in "Recorded on the timeline at 12.3 s.", by field name. */
  readonly hints?: Readonly<Record<string, string>> | undefined;
  /** Sliders for live numbers. */
  readonly hasSliders?: boolean;
  /** Whether what is stated can be put back to its default. */
  readonly hasResets?: boolean;
}

/** The form. */
export function FieldForm({
  fields,
  stated,
  onChange,
  complaints,
  hints,
  hasSliders,
  hasResets = true,
}: FieldFormProps) {
  const values: Parameters = valuesOf(fields, stated);
  const shown = Object.entries(fields).filter(([, field]) => isShown(fields, field, values));
  const line = ([name, field]: NamedField) => (
    <FieldLine
      key={name}
      field={field}
      value={values[name] ?? null}
      isStated={hasResets && Object.hasOwn(stated, name)}
      complaint={complaints?.[name]}
      hint={hints?.[name]}
      hasSlider={hasSliders === true && field.live === true && field.kind !== "duration"}
      onChange={(value) => onChange(name, value)}
    />
  );
  const isAtStake = ([name]: NamedField) =>
    Object.hasOwn(stated, name) || complaints?.[name] !== undefined;
  return (
    <div className={styles["form"]}>
      {inGroups(shown).map(({ group, own }) =>
        group === "" || own.length === 1 ? (
          own.map(line)
        ) : (
          <FieldGroup key={group} title={group} set={own.filter(isAtStake).length}>
            {own.map(line)}
          </FieldGroup>
        ),
      )}
    </div>
  );
}

type NamedField = readonly [name: string, field: Field];

/** Fields by their headings, those without one first; a pattern that is switched off has a single field left. */
function inGroups(
  shown: readonly NamedField[],
): readonly { readonly group: string; readonly own: readonly NamedField[] }[] {
  const groups = ["", ...new Set(shown.map(([, { group = "" }]) => group))];
  return [...new Set(groups)].map((group) => ({
    group,
    own: shown.filter(([, field]) => (field.group ?? "") === group),
  }));
}

interface FieldGroupProps {
  readonly title: string;
  /** How many of its fields are stated or complained about. */
  readonly set: number;
  readonly children: ReactNode;
}

/** Fields under a heading that folds; open at first where something is stated. */
function FieldGroup({ title, set, children }: FieldGroupProps) {
  const [isOpen, setOpen] = useState(set > 0);
  return (
    <details
      className={styles["group"]}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className={styles["summary"]}>
        {title}
        {set === 0 ? null : <span className={styles["itemNote"]}> {set} set</span>}
      </summary>
      <div className={styles["form"]}>{children}</div>
    </details>
  );
}

interface FieldLineProps {
  readonly field: Field;
  readonly value: FieldValue;
  readonly isStated: boolean;
  readonly complaint: string | undefined;
  readonly hint: string | undefined;
  readonly hasSlider: boolean;
  readonly onChange: (value: FieldValue) => void;
}

function FieldLine({
  field,
  value,
  isStated,
  complaint,
  hint,
  hasSlider,
  onChange,
}: FieldLineProps) {
  const id = useId();
  return (
    <div className={styles["field"]} data-wide={needsWidth(field)} data-kind={field.kind}>
      <div className={styles["fieldName"]}>
        <label htmlFor={id}>{breakable(field.label)}</label>
        <button
          type="button"
          className={styles["help"]}
          aria-label={`About ${field.label}`}
          data-tip={helpOf(field)}
        >
          <Icon name="help" size={13} />
        </button>
        {isStated ? (
          <button
            type="button"
            className={styles["reset"]}
            aria-label={`Reset ${field.label} to ${formatValue(field, field.default)}`}
            data-tip={`Reset to ${formatValue(field, field.default) || "empty"}`}
            onClick={() => onChange(field.default)}
          >
            <Icon name="reset" size={12} />
          </button>
        ) : null}
      </div>
      <div className={styles["control"]}>
        <Control id={id} field={field} value={value} onChange={onChange} />
      </div>
      <span id={`${id}-help`} className="visually-hidden">
        {helpOf(field)}
      </span>
      {hasSlider ? <Slider field={field} value={value} onChange={onChange} /> : null}
      {complaint === undefined ? null : <p className={styles["complaint"]}>{complaint}</p>}
      {hint === undefined ? null : <p className={styles["hint"]}>{hint}</p>}
    </div>
  );
}

/** Long names such as `log.retention.check.interval.ms` may break after a sign. */
function breakable(label: string): ReactNode {
  const parts = label.split(/(?<=[._-])/);
  return parts.map((part, i) => (
    <Fragment key={parts.slice(0, i + 1).join("")}>
      {part}
      {i === parts.length - 1 ? null : <wbr />}
    </Fragment>
  ));
}

const shortLabelMax = 12;
/** What fits beside a control. */
const labelMax = 15;

/** Whether the label stands above its control: names out of manuals are long, and never broken within a word. */
function needsWidth(field: Field): boolean {
  if (field.kind === "flag") return false;
  if (field.label.length > labelMax) return true;
  if (field.kind === "choice")
    return field.options.some((option) => option.label.length > shortLabelMax);
  return ["distribution", "variable", "table", "text", "recording"].includes(field.kind);
}

/** Help with range and default, for tip and screen reader. */
export function helpOf(field: Field): string {
  const fallback = formatValue(field, field.default);
  const end = fallback === "" ? "" : ` Default: ${fallback}.`;
  if (!("min" in field)) return `${field.help}${end}`;
  return `${field.help} From ${formatValue(field, field.min)} to ${formatValue(field, field.max)}.${end}`;
}

interface ControlProps {
  readonly id: string;
  readonly field: Field;
  readonly value: FieldValue;
  readonly onChange: (value: FieldValue) => void;
}

function Control({ id, field, value, onChange }: ControlProps) {
  switch (field.kind) {
    case "choice":
      return <ChoiceInput id={id} field={field} value={value} onChange={onChange} />;
    case "flag":
      return <FlagInput id={id} value={value === true} onChange={onChange} />;
    case "text":
      return (
        <TextInput
          id={id}
          field={field}
          value={typeof value === "string" ? value : ""}
          onChange={onChange}
        />
      );
    case "recording":
      return (
        <RecordingInput
          id={id}
          field={field}
          value={typeof value === "string" ? value : ""}
          onChange={onChange}
        />
      );
    case "table":
      return <TableInput id={id} field={field} value={value} onChange={onChange} />;
    case "distribution":
    case "variable":
      return <DistributionInput id={id} field={field} value={value} onChange={onChange} />;
    default:
      return <NumberInput id={id} field={field} value={value} onChange={onChange} />;
  }
}
