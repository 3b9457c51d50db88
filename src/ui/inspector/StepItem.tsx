// One step of a handler in the inspector: what it does, over which connection it is taken back, and where it stands.

import { useState } from "react";
import { durations, isDistribution, type FieldValue, ratio } from "../../base/fields.ts";
import { nameOf, parametersOf } from "../../model/elements.ts";
import { isEqual } from "../../model/equal.ts";
import { isStepConnection } from "../../model/handlers.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { ConnectionStep, HandlerStep, WorkStep } from "../../model/handler.ts";
import { IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { FieldForm } from "./FieldForm.tsx";
import { textOf } from "./handlerChanges.ts";
import styles from "./inspector.module.css";
import { goTo } from "./parts.tsx";

interface StepItemProps {
  readonly scenario: Scenario;
  readonly service: string;
  readonly step: HandlerStep;
  /** Whether it may be taken back. */
  readonly mayUndo: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Puts another step in its place. */
  readonly onChange: (step: HandlerStep) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** A step in the list. */
export function StepItem(props: StepItemProps) {
  const { scenario, step, isFirst, isLast, onMove, onRemove } = props;
  const [isOpen, setOpen] = useState(false);
  const text = textOf(scenario, step);
  return (
    <li>
      <div className={styles["item"]}>
        <button
          type="button"
          className={styles["itemMain"]}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {text}
        </button>
        <IconButton
          icon="chevron-up"
          size={13}
          label={`Move “${text}” up`}
          disabled={isFirst}
          onClick={() => onMove(-1)}
        />
        <IconButton
          icon="chevron-down"
          size={13}
          label={`Move “${text}” down`}
          disabled={isLast}
          onClick={() => onMove(1)}
        />
        <IconButton icon="x" size={13} label={`Remove “${text}”`} onClick={onRemove} />
      </div>
      {isOpen ? (
        step.do === "work" ? (
          <WorkForm {...props} step={step} />
        ) : (
          <OverForm {...props} step={step} />
        )
      ) : null}
    </li>
  );
}

/** What work states itself; what equals that of the service is not stated. */
function WorkForm({ scenario, service, step, onChange }: StepItemProps & { step: WorkStep }) {
  const { serviceTime = null, errorRate } = parametersOf(scenario, service);
  const fields = {
    time: durations({
      label: "Time",
      default: isDistribution(serviceTime)
        ? serviceTime
        : ({ distribution: "constant", value: 0 } as const),
      help: "How long this step takes. The default is the service time.",
    }),
    errorRate: ratio({
      label: "Error rate",
      default: typeof errorRate === "number" ? errorRate : 0,
      help: "Share of the attempts that fail at the end of this step. The default is that of the service.",
    }),
    refusalRate: ratio({
      label: "Refusals",
      default: 0,
      help: "Share of the messages that are refused for a reason of the business, the same at every attempt.",
    }),
  };
  const { time, errorRate: ownErrors, refusalRate } = step;
  const stated = {
    ...(time === undefined ? {} : { time }),
    ...(ownErrors === undefined ? {} : { errorRate: ownErrors }),
    ...(refusalRate === undefined ? {} : { refusalRate }),
  };
  const change = (name: string, value: FieldValue): void => {
    const field = Object.entries(fields).find(([one]) => one === name)?.[1];
    const next: Record<string, unknown> = { ...step };
    if (field === undefined || isEqual(value, field.default)) delete next[name];
    else next[name] = value;
    // The form hands over what its fields allow, under their names.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    onChange(next as unknown as WorkStep);
  };
  return <FieldForm fields={fields} stated={stated} onChange={change} />;
}

function OverForm({
  scenario,
  service,
  step,
  mayUndo,
  onChange,
}: StepItemProps & { step: ConnectionStep }) {
  const links = scenario.connections.filter(
    (link) => link.from === service && isStepConnection(link),
  );
  const { undo, ...rest } = step;
  return (
    <div className={styles["form"]}>
      {mayUndo ? (
        <label className={styles["field"]}>
          <span className={styles["fieldLabel"]}>Taken back by</span>
          <select
            className={controls["input"]}
            value={undo ?? ""}
            onChange={({ target: { value } }) =>
              onChange(value === "" ? rest : { ...rest, undo: value })
            }
          >
            <option value="">nothing</option>
            {links.map(({ id, kind }) => (
              <option key={id} value={id}>
                {kind} {nameOf(scenario, id)}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <button type="button" className={controls["button"]} onClick={() => goTo(step.over)}>
        Edit its connection
      </button>
    </div>
  );
}
