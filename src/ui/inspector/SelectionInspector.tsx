// The inspector of what is selected: one element, or several at once. Loaded with the first touch of the page.

import type { ReactNode } from "react";
import { technologyOf, elementOf, functionPlatformOf, nameOf } from "../../model/elements.ts";
import { groupOf, noteOf } from "../../model/grouping.ts";
import { nodeKinds } from "../../nodes/index.ts";
import { clipboardCommands } from "../../store/commands/clipboard.ts";
import { deleteElements } from "../../store/editing.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { Button } from "../controls/Button.tsx";
import { AboutFunction } from "./AboutFunction.tsx";
import { ArrangeButtons } from "./ArrangeButtons.tsx";
import { BrokerInspector } from "./BrokerInspector.tsx";
import { DeadLetterSection } from "./DeadLetterSection.tsx";
import { ConnectionInspector } from "./ConnectionInspector.tsx";
import { GroupInspector, NoteInspector } from "./GroupingInspector.tsx";
import { HandlerSection } from "./HandlerSection.tsx";
import styles from "./inspector.module.css";
import {
  ConnectionList,
  ElementProblems,
  goTo,
  LiveActions,
  ParameterSection,
  Title,
} from "./parts.tsx";
import { ScenarioInspector } from "./ScenarioInspector.tsx";
import { Section } from "./Section.tsx";
import { SecuritySection } from "./SecuritySection.tsx";
import { SharedParameters } from "./SharedParameters.tsx";
import { VersionSection } from "./VersionSection.tsx";

/** The inspector of a selection that is not empty. */
export function SelectionInspector({ ids }: { readonly ids: readonly string[] }) {
  const [only, ...others] = ids;
  return only !== undefined && others.length === 0 ? (
    <ElementInspector id={only} />
  ) : (
    <SeveralInspector ids={ids} />
  );
}

function ElementInspector({ id }: { readonly id: string }) {
  const element = useDocumentStore((state) => elementOf(state.scenario, id));
  const technology = useDocumentStore((state) => technologyOf(state.scenario, id));
  const platform = useDocumentStore((state) => functionPlatformOf(state.scenario, id));
  const group = useDocumentStore((state) => groupOf(state.scenario, id));
  const note = useDocumentStore((state) => noteOf(state.scenario, id));
  if (group !== undefined) return <GroupInspector group={group} />;
  if (note !== undefined) return <NoteInspector note={note} />;
  if (element === undefined || element.type === "contract") return <ScenarioInspector />;
  if (element.type === "connection") return <ConnectionInspector connection={element.value} />;
  if (element.type === "node" && element.value.kind === "broker")
    return <BrokerInspector node={element.value} />;
  if (element.type === "channel") {
    const label = technology?.channelKinds[element.value.kind]?.label ?? element.value.kind;
    return (
      <Plain
        id={id}
        icon="waypoints"
        accent="broker"
        kicker={`${label} of ${technology?.label ?? "?"}`}
      >
        <DeadLetterSection id={id} />
      </Plain>
    );
  }
  const kind = nodeKinds[element.value.kind];
  return (
    <Plain id={id} icon={kind.icon} accent={kind.accent} kicker={kind.label}>
      {element.value.kind === "service" ? (
        <>
          <HandlerSection key={`${id}-handlers`} node={element.value} />
          <SecuritySection key={id} node={element.value} />
        </>
      ) : null}
      {platform === undefined ? null : <AboutFunction platform={platform} />}
    </Plain>
  );
}

interface PlainProps {
  readonly id: string;
  readonly icon: string;
  readonly accent: string;
  readonly kicker: string;
  /** What stands below the parameters. */
  readonly children?: ReactNode;
}

function Plain({ children, ...props }: PlainProps) {
  return (
    <>
      <Title {...props} />
      <ElementProblems id={props.id} />
      <LiveActions id={props.id} />
      <VersionSection id={props.id} />
      <ParameterSection id={props.id} />
      {children}
      <ConnectionList id={props.id} />
    </>
  );
}

function SeveralInspector({ ids }: { readonly ids: readonly string[] }) {
  const scenario = useDocumentStore((state) => state.scenario);
  return (
    <>
      <div className={styles["title"]}>
        <strong>{ids.length} selected</strong>
      </div>
      <Section>
        <div className={styles["buttons"]}>
          {clipboardCommands
            .filter((command) => command.id !== "clipboard/paste")
            .map((command) => (
              <Button key={command.id} onClick={() => void command.run()}>
                {command.title}
              </Button>
            ))}
          <Button tone="danger" icon="trash" onClick={() => deleteElements(ids)}>
            Delete
          </Button>
        </div>
        <ArrangeButtons />
      </Section>
      <SharedParameters ids={ids} />
      <Section title="Selected">
        <ul className={styles["list"]}>
          {ids.map((id) => (
            <li key={id} className={styles["item"]}>
              <button type="button" className={styles["itemMain"]} onClick={() => goTo(id)}>
                {nameOf(scenario, id)}
              </button>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
