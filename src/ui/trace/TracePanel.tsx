// One message's life below the canvas: the waterfall or the space-time diagram of its causal tree, and what is known of the
// chosen span. Loaded when it is first looked at.

import { useEffect, useState } from "react";
import { nameOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import type { Span } from "../../model/span.ts";
import type { Trace } from "../../model/trace.ts";
import { latestLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { type Traced, useSessionStore } from "../../store/sessionStore.ts";
import { Button } from "../controls/Button.tsx";
import { FoundList } from "./FoundList.tsx";
import { SpaceTime } from "./SpaceTime.tsx";
import { isWaiting, spanDuration, spanTitle } from "./spanWords.ts";
import { TraceExport } from "./TraceExport.tsx";
import styles from "./trace.module.css";
import { type Life, useSurvey, useTrace } from "./useTrace.ts";
import { Waterfall } from "./Waterfall.tsx";

/** A message of a list. */
interface Choice {
  readonly from: Traced | null;
  readonly message: number;
}

type View = "waterfall" | "space-time";

/** The panel. */
export function TracePanel() {
  const traced = useSessionStore((state) => state.traced);
  const isLoaded = useRunStore((state) => state.status !== "idle" && state.timeNs > 0);
  const [contract, setContract] = useState("");
  const [key, setKey] = useState("");
  const [view, setView] = useState<View>("waterfall");
  const [choice, setChoice] = useState<Choice | null>(null);
  // What was chosen from another list is over.
  const chosen = choice !== null && choice.from === traced ? choice.message : null;
  const isSought = typeof traced === "string";
  const survey = useSurvey(isSought ? traced : null, contract, key);
  const message = isSought ? chosen : traced;
  const life = useTrace(message);
  const scenario = latestLiveRun()?.scenario;
  if (scenario === undefined || !isLoaded)
    return (
      <p className={styles["empty"]}>
        Press <kbd>Space</kbd> to run; then click a message on its way, a line of the log or an
        anomaly to see its whole life.
      </p>
    );
  return (
    <section className={styles["panel"]} aria-label="Trace">
      <div className={styles["tools"]}>
        <Finder traced={traced} />
        {isSought ? (
          <>
            <label>
              Contract
              <select value={contract} onChange={(event) => setContract(event.target.value)}>
                <option value="">any</option>
                {scenario.contracts.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <label>
              Key
              <input
                value={key}
                onChange={(event) => setKey(event.target.value)}
                placeholder="any"
              />
            </label>
          </>
        ) : null}
        <Views view={view} onChange={setView} />
        <Summary life={life} />
        {life.trace === undefined ? null : <TraceExport life={life} scenario={scenario} />}
        {isSought && chosen !== null ? (
          <Button onClick={() => setChoice(null)}>Back to the list</Button>
        ) : null}
      </div>
      {message === null ? (
        <FoundList
          what={traced}
          survey={survey}
          scenario={scenario}
          onChoose={(one) => setChoice({ from: traced, message: one })}
        />
      ) : (
        <Body life={life} scenario={scenario} view={view} message={message} />
      )}
    </section>
  );
}

const seeks: readonly { readonly what: Exclude<Traced, number>; readonly label: string }[] = [
  { what: "slowest", label: "Slowest" },
  { what: "dead letters", label: "Dead letters" },
  { what: "failures", label: "Failures" },
];

/** Which life is shown. */
function Finder({ traced }: { readonly traced: Traced | null }) {
  const trace = useSessionStore((state) => state.trace);
  return (
    <>
      {seeks.map(({ what, label }) => (
        <Button key={what} aria-pressed={traced === what} onClick={() => trace(what)}>
          {label}
        </Button>
      ))}
      <label>
        Message
        <input
          type="number"
          min={1}
          step={1}
          value={typeof traced === "number" ? traced : ""}
          onChange={(event) => {
            const number = event.target.valueAsNumber;
            if (Number.isInteger(number) && number > 0) trace(number);
          }}
        />
      </label>
    </>
  );
}

function Views({
  view,
  onChange,
}: {
  readonly view: View;
  readonly onChange: (view: View) => void;
}) {
  return (
    <>
      <Button aria-pressed={view === "waterfall"} onClick={() => onChange("waterfall")}>
        Waterfall
      </Button>
      <Button aria-pressed={view === "space-time"} onClick={() => onChange("space-time")}>
        Space and time
      </Button>
    </>
  );
}

function Summary({ life }: { readonly life: Life }) {
  const { trace, isComplete, isCut, followedNs } = life;
  if (trace === undefined) return null;
  const messages =
    trace.messages === 1 ? "1 message" : `${trace.messages.toLocaleString("en-US")} messages`;
  const took = spanDuration(trace.endNs - trace.startNs);
  const rest = isCut
    ? ", followed no further: it is too large"
    : isComplete
      ? ""
      : `, followed until ${spanDuration(followedNs)} …`;
  return (
    <span className={styles["summary"]} role="status">
      {messages}, {trace.spans.length.toLocaleString("en-US")} spans, {took}
      {rest}
    </span>
  );
}

interface BodyProps {
  readonly life: Life;
  readonly scenario: Scenario;
  readonly view: View;
  readonly message: number;
}

function Body({ life, scenario, view, message }: BodyProps) {
  const [choice, setChoice] = useState({ message, span: -1 });
  const selected = choice.message === message ? choice.span : -1;
  const { trace, failure } = life;
  usePathOnCanvas(trace, scenario);
  if (failure !== "") return <p className={styles["empty"]}>{failure}</p>;
  if (trace === undefined)
    return <p className={styles["empty"]}>Looking for message {message} …</p>;
  const at = selected >= 0 ? selected : trace.spans.findIndex((span) => span.message === message);
  const span = trace.spans[at];
  const shown = {
    trace,
    scenario,
    selected: at,
    onSelect: (span: number) => setChoice({ message, span }),
  };
  return (
    <div className={styles["body"]}>
      {view === "waterfall" ? <Waterfall {...shown} /> : <SpaceTime {...shown} />}
      {span === undefined ? null : <Details span={span} trace={trace} scenario={scenario} />}
    </div>
  );
}

/** While a life is looked at, the nodes and lines over which it went stand out. */
function usePathOnCanvas(trace: Trace | undefined, scenario: Scenario): void {
  useEffect(() => {
    if (trace === undefined) return undefined;
    const path = new Set(trace.spans.flatMap(({ place, connection }) => [place, connection ?? ""]));
    for (const { id, broker } of scenario.channels) if (path.has(id)) path.add(broker);
    const { set } = useSessionStore.getState();
    set({ focus: path });
    return () => {
      if (useSessionStore.getState().focus === path) set({ focus: null });
    };
  }, [trace, scenario]);
}

interface DetailsProps {
  readonly span: Span;
  readonly trace: Trace;
  readonly scenario: Scenario;
}

/** What is known of a span, and the way to its moments. */
function Details({ span, trace, scenario }: DetailsProps) {
  const name = (id: string | undefined): string => (id === undefined ? "" : nameOf(scenario, id));
  const rows: readonly (readonly [string, string])[] = [
    ["Message", String(span.message)],
    ["Contract", name(span.contract)],
    ["Key", span.key ?? ""],
    ["At", name(span.place)],
    ["Other end", name(span.peer)],
    ["Attempt", span.attempt === undefined ? "" : String(span.attempt)],
    [
      "Partition",
      span.partition === undefined ? "" : `${span.partition}, offset ${span.offset ?? ""}`,
    ],
    ["From", `+${spanDuration(span.startNs - trace.startNs)}`],
    ["Takes", span.endNs === undefined ? "not over yet" : spanDuration(span.endNs - span.startNs)],
    ["Nobody works on it", isWaiting(span) ? "it waits" : ""],
    ["Outcome", span.outcome === "normal" ? "" : span.outcome],
    ["Because", span.reason ?? ""],
  ];
  const seek = (ns: number): void => void useRunStore.getState().seek(ns);
  return (
    <aside className={styles["details"]} aria-label="Chosen span">
      <h3>{spanTitle(span, scenario)}</h3>
      <dl>
        {rows
          .filter(([, value]) => value !== "")
          .map(([label, value]) => (
            <div key={label} style={{ display: "contents" }}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <div>
        <Button onClick={() => seek(span.startNs)}>Go to this moment</Button>
        {span.endNs === undefined || span.endNs === span.startNs ? null : (
          <Button onClick={() => seek(span.endNs ?? span.startNs)}>Go to its end</Button>
        )}
        <Button onClick={() => useSessionStore.getState().select([span.place])}>
          Select {name(span.place)}
        </Button>
      </div>
    </aside>
  );
}
