// The inspector when nothing is selected: the scenario itself, its objectives and its timeline.

import { createElement, useState } from "react";
import { count, duration, type FieldValue, type Parameters } from "../../base/fields.ts";
import { entryWords } from "../../model/actTitle.ts";
import type { Bookmark } from "../../model/bookmarks.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { tools } from "../../store/tools.ts";
import { Button, IconButton, join } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Icon } from "../controls/Icon.tsx";
import { NumberInput, TitleInput } from "./controls.tsx";
import { FieldForm } from "./FieldForm.tsx";
import styles from "./inspector.module.css";
import { bookmarkList, partiesForm, useLate } from "./lateInspector.ts";
import { changeScenario } from "./scenarioChanges.ts";
import { ObjectiveSection } from "./ObjectiveSection.tsx";
import { Section } from "./Section.tsx";

const runFields = {
  seed: count({
    label: "Seed",
    max: 2 ** 32 - 1,
    default: 1,
    help: "Decides every random choice: the same document and seed give the same run, everywhere.",
  }),
  duration: duration({
    label: "Length of the run",
    min: 1,
    default: 60_000,
    help: "Simulated time from beginning to end.",
  }),
  sourcesStopAt: duration({
    label: "Producers stop at",
    none: "the end",
    default: null,
    help: "From then on nothing new comes in and the rest of the run drains.",
  }),
  warmUp: duration({
    label: "Warm-up",
    default: 0,
    help: "What happens before is left out of latencies, rates and means. The books keep everything.",
  }),
} as const;

/** The inspector of the scenario. */
export function ScenarioInspector() {
  const scenario = useDocumentStore((state) => state.scenario);
  const { description = "" } = scenario;
  return (
    <>
      <div className={styles["title"]}>
        <span
          className={styles["titleMark"]}
          style={{ background: "var(--accent-soft)", color: "var(--accent)" }}
        >
          <Icon name="file" size={16} />
        </span>
        <div className={styles["titleText"]}>
          <div className={styles["kicker"]}>Scenario</div>
          <TitleInput
            field={{ label: "Title", maxLength: 120 }}
            value={scenario.title}
            onChange={(title) => changeScenario({ title }, "Rename scenario")}
          />
        </div>
      </div>
      <Section>
        <textarea
          className={join(controls["input"], styles["description"])}
          aria-label="Description"
          placeholder="What is this drawing about?"
          rows={4}
          value={description}
          onChange={(event) =>
            changeScenario({ description: event.target.value }, "Describe scenario")
          }
        />
      </Section>
      <Section title="Run">
        <FieldForm
          fields={runFields}
          stated={statedRun(scenario)}
          onChange={(name, value) => changeRun(scenario, name, value)}
        />
      </Section>
      <ObjectiveSection scenario={scenario} />
      <Timeline scenario={scenario} />
      <Bookmarks scenario={scenario} />
      <Parties />
    </>
  );
}

function Bookmarks({ scenario: { bookmarks = [] } }: { readonly scenario: Scenario }) {
  const keep = (): void => void tools.presenting.use(({ bookmarkNow }) => bookmarkNow());
  return (
    <Section
      title="Bookmarks"
      action={
        <IconButton
          icon="plus"
          size={15}
          label="Bookmark what is seen now"
          shortcut="M"
          onClick={keep}
        />
      }
    >
      {bookmarks.length === 0 ? (
        <p className={styles["note"]}>
          None yet. A bookmark keeps a moment of the run and what one sees of it, to present.
        </p>
      ) : (
        <LateBookmarks bookmarks={bookmarks} />
      )}
    </Section>
  );
}

function LateBookmarks(props: { readonly bookmarks: readonly Bookmark[] }) {
  const list = useLate(bookmarkList);
  return list === undefined ? null : createElement(list, props);
}

function Parties() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section className={styles["section"]}>
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary className={styles["summary"]}>Contact and licence</summary>
        {isOpen ? <LateForm /> : null}
      </details>
    </section>
  );
}

function LateForm() {
  const form = useLate(partiesForm);
  return form === undefined ? null : createElement(form);
}

/** What differs from the defaults. */
function statedRun({ seed, load }: Scenario): Parameters {
  return {
    ...(seed !== runFields.seed.default && { seed }),
    ...(load.duration !== runFields.duration.default && { duration: load.duration }),
    ...(load.sourcesStopAt !== undefined && { sourcesStopAt: load.sourcesStopAt }),
    ...(load.warmUp !== undefined && { warmUp: load.warmUp }),
  };
}

function changeRun(scenario: Scenario, name: string, value: FieldValue): void {
  if (name === "seed" && typeof value === "number") changeScenario({ seed: value }, "Set seed");
  if (name === "duration" && typeof value === "number")
    changeScenario({ load: { ...scenario.load, duration: value } }, "Set length of the run");
  if (name === "warmUp" && typeof value === "number") {
    const { warmUp: _, ...load } = scenario.load;
    changeScenario({ load: value === 0 ? load : { ...load, warmUp: value } }, "Set warm-up");
  }
  if (name !== "sourcesStopAt") return;
  const { sourcesStopAt: _, ...rest } = scenario.load;
  const load = typeof value === "number" ? { ...rest, sourcesStopAt: value } : rest;
  changeScenario({ load }, "Set end of load");
}

const atField = duration({ label: "At", default: 0, help: "" });

function Timeline({ scenario }: { readonly scenario: Scenario }) {
  const { timeline } = scenario;
  const change = (next: Scenario["timeline"], title: string): void =>
    changeScenario({ timeline: next.toSorted((a, b) => a.at - b.at) }, title);
  return (
    <Section
      title="Timeline"
      action={
        timeline.length === 0 ? null : (
          <Button tone="quiet" onClick={() => change([], "Clear timeline")}>
            Clear
          </Button>
        )
      }
    >
      {timeline.length === 0 ? (
        <p className={styles["note"]}>
          Empty. What you do during a run (crash, restart, change a live parameter) is recorded
          here, and the next run repeats it.
        </p>
      ) : (
        <ol className={styles["form"]}>
          {timeline.map((entry, i) => (
            // Entries have no identity of their own; their place is what they are.
            <li
              key={i}
              className={styles["field"]}
              style={{ gridTemplateColumns: "76px minmax(0, 1fr) 30px" }}
            >
              <div className={styles["control"]}>
                <NumberInput
                  id={`timeline-${i}`}
                  label="Time"
                  field={atField}
                  value={entry.at}
                  onChange={(at) =>
                    change(
                      timeline.map((other, j) => (j === i ? { ...other, at: Number(at) } : other)),
                      "Move on the timeline",
                    )
                  }
                />
              </div>
              <span className={styles["note"]}>{entryWords(scenario, entry)}</span>
              <IconButton
                icon="x"
                size={13}
                label="Delete entry"
                onClick={() =>
                  change(
                    timeline.filter((_, j) => j !== i),
                    "Delete from timeline",
                  )
                }
              />
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
