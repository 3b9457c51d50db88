// Messages as they would be written with a version of an event, others at every click; and the way back: a schema from
// messages that somebody has.

import { useEffect, useState } from "react";
import { fail, type Result } from "../../base/result.ts";
import type { Contract, ContractVersion } from "../../model/scenario.ts";
import type { Language } from "../../schemas/languages.ts";
import type { Sample } from "../../schemas/samples.ts";
import { writeClipboard } from "../../store/clipboard.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Icon } from "../controls/Icon.tsx";
import styles from "./contracts.module.css";
import { InferSchema } from "./InferSchema.tsx";

interface SamplesTabProps {
  readonly contract: Contract;
  readonly version: ContractVersion;
  readonly language: Language | undefined;
}

/** How many are shown at once. */
const shown = 3;

/** Samples of a version. */
export function SamplesTab({ contract, version, language }: SamplesTabProps) {
  const [seed, setSeed] = useState(1);
  const samples = useSamples(version, language, seed);
  return (
    <div className={styles["samples"]}>
      <div className={styles["parts"]}>
        <strong>Samples of {version.contractVersion}</strong>
        <Button tone="quiet" icon="reset" onClick={() => setSeed(seed + 1)}>
          Others
        </Button>
        <span className={styles["help"]}>seed {seed}</span>
      </div>
      <Samples samples={samples} seed={seed} />
      {version === contract ? <InferSchema contract={contract} /> : null}
    </div>
  );
}

/** Samples, the sentence that says why there are none, or undefined while they are being made. */
type Made = Result<readonly Sample[], string> | undefined;

function Samples({ samples, seed }: { readonly samples: Made; readonly seed: number }) {
  if (samples === undefined) return <p className={controls["empty"]}>Loading …</p>;
  if (!samples.ok) return <p className={styles["dangling"]}>{samples.failure}</p>;
  return (
    <ol className={styles["sampleList"]}>
      {samples.value.map((sample, index) => (
        <SampleCard key={`${seed} ${index}`} sample={sample} number={index + 1} />
      ))}
    </ol>
  );
}

function useSamples(
  { schema }: ContractVersion,
  language: Language | undefined,
  seed: number,
): Made {
  const [samples, setSamples] = useState<Made>(undefined);
  useEffect(() => {
    let isGone = false;
    const make = async () => {
      if (language === undefined) return;
      const { samplesOf } = await import("../../schemas/samples.ts");
      if (!isGone) setSamples(samplesOf({ language, schema, seed, count: shown }));
    };
    const sentence = "The generator of samples could not be loaded. Try again.";
    make().catch(() => setSamples(fail(sentence)));
    return () => {
      isGone = true;
    };
  }, [schema, language, seed]);
  return samples;
}

function SampleCard({ sample, number }: { readonly sample: Sample; readonly number: number }) {
  const text = JSON.stringify(sample.value, null, 2);
  return (
    <li className={styles["sample"]}>
      <div className={styles["sampleHead"]}>
        <span>Sample {number}</span>
        {sample.fit.verdict === "fits" ? null : (
          <span className={styles["rowMark"]} data-severity="warning">
            <Icon name="warning" size={13} /> does not fit the schema
          </span>
        )}
        <IconButton
          icon="copy"
          size={14}
          label={`Copy sample ${number}`}
          onClick={() => void writeClipboard(text, navigator.clipboard)}
        />
      </div>
      {/* Long lines scroll sideways, also by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0}>{text}</pre>
    </li>
  );
}
