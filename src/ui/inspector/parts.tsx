// Pieces that several inspectors are made of: title, sections, the parameters of an element, lists of neighbours.

import { useMemo } from "react";
import { elementOf, fieldsOf, nameOf } from "../../model/elements.ts";
import type { Connection } from "../../model/scenario.ts";
import { canvas } from "../../store/canvasPort.ts";
import { standsAlone } from "../../model/faults.ts";
import { channelsOf } from "../../drawing/cardSize.ts";
import { deleteElements } from "../../store/editing.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useRunStore } from "../../store/runStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { IconButton } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { RunActions } from "../run/RunActions.tsx";
import { changeName, changeParameter, complaintsOf, inForce, useIsUnderWay } from "./changes.ts";
import { TitleInput } from "./controls.tsx";
import { FieldForm } from "./FieldForm.tsx";
import styles from "./inspector.module.css";
import { Section } from "./Section.tsx";

interface TitleProps {
  readonly id: string;
  readonly icon: string;
  readonly accent: string;
  /** What it is: "Service", "Topic of Kafka". */
  readonly kicker: string;
}

/** The head of an inspector: what it is, and its name to be changed. */
export function Title({ id, icon, accent, kicker }: TitleProps) {
  const name = useDocumentStore((state) => nameOf(state.scenario, id));
  const colours = {
    background: `var(--kind-${accent}-soft, var(--accent-soft))`,
    color: `var(--kind-${accent}, var(--accent))`,
  };
  return (
    <div className={styles["title"]}>
      <span className={styles["titleMark"]} style={colours}>
        <Icon name={icon} size={16} />
      </span>
      <div className={styles["titleText"]}>
        <div className={styles["kicker"]}>{kicker}</div>
        <TitleInput
          key={id}
          field={{ label: "Name", maxLength: 120 }}
          value={name}
          onChange={(next) => changeName(id, next)}
        />
      </div>
      <IconButton
        icon="trash"
        label="Delete"
        shortcut="Del"
        size={15}
        onClick={() => deleteElements([id])}
      />
    </div>
  );
}

/** The parameters of an element: as the document states them or, during a run, as they are in force. */
export function ParameterSection({
  id,
  title = "Parameters",
  isPart,
}: {
  readonly id: string;
  readonly title?: string;
  /** Which parameters stand here, by name; all of them without it. */
  readonly isPart?: (name: string) => boolean;
}) {
  const scenario = useDocumentStore((state) => state.scenario);
  const problems = useDocumentStore((state) => state.problems);
  const isUnderWay = useIsUnderWay();
  // Only sets that have happened matter, so the clock need not be followed between them.
  const passed = useRunStore((state) =>
    isUnderWay ? scenario.timeline.filter((entry) => entry.at <= state.timeNs / 1e6).length : -1,
  );
  const { stated, hints } = useMemo(() => {
    const atMs = passed < 0 ? null : (scenario.timeline[passed - 1]?.at ?? 0);
    return inForce(scenario, id, atMs);
  }, [scenario, id, passed]);
  const all = fieldsOf(scenario, id);
  const fields = useMemo(
    () =>
      isPart === undefined
        ? all
        : Object.fromEntries(Object.entries(all).filter(([name]) => isPart(name))),
    [all, isPart],
  );
  if (Object.keys(fields).length === 0) return null;
  const hasLive = Object.values(fields).some((field) => field.live === true);
  return (
    <Section title={title}>
      {isUnderWay && hasLive ? (
        <p className={styles["hint"]}>
          The run is under way: live changes act at once and go onto the timeline.
        </p>
      ) : null}
      <FieldForm
        key={id}
        fields={fields}
        stated={stated}
        complaints={complaintsOf(problems, id)}
        hints={hints}
        hasSliders
        onChange={(name, value) => changeParameter(id, name, value)}
      />
    </Section>
  );
}

/** What can be done to a node or bridge in the run: crash it, restart it. */
export function LiveActions({ id }: { readonly id: string }) {
  const kind = useDocumentStore((state) => {
    const element = elementOf(state.scenario, id);
    return element?.type === "contract" ? undefined : element?.value.kind;
  });
  if (kind === undefined || (kind !== "broker" && !standsAlone(kind))) return null;
  return (
    <Section title="In the run">
      <RunActions nodeId={id} />
    </Section>
  );
}

/** Problems of an element that no field of the form shows. */
export function ElementProblems({ id }: { readonly id: string }) {
  const problems = useDocumentStore((state) => state.problems);
  const own = problems.filter(
    (problem) => problem.element === id && !problem.path.includes("/parameters/"),
  );
  if (own.length === 0) return null;
  return (
    <ul className={styles["problems"]} aria-label="Problems">
      {own.map((problem) => (
        <li
          key={problem.code + problem.path}
          className={styles["problem"]}
          data-severity={problem.severity}
        >
          <Icon name={problem.severity} size={14} />
          <span>{problem.message}</span>
        </li>
      ))}
    </ul>
  );
}

/** Selects an element and brings it into view. */
export function goTo(id: string): void {
  useSessionStore.getState().select([id]);
  canvas().reveal(id);
}

const deeds = {
  publish: ["publishes", "receives"],
  consume: ["is consumed by", "consumes"],
  bind: ["feeds", "is fed by"],
  bridge: ["is bridged into", "gets over a bridge from"],
  call: ["calls", "is called by"],
  read: ["reads from", "is read by"],
  write: ["writes into", "is written by"],
} as const;

/** The connections of an element, each a way to it. */
export function ConnectionList({ id }: { readonly id: string }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const open = useSessionStore((state) => state.open);
  // What is connected with a broker's channels is connected with the broker.
  const places = new Set([id, ...channelsOf(scenario, id).map((channel) => channel.id)]);
  const own = scenario.connections.filter(({ from, to }) => places.has(from) || places.has(to));
  const add = (
    <IconButton
      icon="plus"
      size={15}
      label="Connect to …"
      shortcut="C"
      onClick={() => open({ dialog: "targets", from: id })}
    />
  );
  return (
    <Section title="Connections" action={add}>
      {own.length === 0 ? (
        <p className={styles["note"]}>
          None yet. Drag from the dot at its right side, or press <kbd>C</kbd>.
        </p>
      ) : (
        <ul className={styles["list"]}>
          {own.map((connection) => (
            <li key={connection.id} className={styles["item"]}>
              <button
                type="button"
                className={styles["itemMain"]}
                onClick={() => goTo(connection.id)}
              >
                {id === connection.from || id === connection.to ? (
                  <ConnectionText connection={connection} id={id} />
                ) : (
                  nameOf(scenario, connection.id)
                )}
              </button>
              <IconButton
                icon="x"
                size={13}
                label="Delete connection"
                onClick={() => deleteElements([connection.id])}
              />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function ConnectionText({
  connection,
  id,
}: {
  readonly connection: Connection;
  readonly id: string;
}) {
  const scenario = useDocumentStore((state) => state.scenario);
  const { kind, from, to } = connection;
  const isOut = from === id;
  const other = nameOf(scenario, isOut ? to : from);
  const contract = "contract" in connection ? nameOf(scenario, connection.contract) : "";
  const words = deeds[kind][isOut ? 0 : 1];
  if (kind === "publish" && isOut) return `publishes ${contract} into ${other}`;
  if (kind === "publish") return `receives ${contract} from ${other}`;
  return `${words} ${other}${contract === "" ? "" : ` (${contract})`}`;
}
