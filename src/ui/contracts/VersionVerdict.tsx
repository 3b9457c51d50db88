// What a registry says of a version that follows earlier ones: the verdict, and every difference with its rule, its
// place and, where it breaks something, what to do.

import { useEffect, useState } from "react";
import type { Problem } from "../../base/problem.ts";
import { fail, type Result } from "../../base/result.ts";
import { compatibilityOf, formatOf, versionsOf } from "../../model/contracts.ts";
import type { Contract } from "../../model/scenario.ts";
import type { Change } from "../../schemas/change.ts";
import type { CompatibilityVerdict, DirectedCheck } from "../../schemas/compatibility.ts";
import controls from "../controls/controls.module.css";
import { Icon } from "../controls/Icon.tsx";
import styles from "./contracts.module.css";

type Verdict = Result<CompatibilityVerdict, readonly Problem[]>;

interface VersionVerdictProps {
  readonly contract: Contract;
  /** Which version follows those before it, counted from 0. */
  readonly index: number;
}

/** The verdict about one version. */
export function VersionVerdict({ contract, index }: VersionVerdictProps) {
  const verdict = useVerdict(contract, index);
  if (verdict === undefined) return <p className={controls["empty"]}>Comparing …</p>;
  if (!verdict.ok)
    return (
      <ul className={styles["changes"]}>
        {verdict.failure.map(({ path, message }) => (
          <li key={`${path} ${message}`} data-severity="error">
            <Icon name="error" size={14} />
            <span>{message}</span>
          </li>
        ))}
      </ul>
    );
  const { isCompatible, checks } = verdict.value;
  return (
    <div className={styles["verdict"]}>
      <p data-severity={isCompatible ? "good" : "error"}>
        <Icon name={isCompatible ? "check" : "error"} size={15} />
        {inWords(contract, isCompatible, checks.length)}
      </p>
      {checks.map((check) => (
        <Check key={`${check.direction} ${check.version}`} check={check} />
      ))}
    </div>
  );
}

function inWords(contract: Contract, isCompatible: boolean, checks: number): string {
  const mode = compatibilityOf(contract);
  if (checks === 0) return `The registry takes it: ${mode} asks for nothing.`;
  return isCompatible
    ? `The registry takes it: it is ${mode}.`
    : `The registry refuses it: it is not ${mode}.`;
}

function Check({ check }: { readonly check: DirectedCheck }) {
  const { sentence, changes, warnings, isCompatibleLeniently } = check;
  const sorted = changes.toSorted((a, b) => Number(b.isBreaking) - Number(a.isBreaking));
  return (
    <div>
      <p className={styles["help"]}>
        {sentence}
        {isCompatibleLeniently === true
          ? " With the lenient policy, under which nobody sends properties that the schema does not name, it could."
          : ""}
      </p>
      <ul className={styles["changes"]}>
        {sorted.map((change) => (
          <ChangeRow
            key={`${change.rule} ${change.path}`}
            change={change}
            severity={change.isBreaking ? "error" : "good"}
          />
        ))}
        {warnings.map((change) => (
          <ChangeRow key={`${change.rule} ${change.path}`} change={change} severity="warning" />
        ))}
      </ul>
    </div>
  );
}

interface ChangeRowProps {
  readonly change: Change;
  readonly severity: "error" | "warning" | "good";
}

function ChangeRow({ change: { rule, path, sentence }, severity }: ChangeRowProps) {
  return (
    <li data-severity={severity}>
      <Icon name={severity === "good" ? "check" : severity} size={14} />
      <span>
        {sentence}
        <code>
          {rule}
          {path === "" ? "" : ` at ${path}`}
        </code>
      </span>
    </li>
  );
}

function useVerdict(contract: Contract, index: number): Verdict | undefined {
  const [verdict, setVerdict] = useState<Verdict | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    const compare = async () => {
      const { checkCompatibility } = await import("../../schemas/compatibility.ts");
      const versions = versionsOf(contract).map(({ contractVersion: name, schema }) => ({
        name,
        schema,
      }));
      const next = versions[index];
      if (isGone || next === undefined) return;
      setVerdict(
        checkCompatibility({
          format: formatOf(contract),
          mode: compatibilityOf(contract),
          history: versions.slice(0, index),
          next,
        }),
      );
    };
    compare().catch(() => setVerdict(fail([notLoaded])));
    return () => {
      isGone = true;
    };
  }, [contract, index]);
  return verdict;
}

const notLoaded: Problem = {
  code: "contract/schema",
  severity: "error",
  path: "",
  message: "The comparison could not be loaded. Look at another tab and come back.",
};
