// The inspector of a connection: which event, after what, on success or failure, and the parameters of its kind.

import { elementOf, nameOf, nodeOf } from "../../model/elements.ts";
import type {
  CallConnection,
  Connection,
  PublishConnection,
  Scenario,
  StepConnection,
} from "../../model/scenario.ts";
import { stepOutcomes } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { BridgeSections } from "./BridgeSections.tsx";
import { changeConnection, incomingContracts } from "./changes.ts";
import styles from "./inspector.module.css";
import { ElementProblems, goTo, ParameterSection, Title } from "./parts.tsx";
import { Section } from "./Section.tsx";
import { VersionSection } from "./VersionSection.tsx";

const kinds = {
  publish: "Publishes",
  consume: "Subscription",
  bind: "Binding",
  bridge: "Bridge",
  call: "Call: waits for the answer",
  read: "Read",
  write: "Write",
} as const;

/** The inspector of a connection. */
export function ConnectionInspector({ connection }: { readonly connection: Connection }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const { id, kind, from, to } = connection;
  return (
    <>
      <Title id={id} icon="chevron-right" accent={accentOf(connection)} kicker={kinds[kind]} />
      <ElementProblems id={id} />
      <Section>
        <div className={styles["buttons"]}>
          <Button onClick={() => goTo(from)}>{nameOf(scenario, from)}</Button>
          <span aria-hidden="true">→</span>
          <Button onClick={() => goTo(to)}>{nameOf(scenario, to)}</Button>
        </div>
        <ContractLine connection={connection} scenario={scenario} />
        <DirectionLine connection={connection} scenario={scenario} />
        <OutcomeLine connection={connection} />
      </Section>
      <VersionSection id={id} />
      <AfterSection connection={connection} scenario={scenario} />
      {connection.kind === "bridge" ? (
        <BridgeSections bridge={connection} scenario={scenario} />
      ) : (
        <ParameterSection id={id} />
      )}
    </>
  );
}

function accentOf({ kind }: Connection): "store" | "service" | "broker" {
  if (kind === "write" || kind === "read") return "store";
  return kind === "call" ? "service" : "broker";
}

interface PartProps {
  readonly connection: Connection;
  readonly scenario: Scenario;
}

function ContractLine({ connection, scenario }: PartProps) {
  if (connection.kind !== "publish" && connection.kind !== "call") return null;
  const label = connection.kind === "publish" ? "Event" : "Request";
  return (
    <div className={styles["field"]}>
      <label className={styles["fieldLabel"]} htmlFor={`${connection.id}-contract`}>
        {label}
      </label>
      <select
        id={`${connection.id}-contract`}
        className={controls["input"]}
        value={connection.contract}
        onChange={(event) => {
          const next = { ...withoutVersions(connection), contract: event.target.value };
          changeConnection(next, `Choose ${label.toLowerCase()}`);
        }}
      >
        {scenario.contracts.map((contract) => (
          <option key={contract.id} value={contract.id}>
            {contract.name}
          </option>
        ))}
      </select>
      <div className={styles["buttons"]}>
        <Button
          tone="quiet"
          icon="file"
          onClick={() => useSessionStore.getState().showTab("contracts")}
        >
          Edit its schema
        </Button>
      </div>
    </div>
  );
}

/** Versions are those of the event that was chosen before. */
function withoutVersions(
  connection: PublishConnection | CallConnection,
): PublishConnection | CallConnection {
  if (connection.kind === "publish") {
    const { contractVersion: _, ...rest } = connection;
    return rest;
  }
  const { contractVersion: _, readAs: __, ...rest } = connection;
  return rest;
}

/** What a service does with a store. */
function DirectionLine({ connection, scenario }: PartProps) {
  const { kind, from, to } = connection;
  if (kind !== "write" && kind !== "read") return null;
  const other = kind === "write" ? "read" : "write";
  const isTaken = scenario.connections.some(
    (one) => one.kind === other && one.from === from && one.to === to,
  );
  const { parameters: _, ...rest } = connection;
  return (
    <div className={styles["field"]}>
      <label className={styles["fieldLabel"]} htmlFor={`${connection.id}-direction`}>
        {nameOf(scenario, from)}
      </label>
      <select
        id={`${connection.id}-direction`}
        className={controls["input"]}
        value={kind}
        onChange={() => changeConnection({ ...rest, kind: other }, "Choose reading or writing")}
      >
        <option value="write" disabled={other === "write" && isTaken}>
          writes into it
        </option>
        <option value="read" disabled={other === "read" && isTaken}>
          reads from it
        </option>
      </select>
    </div>
  );
}

function isStep(connection: Connection): connection is StepConnection {
  const { kind } = connection;
  return kind !== "consume" && kind !== "bind" && kind !== "bridge";
}

function OutcomeLine({ connection }: { readonly connection: Connection }) {
  const from = useDocumentStore((state) => elementOf(state.scenario, connection.from));
  const isService = from?.type === "node" && from.value.kind === "service";
  const hasHandlers = isService && from.value.kind === "service" && from.value.handlers;
  if (!isService || hasHandlers !== undefined || !isStep(connection)) return null;
  return (
    <div className={styles["field"]}>
      <label className={styles["fieldLabel"]} htmlFor={`${connection.id}-on`}>
        Happens
      </label>
      <select
        id={`${connection.id}-on`}
        className={controls["input"]}
        value={connection.on ?? "success"}
        onChange={(event) => {
          const on = stepOutcomes.find((one) => one === event.target.value) ?? "success";
          changeConnection({ ...connection, on }, "Choose outcome");
        }}
      >
        <option value="success">as long as all goes well</option>
        <option value="failure">after a final failure</option>
        <option value="refusal">after a refusal</option>
      </select>
    </div>
  );
}

function AfterSection({ connection, scenario }: PartProps) {
  const incoming = incomingContracts(scenario, connection.from);
  const from = nodeOf(scenario, connection.from);
  const hasHandlers = from?.kind === "service" && from.handlers !== undefined;
  if (!isStep(connection) || incoming.length === 0 || hasHandlers) return null;
  const after = connection.after;
  const toggle = (contract: string, isChosen: boolean): void => {
    const chosen = (after ?? incoming).filter((id) => id !== contract);
    const next = isChosen ? [...chosen, contract] : chosen;
    const isAll = incoming.every((id) => next.includes(id));
    const { after: _, ...rest } = connection;
    changeConnection(isAll ? rest : { ...rest, after: next }, "Choose what comes before");
  };
  return (
    <Section title="After handling">
      <div className={styles["checks"]}>
        {incoming.map((id) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={after === undefined || after.includes(id)}
              onChange={(event) => toggle(id, event.target.checked)}
            />
            {nameOf(scenario, id)}
          </label>
        ))}
      </div>
    </Section>
  );
}
