// The objectives of a scenario in the inspector: targets that a run meets or misses.

import { duration } from "../../base/fields.ts";
import { nameOf } from "../../model/elements.ts";
import { freshId } from "../../model/freshId.ts";
import { measuresOf } from "../../model/measures.ts";
import type { Objective, Scenario } from "../../model/scenario.ts";
import { IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { NumberInput } from "./controls.tsx";
import styles from "./inspector.module.css";
import { changeScenario } from "./scenarioChanges.ts";
import { Section } from "./Section.tsx";

/** The targets of a scenario. */
export function ObjectiveSection({ scenario }: { readonly scenario: Scenario }) {
  const { objectives } = scenario;
  const change = (next: readonly Objective[], title: string): void =>
    changeScenario({ objectives: next }, title);
  const add = (): void => {
    const measure = measuresOf(scenario, "run")[0] ?? "failed";
    const id = freshId(scenario, "objective");
    change([...objectives, { id, of: "run", measure, is: "at most", value: 0 }], "Add objective");
  };
  return (
    <Section
      title="Objectives"
      action={<IconButton icon="plus" size={15} label="Add objective" onClick={add} />}
    >
      {objectives.length === 0 ? (
        <p className={styles["note"]}>
          None yet. An objective is a target that a run meets or misses, here and in CI.
        </p>
      ) : (
        objectives.map((objective) => (
          <ObjectiveForm
            key={objective.id}
            objective={objective}
            scenario={scenario}
            onChange={(next) =>
              change(
                objectives.map((other) => (other.id === next.id ? next : other)),
                "Change objective",
              )
            }
            onDelete={() =>
              change(
                objectives.filter((other) => other.id !== objective.id),
                "Delete objective",
              )
            }
          />
        ))
      )}
    </Section>
  );
}

interface ObjectiveFormProps {
  readonly objective: Objective;
  readonly scenario: Scenario;
  readonly onChange: (next: Objective) => void;
  readonly onDelete: () => void;
}

function ObjectiveForm({ objective, scenario, onChange, onDelete }: ObjectiveFormProps) {
  const { of, measure, is, value, title = "" } = objective;
  const places = [...scenario.nodes, ...scenario.channels, ...scenario.connections]
    .map((element) => element.id)
    .filter((id) => measuresOf(scenario, id).length > 0);
  const known = measuresOf(scenario, of);
  const measures = known.includes(measure) ? known : [measure, ...known];
  return (
    <details className={styles["objective"]}>
      <summary>
        <span className={styles["objectiveTitle"]}>{title === "" ? measure : title}</span>
        <span className={styles["itemNote"]}>
          {of === "run" ? "run" : nameOf(scenario, of)}: {measure} {is === "at most" ? "≤" : "≥"}{" "}
          {value}
        </span>
      </summary>
      <div className={styles["objectiveForm"]}>
        <div className={styles["sectionHead"]}>
          <input
            className={controls["input"]}
            aria-label="Title of the objective"
            placeholder="Objective"
            value={title}
            onChange={(event) => onChange({ ...objective, title: event.target.value })}
          />
          <IconButton icon="x" size={13} label="Delete objective" onClick={onDelete} />
        </div>
        <select
          className={controls["input"]}
          aria-label="Of"
          value={of}
          onChange={(event) =>
            onChange({
              ...objective,
              of: event.target.value,
              measure: measuresOf(scenario, event.target.value)[0] ?? measure,
            })
          }
        >
          <option value="run">the whole run</option>
          {places.map((id) => (
            <option key={id} value={id}>
              {nameOf(scenario, id)}
            </option>
          ))}
        </select>
        <select
          className={controls["input"]}
          aria-label="Measure"
          value={measure}
          onChange={(event) => onChange(measuring(objective, event.target.value))}
        >
          {measures.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <Particulars objective={objective} scenario={scenario} onChange={onChange} />
        <div className={styles["grid2"]}>
          <select
            className={controls["input"]}
            aria-label="Comparison"
            value={is}
            onChange={(event) =>
              onChange({
                ...objective,
                is: event.target.value === "at least" ? "at least" : "at most",
              })
            }
          >
            <option>at most</option>
            <option>at least</option>
          </select>
          <PlainNumber
            id={`${objective.id}-target`}
            label="Target"
            value={value}
            onChange={(next) => onChange({ ...objective, value: next })}
          />
        </div>
      </div>
    </details>
  );
}

/** Another measure, with what it needs and without what only the one before had. */
function measuring({ from, within, ...objective }: Objective, measure: string): Objective {
  return {
    ...objective,
    measure,
    ...(from !== undefined && measure.startsWith("flow.") && { from }),
    ...(measure === "consistency.shareWithin" && { within: within ?? withinField.default }),
  };
}

const withinField = duration({ label: "Within", default: 5000, help: "" });

/** What only some measures have: where flows begin, and within which time a version has to be there. */
function Particulars({ objective, scenario, onChange }: Omit<ObjectiveFormProps, "onDelete">) {
  const { from, within = 0, measure } = objective;
  if (measure === "consistency.shareWithin")
    return (
      <NumberInput
        id={`${objective.id}-within`}
        label="Within"
        field={withinField}
        value={within}
        onChange={(value) => onChange({ ...objective, within: Number(value) })}
      />
    );
  if (!measure.startsWith("flow.")) return null;
  const sources = scenario.nodes.filter(({ id }) =>
    scenario.connections.some((link) => link.from === id && "contract" in link),
  );
  return (
    <select
      className={controls["input"]}
      aria-label="From"
      value={from ?? ""}
      onChange={(event) => {
        const { from: _, ...rest } = objective;
        onChange(event.target.value === "" ? rest : { ...rest, from: event.target.value });
      }}
    >
      <option value="">from anywhere</option>
      {sources.map(({ id }) => (
        <option key={id} value={id}>
          from {nameOf(scenario, id)}
        </option>
      ))}
    </select>
  );
}

interface PlainNumberProps {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A number whose unit follows from elsewhere. */
function PlainNumber({ id, label, value, onChange }: PlainNumberProps) {
  return (
    <input
      id={id}
      type="number"
      step="any"
      className={controls["input"]}
      aria-label={label}
      value={value}
      onChange={(event) => {
        if (Number.isFinite(event.target.valueAsNumber)) onChange(event.target.valueAsNumber);
      }}
    />
  );
}
