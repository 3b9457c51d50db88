// A message that was fine and no longer is, or the other way round, where samples of two versions show one.

import { useEffect, useState } from "react";
import type { ContractVersion } from "../../model/scenario.ts";
import type { Counterexample as Found } from "../../schemas/counterexample.ts";
import type { Language } from "../../schemas/languages.ts";
import styles from "./contracts.module.css";

interface CounterexampleProps {
  readonly before: ContractVersion;
  readonly after: ContractVersion;
  readonly language: Language;
}

/** A message that is written with one version and cannot be read with the other. */
interface Example extends Found {
  readonly writer: string;
  readonly reader: string;
}

/** The message, folded. */
export function Counterexample(props: CounterexampleProps) {
  const example = useExample(props);
  if (example === undefined) return null;
  return (
    <details className={styles["example"]}>
      <summary>
        A message of {example.writer} that {example.reader} cannot read
      </summary>
      <pre>{JSON.stringify(example.payload, null, 2)}</pre>
      <ul>
        {example.misfits.slice(0, 3).map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            {path === "" ? "" : `${path}: `}
            {message}
          </li>
        ))}
      </ul>
    </details>
  );
}

function useExample({ before, after, language }: CounterexampleProps): Example | undefined {
  const [example, setExample] = useState<Example | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    const find = async (): Promise<void> => {
      const { counterexampleOf } = await import("../../schemas/counterexample.ts");
      if (isGone) return;
      const exampleOf = (writer: ContractVersion, reader: ContractVersion) => {
        const found = counterexampleOf({ language, writer: writer.schema, reader: reader.schema });
        const names = { writer: writer.contractVersion, reader: reader.contractVersion };
        return found && { ...found, ...names };
      };
      setExample(exampleOf(before, after) ?? exampleOf(after, before));
    };
    // The verdict stands without it.
    find().catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [before, after, language]);
  return example;
}
