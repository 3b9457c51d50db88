// Who would break with a version of an event: those who read an earlier one, as soon as somebody writes it, and those who
// write an earlier one, as soon as somebody reads with it. A click leads to them.

import { useMemo } from "react";
import { affectedBy } from "../../contracts/affected.ts";
import type { Contract, ContractVersion } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { Icon } from "../controls/Icon.tsx";
import { goTo } from "../inspector/parts.tsx";
import styles from "./contracts.module.css";

interface AffectedListProps {
  readonly contract: Contract;
  readonly version: ContractVersion;
}

/** The producers and services that do not get on with a version; nothing where all do. */
export function AffectedList({ contract, version }: AffectedListProps) {
  const scenario = useDocumentStore((state) => state.scenario);
  const affected = useMemo(
    () => affectedBy(scenario, { contract: contract.id, schema: version.schema }),
    [scenario, contract.id, version.schema],
  );
  if (!affected.ok || affected.value.length === 0) return null;
  return (
    <div>
      <p className={styles["help"]}>Who does not get on with {version.contractVersion}:</p>
      <ul className={styles["changes"]} aria-label="Who does not get on with it">
        {affected.value.map(({ connection, does, node, name, contractVersion, changes }) => (
          <li key={`${connection} ${does}`} data-severity="warning">
            <Icon name="warning" size={14} />
            <span>
              <button type="button" className={styles["placeLink"]} onClick={() => goTo(node)}>
                {name}
              </button>{" "}
              {does} {contractVersion}
              <code>
                {changes[0]?.rule}
                {changes[0]?.path === "" ? "" : ` at ${changes[0]?.path}`}
                {changes.length > 1 ? ` and ${changes.length - 1} more` : ""}
              </code>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
