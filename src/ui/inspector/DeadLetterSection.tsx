// What lies in a channel of dead letters, and how it is brought back to where it came from while the scenario runs. A redrive
// goes onto the timeline, as everything that a person does to a run.

import { useState, useSyncExternalStore } from "react";
import { choice, count, type Fields, type Parameters, rate, valuesOf } from "../../base/fields.ts";
import { formatDurationMs, formatNumber } from "../../base/units.ts";
import { channelKindOf, channelOf, nameOf } from "../../model/elements.ts";
import { deadLetterChannels, destinationsOf, redriveProblem } from "../../model/redrives.ts";
import { redriveRateMax } from "../../model/limits.ts";
import type { LiveRedrive } from "../../model/result.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { latestLiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { Button } from "../controls/Button.tsx";
import { FieldForm } from "./FieldForm.tsx";
import styles from "./inspector.module.css";
import { Section } from "./Section.tsx";

/** Where dead letters came from. */
const back = "back";

const pace = {
  rate: rate({
    label: "Rate",
    default: 20,
    min: 0.001,
    max: redriveRateMax,
    help: "How many dead letters per second go back.",
  }),
  count: count({
    label: "Messages",
    min: 1,
    max: 1_000_000_000,
    none: "all",
    default: null,
    help: "How many at most. All: what lies there at that moment.",
  }),
} as const satisfies Fields;

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
  const fields = { ...pace, to: destination(scenario, id) };
  const values = valuesOf(fields, stated);
  const act: LiveRedrive = {
    act: "redrive",
    target: id,
    rate: values.rate,
    ...(values.count === null ? {} : { count: values.count }),
    ...(values.to === back ? {} : { to: values.to }),
  };
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

/** Back where that is known, or into any channel that takes publications. */
function destination(scenario: Scenario, id: string) {
  const others = scenario.channels.filter(
    (channel) => channel.id !== id && channelKindOf(scenario, channel.id)?.publishable === true,
  );
  const known = destinationsOf(scenario, { target: id });
  const options = [
    ...(known.ok ? [{ value: back, label: backText(scenario, [...known.value.values()]) }] : []),
    ...others.map((channel) => ({ value: channel.id, label: nameOf(scenario, channel.id) })),
  ];
  return choice({
    label: "Into",
    options: options.length === 0 ? [{ value: back, label: "nowhere" }] : options,
    default: options[0]?.value ?? back,
    help: "Where they go: to where they came from, or into another channel.",
  });
}

function backText(scenario: Scenario, channels: readonly string[]): string {
  const names = [...new Set(channels)].map((id) =>
    nameOf(scenario, channelOf(scenario, id)?.id ?? id),
  );
  return `back to ${names.join(" and ")}`;
}
