// The consistency view: which replica lacks what, how many keys were fresh over time, what values are and should be, and
// what went wrong. Loaded on demand; it asks the run only while it is seen.

import { lazy, Suspense, useCallback, useState } from "react";
import { formatNumber } from "../../base/units.ts";
import type { ConsistencyView } from "../../model/consistencyView.ts";
import { nameOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useRunStore } from "../../store/runStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { useTheme } from "../charts/useTheme.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { faultPeriods } from "../run/faultPeriods.ts";
import { AnomalyTable } from "./AnomalyTable.tsx";
import styles from "./consistency.module.css";
import { HeatMap } from "./HeatMap.tsx";
import { Ledger } from "./Ledger.tsx";
import { useConsistency } from "./useConsistency.ts";

const Chart = lazy(async () => ({ default: (await import("../charts/Chart.tsx")).Chart }));

const freshChart = {
  title: "Fresh keys",
  format: (value: number) => `${formatNumber(value)} %`,
  yMax: 100,
};

/** The panel. */
export function ConsistencyPanel() {
  const drawn = useDocumentStore((state) => state.scenario);
  const scenario = useRunStore((state) => state.known) ?? drawn;
  const [source, setSource] = useState("");
  const [firstKey, setFirstKey] = useState(0);
  const [keysMax, setKeysMax] = useState(2000);
  const known = useConsistency({ source, firstKey, keysMax });
  const handleCapacity = useCallback((keys: number) => setKeysMax(keys), []);
  const generation = useRunStore((state) => state.generation);
  if (!keepsVersions(scenario)) return <NothingKept scenario={scenario} />;
  if (known === null)
    return (
      <p className={controls["empty"]}>
        <span>
          Press <kbd>Space</kbd> to run
        </span>
      </p>
    );
  const { view, anomalies } = known;
  return (
    <div className={styles["view"]}>
      <section className={styles["heat"]} aria-label="Staleness by key and replica">
        {view.replicas.length === 0 ? (
          <>
            <h3>No replicas</h3>
            <p className={styles["note"]}>
              No store follows another one here. One does when a message tells of what was written
              or read, and a service that gets it notes that in a store with versions.
            </p>
          </>
        ) : (
          <>
            <header>
              <h3>Keys of</h3>
              <SourceSelect scenario={scenario} view={view} onChange={setSource} />
              <Pages view={view} keysMax={keysMax} onTurn={setFirstKey} />
            </header>
            <HeatMap scenario={scenario} view={view} onCapacity={handleCapacity} />
          </>
        )}
      </section>
      <section className={styles["figures"]} aria-label="Fresh keys and values">
        {view.replicas.length === 0 ? null : <FreshChart scenario={scenario} view={view} />}
        <Ledger scenario={scenario} ledger={view.ledger} />
      </section>
      <AnomalyTable
        key={generation}
        anomalies={anomalies}
        found={view.anomaliesFound}
        of={String(generation)}
      />
    </div>
  );
}

interface ViewProps {
  readonly scenario: Scenario;
  readonly view: ConsistencyView;
}

function SourceSelect({
  scenario,
  view,
  onChange,
}: ViewProps & { readonly onChange: (source: string) => void }) {
  if (view.sources.length < 2)
    return <strong>{view.source === "" ? "" : nameOf(scenario, view.source)}</strong>;
  return (
    <select
      className={controls["input"]}
      aria-label="Store whose keys are shown"
      value={view.source}
      onChange={(event) => onChange(event.target.value)}
    >
      {view.sources.map((id) => (
        <option key={id} value={id}>
          {nameOf(scenario, id)}
        </option>
      ))}
    </select>
  );
}

interface PagesProps {
  readonly view: ConsistencyView;
  readonly keysMax: number;
  readonly onTurn: (firstKey: number) => void;
}

/** How many keys there are, and which of them are shown where there is no room for all. */
function Pages({ view, keysMax, onTurn }: PagesProps) {
  const { keys, firstKey, names } = view;
  const all = keys.toLocaleString("en-US");
  if (names.length >= keys) return <span className={styles["count"]}>{all} keys</span>;
  const last = firstKey + names.length;
  return (
    <span className={styles["count"]}>
      {(firstKey + 1).toLocaleString("en-US")}–{last.toLocaleString("en-US")} of {all} keys
      <IconButton
        icon="chevron-up"
        size={14}
        label="Earlier keys"
        disabled={firstKey === 0}
        onClick={() => onTurn(Math.max(0, firstKey - keysMax))}
      />
      <IconButton
        icon="chevron-down"
        size={14}
        label="Later keys"
        disabled={last >= keys}
        onClick={() => onTurn(firstKey + keysMax)}
      />
    </span>
  );
}

/** The share of fresh keys over time, with the faults of the run. */
function FreshChart({ scenario, view }: ViewProps) {
  const theme = useTheme();
  return (
    <figure className={styles["fresh"]} aria-label="Fresh keys over time">
      <figcaption data-tip="Of the keys that there are now, how many the replica had in full">
        <strong>Fresh keys</strong> %
      </figcaption>
      <Suspense fallback={null}>
        <Chart
          key={`${view.fresh.lines.map(({ id }) => id).join("|")}/${theme}`}
          descriptor={freshChart}
          series={view.fresh}
          faults={faultPeriods(scenario)}
          durationS={scenario.load.duration / 1000}
        />
      </Suspense>
    </figure>
  );
}

function keepsVersions({ nodes }: Scenario): boolean {
  return nodes.some((node) => node.kind === "store" && node.parameters?.["versions"] === true);
}

/** What has to be switched on, and where. */
function NothingKept({ scenario }: { readonly scenario: Scenario }) {
  const stores = scenario.nodes.filter(({ kind }) => kind === "store");
  return (
    <div className={controls["empty"]}>
      <strong>No store keeps versions</strong>
      <p>
        Switch on "Versions" of a store, and of those that get its data by events: then a run knows
        of every key what is stale, for how long, and what went wrong.
      </p>
      <div className={styles["stores"]}>
        {stores.slice(0, 6).map(({ id }) => (
          <Button
            key={id}
            icon="database"
            onClick={() =>
              useSessionStore.getState().set({ selection: [id], isInspectorOpen: true })
            }
          >
            {nameOf(scenario, id)}
          </Button>
        ))}
      </div>
    </div>
  );
}
