// One event: its name and version, and behind tabs its schema, its versions, who uses it, samples, and what else is
// known about it.

import { type KeyboardEvent, useId, useState } from "react";
import type { Usage } from "../../contracts/usage.ts";
import { versionOf, versionsOf } from "../../model/contracts.ts";
import { rename } from "../../model/edit.ts";
import { textMax } from "../../model/limits.ts";
import type { Contract } from "../../model/scenario.ts";
import type { Language } from "../../schemas/languages.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import controls from "../controls/controls.module.css";
import { AboutTab } from "./AboutTab.tsx";
import styles from "./contracts.module.css";
import { DraftField } from "./DraftField.tsx";
import { SamplesTab } from "./SamplesTab.tsx";
import { SchemaTab } from "./SchemaTab.tsx";
import { UseTab } from "./UseTab.tsx";
import { VersionsTab } from "./VersionsTab.tsx";

const tabs = ["schema", "versions", "use", "samples", "about"] as const;

/** What of a contract is looked at. */
export type DetailTab = (typeof tabs)[number];

interface ContractDetailsProps {
  readonly contract: Contract;
  readonly usage: Usage;
  /** The language of its schemas; undefined until it has arrived. */
  readonly language: Language | undefined;
  readonly tab: DetailTab;
  readonly onTab: (tab: DetailTab) => void;
}

/** Everything about one contract. Give it the contract's id as key. */
export function ContractDetails(props: ContractDetailsProps) {
  const { contract, usage, language, tab, onTab } = props;
  const [asked, setAsked] = useState<string | undefined>(undefined);
  const version = versionOf(contract, asked) ?? contract;
  const panelId = useId();
  return (
    <section className={styles["details"]} aria-label={contract.name}>
      <div className={styles["head"]}>
        <DraftField
          label="Name"
          value={contract.name}
          maxLength={textMax.name}
          onAccept={(typed) => {
            const { scenario, commit } = useDocumentStore.getState();
            commit(rename(scenario, contract.id, typed), `Rename ${contract.name} to ${typed}`);
          }}
        />
        <VersionChoice contract={contract} shown={version.contractVersion} onChoose={setAsked} />
      </div>
      <div
        className={styles["tabs"]}
        role="tablist"
        aria-label={`About ${contract.name}`}
        tabIndex={-1}
        onKeyDown={(event) => handleTabKey(event, tab, onTab)}
      >
        {tabs.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`${panelId}-${one}`}
            aria-selected={one === tab}
            aria-controls={panelId}
            tabIndex={one === tab ? 0 : -1}
            onClick={() => onTab(one)}
          >
            {tabLabel(one, contract, usage)}
          </button>
        ))}
      </div>
      <div
        id={panelId}
        role="tabpanel"
        aria-labelledby={`${panelId}-${tab}`}
        className={styles["tabPanel"]}
      >
        <TabBody {...{ contract, version, usage, language, tab, onVersion: setAsked }} />
      </div>
    </section>
  );
}

interface TabBodyProps extends Omit<ContractDetailsProps, "onTab"> {
  readonly version: ReturnType<typeof versionsOf>[number];
  readonly onVersion: (version: string | undefined) => void;
}

function TabBody({ contract, version, usage, language, tab, onVersion }: TabBodyProps) {
  switch (tab) {
    case "versions":
      return <VersionsTab {...{ contract, usage, language, onVersion }} />;
    case "use":
      return <UseTab contract={contract} usage={usage} />;
    case "samples":
      return <SamplesTab {...{ contract, version, usage, language }} />;
    case "about":
      return <AboutTab contract={contract} language={language} />;
    default:
      return <SchemaTab key={version.contractVersion} {...{ contract, version, language }} />;
  }
}

function tabLabel(tab: DetailTab, contract: Contract, { writers, readers }: Usage): string {
  switch (tab) {
    case "versions":
      return `Versions ${versionsOf(contract).length}`;
    case "use":
      return `Used by ${writers.length + readers.length}`;
    default:
      return `${tab[0]!.toUpperCase()}${tab.slice(1)}`;
  }
}

function handleTabKey(
  event: KeyboardEvent<HTMLElement>,
  tab: DetailTab,
  onTab: (tab: DetailTab) => void,
): void {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]!;
  onTab(next);
  const list = event.currentTarget;
  list.querySelectorAll<HTMLElement>("[role=tab]")[tabs.indexOf(next)]?.focus();
}

interface VersionChoiceProps {
  readonly contract: Contract;
  readonly shown: string;
  readonly onChoose: (version: string | undefined) => void;
}

function VersionChoice({ contract, shown, onChoose }: VersionChoiceProps) {
  const id = useId();
  const versions = versionsOf(contract).toReversed();
  return (
    <div className={styles["field"]}>
      <label htmlFor={id}>Version</label>
      <select
        id={id}
        className={controls["input"]}
        value={shown}
        onChange={({ target }) =>
          onChoose(target.value === contract.contractVersion ? undefined : target.value)
        }
      >
        {versions.map(({ contractVersion }) => (
          <option key={contractVersion} value={contractVersion}>
            {contractVersion}
            {contractVersion === contract.contractVersion && versions.length > 1 ? " (newest)" : ""}
          </option>
        ))}
      </select>
    </div>
  );
}
