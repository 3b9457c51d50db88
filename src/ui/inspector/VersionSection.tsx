// Which versions of events an element speaks. While a run is under way another version is rolled out in it at once and
// goes onto the timeline, as with parameters that may change; otherwise it is a change of the document.

import { useMemo } from "react";
import { type SpokenEvent, spokenEventsOf, withSpoken } from "../../contracts/speaking.ts";
import { nameOf } from "../../model/elements.ts";
import type { Contract } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useRunStore } from "../../store/runStore.ts";
import controls from "../controls/controls.module.css";
import { isUnderWay, useIsUnderWay } from "./changes.ts";
import styles from "./inspector.module.css";
import { Section } from "./Section.tsx";

/** The versions of the events that an element deals with; nothing where each has only one. */
export function VersionSection({ id }: { readonly id: string }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const isLive = useIsUnderWay();
  // Only rollouts that have happened matter, so the clock need not be followed between them.
  const passed = useRunStore((state) =>
    isLive ? scenario.timeline.filter((entry) => entry.at <= state.timeNs / 1e6).length : -1,
  );
  const events = useMemo(() => {
    const atMs = passed < 0 ? null : (scenario.timeline[passed - 1]?.at ?? 0);
    return spokenEventsOf(scenario, id, atMs);
  }, [scenario, id, passed]);
  if (events.length === 0) return null;
  return (
    <Section title="Versions">
      {isLive ? (
        <p className={styles["hint"]}>
          The run is under way: another version is rolled out at once and goes onto the timeline.
        </p>
      ) : null}
      {events.map((event) => (
        <VersionChoice key={event.contract.id} id={id} event={event} />
      ))}
    </Section>
  );
}

function VersionChoice({ id, event }: { readonly id: string; readonly event: SpokenEvent }) {
  const { contract, versions, does, spoken } = event;
  const [only, ...others] = spoken;
  const isOne = only !== undefined && others.length === 0;
  const name = `${id}-version-${contract.id}`;
  return (
    <div className={styles["field"]}>
      <label className={styles["fieldLabel"]} htmlFor={name}>
        {does} {contract.name}
      </label>
      <select
        id={name}
        className={controls["input"]}
        value={isOne ? only : ""}
        onChange={(change) => speak(id, contract, change.target.value)}
      >
        {isOne ? null : (
          <option value="" disabled>
            {spoken.join(" and ")}
          </option>
        )}
        {versions.map((version) => (
          <option key={version}>{version}</option>
        ))}
      </select>
    </div>
  );
}

/** Lets an element speak a version: in the run where one is under way, else in the document. */
function speak(id: string, contract: Contract, contractVersion: string): void {
  const run = useRunStore.getState();
  if (isUnderWay(run)) {
    void run.act({ act: "roll out", target: id, contract: contract.id, contractVersion });
    return;
  }
  const { scenario, commit } = useDocumentStore.getState();
  const version = contractVersion === contract.contractVersion ? undefined : contractVersion;
  const title = `${contract.name} ${contractVersion} at ${nameOf(scenario, id)}`;
  commit(withSpoken(scenario, id, contract.id, version), title);
}
