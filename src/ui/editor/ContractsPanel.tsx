// The events of the scenario: a list on the left, name, version and schema of the chosen one on the right.

import { useMemo, useState } from "react";
import { skeletonSchema } from "../../schemas/json/checkJsonSchema.ts";
import { type Usage, usageOf } from "../../contracts/usage.ts";
import { addContract, withoutElements } from "../../model/edit.ts";
import { freshId } from "../../model/freshId.ts";
import type { Contract } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { ContractDetails } from "./ContractDetails.tsx";
import styles from "./editor.module.css";

/** The panel of contracts. */
export function ContractsPanel() {
  const scenario = useDocumentStore((state) => state.scenario);
  const commit = useDocumentStore((state) => state.commit);
  const selection = useSessionStore((state) => state.selection);
  const select = useSessionStore((state) => state.select);
  const notify = useSessionStore((state) => state.notify);
  const [chosen, setChosen] = useState<string | null>(null);
  const usage = useMemo(() => usageOf(scenario), [scenario]);
  const { contracts } = scenario;

  // A contract that is selected elsewhere, by a problem or as what a connection carries, comes first.
  const [only] = selection;
  const carried = scenario.connections.find(({ id }) => id === only);
  const asked = carried !== undefined && "contract" in carried ? carried.contract : only;
  const wanted = contracts.find(({ id }) => id === asked);
  const current = wanted ?? contracts.find(({ id }) => id === chosen) ?? contracts[0];

  const choose = (id: string) => {
    setChosen(id);
    if (wanted !== undefined) select([]);
  };
  const add = (contract: Omit<Contract, "id">, title: string) => {
    const id = freshId(scenario, contract.name.replace(/([a-z0-9])([A-Z])/gu, "$1-$2"));
    commit(addContract(scenario, { ...contract, id }), title);
    choose(id);
  };
  const addNew = () => {
    const name = freshName("NewEvent", contracts);
    add({ name, contractVersion: "1.0.0", schema: skeletonSchema() }, `Add ${name}`);
  };
  const duplicate = (contract: Contract) => {
    const name = freshName(`${contract.name}Copy`, contracts);
    add({ ...contract, name }, `Duplicate ${contract.name}`);
  };
  const remove = (contract: Contract) => {
    const after = withoutElements(scenario, [contract.id]);
    const lost = scenario.connections.length - after.connections.length;
    commit(after, `Delete ${contract.name}`);
    const also = lost === 0 ? "" : ` and ${lost} ${lost === 1 ? "connection" : "connections"}`;
    notify("info", `Deleted ${contract.name}${also}. Undo brings everything back.`);
  };

  if (current === undefined)
    return (
      <div className={styles["none"]}>
        <strong>No events yet</strong>
        <p>An event has a name and a JSON Schema; what connections carry is chosen from these.</p>
        <Button tone="main" icon="plus" onClick={addNew}>
          Add an event
        </Button>
      </div>
    );
  return (
    <div className={styles["panel"]}>
      <section className={styles["side"]} aria-label="Events">
        <ul className={styles["list"]}>
          {contracts.map((contract) => (
            <ContractRow
              key={contract.id}
              contract={contract}
              usage={usage.get(contract.id)}
              isCurrent={contract === current}
              onChoose={() => choose(contract.id)}
            />
          ))}
        </ul>
        <div className={styles["sideFoot"]}>
          <Button tone="quiet" icon="plus" onClick={addNew}>
            Add event
          </Button>
          <IconButton
            icon="copy"
            label={`Duplicate ${current.name}`}
            onClick={() => duplicate(current)}
          />
          <IconButton
            icon="trash"
            label={`Delete ${current.name}`}
            onClick={() => remove(current)}
          />
        </div>
      </section>
      <ContractDetails key={current.id} contract={current} usage={usage.get(current.id)} />
    </div>
  );
}

interface ContractRowProps {
  readonly contract: Contract;
  readonly usage: Usage | undefined;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
}

function ContractRow({ contract, usage, isCurrent, onChoose }: ContractRowProps) {
  const consumers = usage?.consumers.length ?? 0;
  const isUsed = usage !== undefined && usage.producers.length > 0;
  const note = isUsed ? `${consumers} ${consumers === 1 ? "consumer" : "consumers"}` : "not used";
  return (
    <li>
      <button
        type="button"
        className={styles["row"]}
        aria-current={isCurrent ? "true" : undefined}
        onClick={onChoose}
      >
        <span className={styles["rowName"]}>{contract.name}</span>
        <span className={styles["rowNote"]}>
          {contract.contractVersion} · {note}
        </span>
      </button>
    </li>
  );
}

function freshName(wish: string, contracts: readonly Contract[]): string {
  const isTaken = (name: string) => contracts.some((contract) => contract.name === name);
  if (!isTaken(wish)) return wish;
  for (let number = 2; ; number++) if (!isTaken(`${wish}${number}`)) return `${wish}${number}`;
}
