// One event: name, version, description, who uses it, and its schema. Texts are taken over on Enter or when left.

import { useId, useState } from "react";
import type { Usage } from "../../contracts/usage.ts";
import { rename, replaceElement } from "../../model/edit.ts";
import { textMax } from "../../model/limits.ts";
import type { Contract } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import controls from "../controls/controls.module.css";
import styles from "./editor.module.css";
import { SchemaEditor } from "./SchemaEditor.tsx";

interface ContractDetailsProps {
  readonly contract: Contract;
  readonly usage: Usage | undefined;
}

/** Everything about one contract. Give it the contract's id as key. */
export function ContractDetails({ contract, usage }: ContractDetailsProps) {
  const commit = useDocumentStore((state) => state.commit);
  const { id, name } = contract;
  const change = (part: Partial<Contract>, title: string) => {
    const { scenario } = useDocumentStore.getState();
    commit(replaceElement(scenario, { ...contract, ...part }), title);
  };
  const describe = (description: string) => {
    const { description: _, ...rest } = contract;
    const after = description === "" ? rest : { ...rest, description };
    commit(replaceElement(useDocumentStore.getState().scenario, after), `Describe ${name}`);
  };
  return (
    <section className={styles["details"]} aria-label={name}>
      <div className={styles["fields"]}>
        <DraftField
          label="Name"
          value={name}
          maxLength={textMax.name}
          onAccept={(typed) =>
            commit(
              rename(useDocumentStore.getState().scenario, id, typed),
              `Rename ${name} to ${typed}`,
            )
          }
        />
        <DraftField
          label="Version"
          value={contract.contractVersion}
          maxLength={textMax.version}
          isRequired
          onAccept={(contractVersion) => change({ contractVersion }, `Change version of ${name}`)}
        />
        <DraftField
          label="Description"
          value={contract.description ?? ""}
          maxLength={textMax.description}
          onAccept={describe}
        />
      </div>
      <UsageLine usage={usage} />
      <SchemaEditor contract={contract} />
    </section>
  );
}

function UsageLine({ usage }: { readonly usage: Usage | undefined }) {
  const isUsed = usage !== undefined && usage.producers.length > 0;
  if (!isUsed)
    return (
      <p className={styles["usage"]}>
        Nobody publishes it. Choose it when you connect a producer or service to a broker.
      </p>
    );
  const { producers, channels, consumers } = usage;
  return (
    <dl className={styles["usage"]}>
      <UsageTerm term="From" names={producers} />
      {channels.length === 0 ? null : <UsageTerm term="Through" names={channels} />}
      <UsageTerm term="To" names={consumers} />
    </dl>
  );
}

function UsageTerm({ term, names }: { readonly term: string; readonly names: readonly string[] }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{names.length === 0 ? "nobody" : names.join(", ")}</dd>
    </div>
  );
}

interface DraftFieldProps {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly isRequired?: boolean;
  readonly onAccept: (value: string) => void;
}

// While a text is being typed it is a draft; Escape drops it.
function DraftField({ label, value, maxLength, isRequired = false, onAccept }: DraftFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const accept = () => {
    const typed = draft?.trim();
    setDraft(null);
    if (typed === undefined || typed === value || (isRequired && typed === "")) return;
    onAccept(typed);
  };
  return (
    <div className={styles["field"]}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={controls["input"]}
        value={draft ?? value}
        maxLength={maxLength}
        spellCheck={false}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={accept}
        onKeyDown={(event) => {
          if (event.key === "Enter") accept();
          if (event.key === "Escape") setDraft(null);
        }}
      />
    </div>
  );
}
