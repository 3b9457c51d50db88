// The events as a list: searched by name, owner, tag or field; each with its version, language, use and problems.

import { useDeferredValue, useMemo, useState } from "react";
import type { Problem, Severity } from "../../base/problem.ts";
import { fieldsOf, findContracts, type Found } from "../../contracts/search.ts";
import { danglingOf, type Usage, usageIn } from "../../contracts/usage.ts";
import { formatOf, versionsOf } from "../../model/contracts.ts";
import type { Contract } from "../../model/scenario.ts";
import { languageFacts } from "../../schemas/languages.ts";
import controls from "../controls/controls.module.css";
import { Icon } from "../controls/Icon.tsx";
import styles from "./contracts.module.css";
import type { LoadedLanguages } from "./useLanguages.ts";

interface ContractListProps {
  readonly contracts: readonly Contract[];
  readonly usages: ReadonlyMap<string, Usage>;
  readonly problems: readonly Problem[];
  readonly languages: LoadedLanguages;
  /** The one that is shown; undefined: none of them. */
  readonly current: Contract | undefined;
  readonly onChoose: (id: string) => void;
}

/** The list, with a field to search in it. */
export function ContractList(props: ContractListProps) {
  const { contracts, usages, problems, languages, current, onChoose } = props;
  const [question, setQuestion] = useState("");
  const asked = useDeferredValue(question);
  const found = useMemo(
    () => findContracts(contracts, asked, (contract) => fieldsOfContract(contract, languages)),
    [contracts, asked, languages],
  );
  const worst = useMemo(() => worstOf(problems), [problems]);
  return (
    <>
      <div className={styles["search"]}>
        <input
          type="search"
          className={controls["input"]}
          aria-label="Search events and fields"
          placeholder="Event, owner, tag or field"
          value={question}
          onChange={(event) => setQuestion(event.target.value)}
        />
      </div>
      <ul className={styles["list"]}>
        {found.map((one) => (
          <Row
            key={one.contract.id}
            found={one}
            usage={usageIn(usages, one.contract.id)}
            worst={worst.get(one.contract.id)}
            isCurrent={one.contract === current}
            onChoose={onChoose}
          />
        ))}
      </ul>
      {found.length === 0 ? (
        <p className={styles["nothing"]} role="status">
          No event and no field is called “{asked}”.
        </p>
      ) : null}
    </>
  );
}

interface RowProps {
  readonly found: Found;
  readonly usage: Usage;
  readonly worst: Severity | undefined;
  readonly isCurrent: boolean;
  readonly onChoose: (id: string) => void;
}

function Row({ found: { contract, fields }, usage, worst, isCurrent, onChoose }: RowProps) {
  const format = formatOf(contract);
  return (
    <li>
      <button
        type="button"
        className={styles["row"]}
        aria-current={isCurrent ? "true" : undefined}
        onClick={() => onChoose(contract.id)}
      >
        <span className={styles["rowHead"]}>
          <span className={styles["rowName"]} data-deprecated={contract.deprecated === true}>
            {contract.name}
          </span>
          {worst === undefined ? null : (
            <span className={styles["rowMark"]} data-severity={worst}>
              <Icon name={worst} size={13} />
              <span className={styles["hidden"]}>has {worst}s</span>
            </span>
          )}
        </span>
        <span className={styles["rowNote"]}>
          {contract.contractVersion}
          {format === "json-schema" ? "" : ` · ${languageFacts[format].label}`}
          {contract.deprecated === true ? " · deprecated" : ""} · {useInWords(usage)}
        </span>
        {fields.length === 0 ? null : (
          <span className={styles["rowFields"]}>
            {fields.slice(0, 3).join(", ")}
            {fields.length > 3 ? ` and ${fields.length - 3} more` : ""}
          </span>
        )}
      </button>
    </li>
  );
}

function useInWords(usage: Usage): string {
  switch (danglingOf(usage)) {
    case "unused":
      return "nobody sends it";
    case "unread":
      return "nobody reads it";
    default:
      return usage.readers.length === 1 ? "1 reader" : `${usage.readers.length} readers`;
  }
}

/** The worst that was found of each element. */
function worstOf(problems: readonly Problem[]): ReadonlyMap<string, Severity> {
  const worst = new Map<string, Severity>();
  for (const { element, severity } of problems)
    if (element !== undefined && worst.get(element) !== "error") worst.set(element, severity);
  return worst;
}

/** Fields of all versions; none as long as the language has not arrived. */
function fieldsOfContract(contract: Contract, languages: LoadedLanguages): readonly string[] {
  const language = languages[formatOf(contract)];
  const fields = versionsOf(contract).flatMap(({ schema, headers }) => {
    const payload = language?.toJsonSchema(schema, "writer");
    return [
      ...(payload === undefined ? [] : fieldsOf(payload)),
      ...(headers === undefined ? [] : fieldsOf(headers)),
    ];
  });
  return [...new Set(fields)];
}
