// The inspector of a broker: its cluster, its channels, and what is modelled of its technology.

import { useState } from "react";
import { formatValue } from "../../base/fieldText.ts";
import { sourcedFieldsOf } from "../../brokers/fieldSources.ts";
import type { TechnologyId } from "../../brokers/index.ts";
import { manuals } from "../../brokers/manuals.ts";
import { technologies } from "../../brokers/technologies.ts";
import type { Technology } from "../../brokers/technology.ts";
import { addChannel } from "../../model/edit.ts";
import { freshId } from "../../model/freshId.ts";
import { nameOf } from "../../model/elements.ts";
import type { BrokerNode } from "../../model/scenario.ts";
import { deleteElements } from "../../store/editing.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { Bullets } from "./Bullets.tsx";
import styles from "./inspector.module.css";
import {
  ConnectionList,
  ElementProblems,
  goTo,
  LiveActions,
  ParameterSection,
  Title,
} from "./parts.tsx";
import { Section } from "./Section.tsx";
import { SecuritySection } from "./SecuritySection.tsx";

/** The inspector of a broker. */
export function BrokerInspector({ node }: { readonly node: BrokerNode }) {
  const technology = technologies[node.technology];
  return (
    <>
      <Title
        id={node.id}
        icon="waypoints"
        accent="broker"
        kicker={`${technology.label} ${technology.version}`}
      />
      <ElementProblems id={node.id} />
      <Section>
        <Button
          tone="quiet"
          icon="reset"
          onClick={() => useSessionStore.getState().open({ dialog: "swap", of: node.id })}
        >
          Change technology …
        </Button>
      </Section>
      <LiveActions id={node.id} />
      <ChannelSection broker={node} technology={technology} />
      <ParameterSection id={node.id} title="Cluster" />
      <SecuritySection key={node.id} node={node} />
      <ConnectionList id={node.id} />
      <AboutTechnology id={node.technology} />
    </>
  );
}

interface ChannelSectionProps {
  readonly broker: BrokerNode;
  readonly technology: Technology;
}

function ChannelSection({ broker, technology }: ChannelSectionProps) {
  const scenario = useDocumentStore((state) => state.scenario);
  const channels = scenario.channels.filter((channel) => channel.broker === broker.id);
  const [message, setMessage] = useState("");
  const add = (kind: string, label: string): void => {
    const { commit } = useDocumentStore.getState();
    const id = freshId(scenario, label.toLowerCase());
    commit(addChannel(scenario, { id, broker: broker.id, kind }), `Add ${label.toLowerCase()}`);
    useSessionStore.getState().select([id]);
    setMessage(`${label} added.`);
  };
  return (
    <Section title="Channels">
      {channels.length === 0 ? (
        <p className={styles["note"]}>None yet. Connecting something makes the first one.</p>
      ) : (
        <ul className={styles["list"]}>
          {channels.map((channel) => (
            <li key={channel.id} className={styles["item"]}>
              <button type="button" className={styles["itemMain"]} onClick={() => goTo(channel.id)}>
                {nameOf(scenario, channel.id)}
              </button>
              <span className={styles["itemNote"]}>
                {technology.channelKinds[channel.kind]?.label ?? channel.kind}
              </span>
              <IconButton
                icon="x"
                size={13}
                label={`Delete ${nameOf(scenario, channel.id)}`}
                onClick={() => deleteElements([channel.id])}
              />
            </li>
          ))}
        </ul>
      )}
      <div className={styles["buttons"]}>
        {Object.entries(technology.channelKinds).map(([kind, { label, help }]) => (
          <Button key={kind} icon="plus" data-tip={help} onClick={() => add(kind, label)}>
            {label}
          </Button>
        ))}
      </div>
      <span className="visually-hidden" role="status">
        {message}
      </span>
    </Section>
  );
}

function AboutTechnology({ id }: { readonly id: TechnologyId }) {
  const { label, version } = technologies[id];
  const { guarantees, modelled, simplified, notModelled, sources } = manuals[id];
  return (
    <section className={styles["section"]}>
      <details>
        <summary className={styles["summary"]}>
          What is modelled of {label} {version}
        </summary>
        <div className={styles["form"]}>
          <dl className={styles["facts"]}>
            <Fact name="Order" text={guarantees.order} />
            <Fact name="Delivery" text={guarantees.delivery} />
            <Fact name="Retention" text={guarantees.retention} />
          </dl>
          <Bullets title="Modelled" lines={modelled} />
          <Bullets title="Simplified" lines={simplified} />
          <Bullets title="Not modelled" lines={notModelled} />
          <Bullets title="Sources" lines={sources} />
          <Defaults id={id} />
        </div>
      </details>
    </section>
  );
}

/** The default of every parameter, and where it comes from. */
function Defaults({ id }: { readonly id: TechnologyId }) {
  return (
    <details>
      <summary className={styles["summary"]}>Defaults, and where they come from</summary>
      {sourcedFieldsOf(technologies[id], manuals[id].fieldSources).map(
        ({ title, fields, sourceOf }) => (
          <div key={title}>
            <div className={styles["kicker"]}>{title}</div>
            <dl className={styles["facts"]}>
              {Object.entries(fields).map(([name, field]) => (
                <Fact
                  key={name}
                  name={field.label}
                  text={`${formatValue(field, field.default) || "empty"} – ${sourceOf.get(name) ?? ""}`}
                />
              ))}
            </dl>
          </div>
        ),
      )}
    </details>
  );
}

function Fact({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}
