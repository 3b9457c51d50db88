// The history of an event, the newest version first: what each changed against the one before it, whether the registry
// would take it, and who would break. A new version begins here.

import { useId, useMemo, useState } from "react";
import type { Usage } from "../../contracts/usage.ts";
import { nextVersionsOf, withNewVersion, withoutVersion } from "../../contracts/versions.ts";
import { formatOf, versionsOf } from "../../model/contracts.ts";
import { textMax } from "../../model/limits.ts";
import type { Contract, ContractVersion } from "../../model/scenario.ts";
import type { Language } from "../../schemas/languages.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { DiffView } from "../editor/DiffView.tsx";
import styles from "./contracts.module.css";
import { AffectedList } from "./AffectedList.tsx";
import { Counterexample } from "./Counterexample.tsx";
import { VersionVerdict } from "./VersionVerdict.tsx";

interface VersionsTabProps {
  readonly contract: Contract;
  readonly usage: Usage;
  readonly language: Language | undefined;
  /** Shows a version; undefined: the newest. */
  readonly onVersion: (version: string | undefined) => void;
}

/** All versions of a contract. */
export function VersionsTab({ contract, usage, language, onVersion }: VersionsTabProps) {
  const versions = versionsOf(contract);
  const [asked, setAsked] = useState<string | undefined>(undefined);
  const index = versions.findIndex(({ contractVersion }) => contractVersion === asked);
  const shown = index === -1 ? versions.length - 1 : index;
  return (
    <div className={styles["versionsTab"]}>
      <div className={styles["history"]}>
        <NewVersion contract={contract} onMade={() => onVersion(undefined)} />
        <ol>
          {versions.toReversed().map((version) => (
            <VersionRow
              key={version.contractVersion}
              contract={contract}
              version={version}
              usage={usage}
              isShown={version === versions[shown]}
              onChoose={() => setAsked(version.contractVersion)}
            />
          ))}
        </ol>
      </div>
      <Change contract={contract} index={shown} language={language} />
    </div>
  );
}

interface VersionRowProps {
  readonly contract: Contract;
  readonly version: ContractVersion;
  readonly usage: Usage;
  readonly isShown: boolean;
  readonly onChoose: () => void;
}

function VersionRow({ contract, version, usage, isShown, onChoose }: VersionRowProps) {
  const { contractVersion } = version;
  const isNewest = version === contract;
  const speaks = (one: { readonly version: string | undefined }) =>
    one.version === contractVersion || (isNewest && one.version === undefined);
  const writers = usage.writers.filter(speaks).length;
  const readers = usage.readers.filter(speaks).length;
  return (
    <li className={styles["version"]}>
      <button
        type="button"
        className={styles["row"]}
        aria-current={isShown ? "true" : undefined}
        onClick={onChoose}
      >
        <span className={styles["rowName"]}>
          {contractVersion}
          {isNewest ? <span className={styles["chip"]}>newest</span> : null}
        </span>
        <span className={styles["rowNote"]}>
          {counted(writers, "writer")} · {counted(readers, "reader")}
        </span>
      </button>
      {contract.earlier === undefined ? null : (
        <IconButton
          icon="trash"
          size={14}
          label={`Delete version ${contractVersion}`}
          onClick={() => remove(contract, contractVersion)}
        />
      )}
    </li>
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function remove(contract: Contract, version: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  commit(
    withoutVersion(scenario, contract.id, version),
    `Delete version ${version} of ${contract.name}`,
  );
  useSessionStore
    .getState()
    .notify(
      "info",
      `Deleted version ${version}. Who spoke it speaks the newest; undo brings it back.`,
    );
}

interface NewVersionProps {
  readonly contract: Contract;
  readonly onMade: () => void;
}

function NewVersion({ contract, onMade }: NewVersionProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const proposals = nextVersionsOf(contract.contractVersion);
  const names = [...new Set([proposals.major, proposals.minor, proposals.patch])];
  const name = (typed ?? proposals.minor).trim();
  const isTaken = versionsOf(contract).some(({ contractVersion }) => contractVersion === name);
  const make = () => {
    const { scenario, commit } = useDocumentStore.getState();
    commit(withNewVersion(scenario, contract.id, name), `Begin ${name} of ${contract.name}`);
    useSessionStore
      .getState()
      .announce(`${name} is the newest version. Everybody goes on speaking what they spoke.`);
    setTyped(null);
    onMade();
  };
  return (
    <form
      className={styles["newVersion"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isTaken && name !== "") make();
      }}
    >
      <label htmlFor={id}>New version</label>
      <input
        id={id}
        className={controls["input"]}
        list={`${id}-names`}
        value={typed ?? proposals.minor}
        maxLength={textMax.version}
        spellCheck={false}
        aria-invalid={isTaken}
        onChange={(event) => setTyped(event.target.value)}
      />
      <datalist id={`${id}-names`}>
        {names.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </datalist>
      <Button tone="plain" icon="plus" type="submit" disabled={isTaken || name === ""}>
        Begin
      </Button>
    </form>
  );
}

interface ChangeProps {
  readonly contract: Contract;
  /** The version that is looked at, counted from the oldest, 0. */
  readonly index: number;
  readonly language: Language | undefined;
}

function Change({ contract, index, language }: ChangeProps) {
  const versions = versionsOf(contract);
  const [before, after] = [versions[index - 1], versions[index] ?? contract];
  const texts = useMemo(
    () =>
      before === undefined || language === undefined
        ? undefined
        : { before: language.textOf(before.schema), after: language.textOf(after.schema) },
    [before, after, language],
  );
  if (before === undefined || texts === undefined)
    return (
      <p className={controls["empty"]}>
        {before === undefined
          ? `${after.contractVersion} is the first version. Begin a new one to compare them.`
          : "Loading …"}
      </p>
    );
  return (
    <section
      className={styles["change"]}
      aria-label={`From ${before.contractVersion} to ${after.contractVersion}`}
    >
      <h4>
        From {before.contractVersion} to {after.contractVersion}
      </h4>
      <VersionVerdict contract={contract} index={index} />
      {language === undefined ? null : <Counterexample {...{ before, after, language }} />}
      <AffectedList contract={contract} version={after} />
      <DiffView
        kind={formatOf(contract)}
        {...texts}
        label={`${contract.name} from ${before.contractVersion} to ${after.contractVersion}`}
      />
    </section>
  );
}
