// What lies in a channel of dead letters, and how it is brought back to where it came from while the scenario runs. A redrive
// goes onto the timeline, as everything that a person does to a run.

import { useState, useSyncExternalStore } from "react";
import { type Parameters, valuesOf } from "../../base/fields.ts";
import { formatDurationMs, formatNumber } from "../../base/units.ts";
import { deadLetterChannels, redriveProblem } from "../../model/redrives.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { latestLiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { Button } from "../controls/Button.tsx";
import { redriveFields, redriveOf } from "../run/redriveFields.ts";
import { FieldForm } from "./FieldForm.tsx";
import styles from "./inspector.module.css";
import { Section } from "./Section.tsx";

/** The dead letters of a channel; nothing where none ever come. */
export function DeadLetterSection({ id }: { readonly id: string }) {
  const scenario = useDocumentStore((state) => state.scenario);
  if (!deadLetterChannels(scenario).some((channel) => channel.id === id)) return null;
  return (
    <Section title="Dead letters">
      <Lying id={id} />
      <Redrive key={id} id={id} scenario={scenario} />
    </Section>
  );
}

function Lying({ id }: { readonly id: string }) {
  const text = useSyncExternalStore(subscribeLiveRun, () => lyingText(id));
  return <p className={styles["note"]}>{text}</p>;
}

function lyingText(id: string): string {
  const live = latestLiveRun();
  const lying = live?.frame.deadLetters?.[id];
  if (lying === undefined) return "How many lie here, how old and why, is said while it runs.";
  const depth = `${formatNumber(lying.depth)} lie here`;
  if (lying.depth === 0) return `${depth}.`;
  const oldest =
    lying.oldestMs === null ? "" : `, the oldest ${formatDurationMs(lying.oldestMs)} old`;
  return `${depth}${oldest}.`;
}

interface RedriveProps {
  readonly id: string;
  readonly scenario: Scenario;
}

function Redrive({ id, scenario }: RedriveProps) {
  const [stated, setStated] = useState<Parameters>({});
  const fields = redriveFields(scenario, id);
  const act = redriveOf(id, valuesOf(fields, stated));
  const problem = redriveProblem(scenario, act);
  return (
    <>
      <FieldForm
        fields={fields}
        stated={stated}
        onChange={(name, value) => setStated({ ...stated, [name]: value })}
      />
      {problem === undefined ? null : <p className={styles["note"]}>{problem.message}</p>}
      <div className={styles["buttons"]}>
        <Button
          icon="reset"
          disabled={problem !== undefined}
          onClick={() => void useRunStore.getState().act(act)}
        >
          Redrive
        </Button>
      </div>
    </>
  );
}
