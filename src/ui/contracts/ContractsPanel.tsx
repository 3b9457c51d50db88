// The events of the scenario: a list that can be searched on the left, everything about the chosen one on the right.

import { useMemo, useState } from "react";
import { usageIn, usageOf } from "../../contracts/usage.ts";
import { addContract, withoutElements } from "../../model/edit.ts";
import { freshId } from "../../model/freshId.ts";
import { formatOf } from "../../model/contracts.ts";
import type { Contract, SourceText } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { useProblems } from "../problems/useProblems.ts";
import { ContractDetails, type DetailTab } from "./ContractDetails.tsx";
import { ContractList } from "./ContractList.tsx";
import styles from "./contracts.module.css";
import { SourceEditor } from "./SourceEditor.tsx";
import { useLanguages } from "./useLanguages.ts";

/** The panel of contracts. */
export function ContractsPanel() {
  const scenario = useDocumentStore((state) => state.scenario);
  const [tab, setTab] = useState<DetailTab>("schema");
  const usages = useMemo(() => usageOf(scenario), [scenario]);
  const problems = useProblems();
  const languages = useLanguages();
  const { current, source, choose } = useChosen();

  const add = (contract: Omit<Contract, "id">, title: string) => {
    const id = freshId(scenario, contract.name.replace(/([a-z0-9])([A-Z])/gu, "$1-$2"));
    commit(addContract(scenario, { ...contract, id }), title);
    choose(id);
  };
  const addNew = () => {
    const name = freshName("NewEvent", scenario.contracts);
    const schema = languages["json-schema"]?.skeleton() ?? {};
    add({ name, contractVersion: "1.0.0", schema }, `Add ${name}`);
  };
  if (current === undefined && source === undefined)
    return (
      <div className={styles["none"]}>
        <strong>No events yet</strong>
        <p>An event has a name and a schema; what connections carry is chosen from these.</p>
        <Button tone="main" icon="plus" onClick={addNew}>
          Add an event
        </Button>
      </div>
    );
  return (
    <div className={styles["panel"]}>
      <section className={styles["side"]} aria-label="Events">
        <ContractList
          contracts={scenario.contracts}
          usages={usages}
          problems={problems}
          languages={languages}
          current={source === undefined ? current : undefined}
          onChoose={choose}
        />
        <SourceList sources={scenario.sources ?? []} current={source} onChoose={choose} />
        <div className={styles["sideFoot"]}>
          <Button tone="quiet" icon="plus" onClick={addNew}>
            Add event
          </Button>
          {current === undefined ? null : (
            <>
              <IconButton
                icon="copy"
                label={`Duplicate ${current.name}`}
                onClick={() => {
                  const { origins: _, ...copy } = current;
                  const name = freshName(`${current.name}Copy`, scenario.contracts);
                  add({ ...copy, name }, `Duplicate ${current.name}`);
                }}
              />
              <IconButton
                icon="trash"
                label={`Delete ${current.name}`}
                onClick={() => remove(current)}
              />
            </>
          )}
        </div>
      </section>
      {source !== undefined ? (
        <SourceEditor key={source.id} source={source} />
      ) : current === undefined ? null : (
        <ContractDetails
          key={current.id}
          contract={current}
          usage={usageIn(usages, current.id)}
          language={languages[formatOf(current)]}
          tab={tab}
          onTab={setTab}
        />
      )}
    </div>
  );
}

interface SourceListProps {
  readonly sources: readonly SourceText[];
  readonly current: SourceText | undefined;
  readonly onChoose: (id: string) => void;
}

function SourceList({ sources, current, onChoose }: SourceListProps) {
  if (sources.length === 0) return null;
  return (
    <section className={styles["sources"]} aria-label="Imported documents">
      <h4>Imported documents</h4>
      <ul>
        {sources.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className={styles["row"]}
              aria-current={one === current ? "true" : undefined}
              onClick={() => onChoose(one.id)}
            >
              {one.name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

// A contract that is selected elsewhere, by a problem or as what a connection carries, comes first.
function useChosen() {
  const scenario = useDocumentStore((state) => state.scenario);
  const selection = useSessionStore((state) => state.selection);
  const select = useSessionStore((state) => state.select);
  const [chosen, setChosen] = useState<string | null>(null);
  const { contracts } = scenario;
  const [only] = selection;
  const carried = scenario.connections.find(({ id }) => id === only);
  const asked = carried !== undefined && "contract" in carried ? carried.contract : only;
  const wanted = contracts.find(({ id }) => id === asked);
  const last = contracts.find(({ id }) => id === chosen);
  const current = wanted ?? last ?? contracts[0];
  const { sources = [] } = scenario;
  const picked = sources.find(({ id }) => wanted === undefined && id === chosen);
  // A document that only holds parts for others has no events.
  const source = picked ?? (current === undefined ? sources[0] : undefined);
  const choose = (id: string) => {
    setChosen(id);
    if (wanted !== undefined) select([]);
  };
  return { current, source, choose };
}

function commit(...args: Parameters<ReturnType<typeof useDocumentStore.getState>["commit"]>): void {
  useDocumentStore.getState().commit(...args);
}

function remove(contract: Contract): void {
  const { scenario } = useDocumentStore.getState();
  const after = withoutElements(scenario, [contract.id]);
  const lost = scenario.connections.length - after.connections.length;
  commit(after, `Delete ${contract.name}`);
  const also = lost === 0 ? "" : ` and ${lost} ${lost === 1 ? "connection" : "connections"}`;
  useSessionStore
    .getState()
    .notify("info", `Deleted ${contract.name}${also}. Undo brings everything back.`);
}

function freshName(wish: string, contracts: readonly Contract[]): string {
  const isTaken = (name: string) => contracts.some((contract) => contract.name === name);
  if (!isTaken(wish)) return wish;
  for (let number = 2; ; number++) if (!isTaken(`${wish}${number}`)) return `${wish}${number}`;
}
