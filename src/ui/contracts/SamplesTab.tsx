// Messages as they would travel with a version of an event, with headers, key and the envelope of a CloudEvent; others at
// every click; and the way back: a schema from messages that somebody has.

import { useEffect, useState } from "react";
import { fail, type Result } from "../../base/result.ts";
import type { Usage } from "../../contracts/usage.ts";
import type { Contract, ContractVersion } from "../../model/scenario.ts";
import type { Language } from "../../schemas/languages.ts";
import type { SampleMessage } from "../../schemas/sampleMessages.ts";
import { writeClipboard } from "../../store/clipboard.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Icon } from "../controls/Icon.tsx";
import styles from "./contracts.module.css";
import { Examples, keepExample } from "./Examples.tsx";
import { InferSchema } from "./InferSchema.tsx";

interface SamplesTabProps {
  readonly contract: Contract;
  readonly version: ContractVersion;
  readonly usage: Usage;
  readonly language: Language | undefined;
}

/** How many are shown at once. */
const shown = 3;

/** Samples of a version. */
export function SamplesTab(props: SamplesTabProps) {
  const { contract, version } = props;
  const [seed, setSeed] = useState(1);
  const messages = useMessages(props, seed);
  // A content type alone says nothing that is not known.
  const hasHeaders = contract.envelope !== undefined || version.headers !== undefined;
  return (
    <div className={styles["samples"]}>
      <div className={styles["parts"]}>
        <strong>Samples of {version.contractVersion}</strong>
        <Button tone="quiet" icon="reset" onClick={() => setSeed(seed + 1)}>
          Others
        </Button>
        <span className={styles["help"]}>seed {seed}</span>
      </div>
      <Samples
        {...{ messages, seed, hasHeaders }}
        onKeep={version === contract ? (payload) => keepExample(contract, payload) : undefined}
      />
      <Examples contract={contract} version={version} />
      {version === contract ? <InferSchema contract={contract} /> : null}
    </div>
  );
}

/** Messages, the sentence that says why there are none, or undefined while they are being made. */
type Made = Result<readonly SampleMessage[], string> | undefined;

interface SamplesProps {
  readonly messages: Made;
  readonly seed: number;
  readonly hasHeaders: boolean;
  /** Keeps a payload as an example; undefined: the version is published and stays as it is. */
  readonly onKeep: ((payload: unknown) => void) | undefined;
}

function Samples({ messages, seed, hasHeaders, onKeep }: SamplesProps) {
  if (messages === undefined) return <p className={controls["empty"]}>Loading …</p>;
  if (!messages.ok) return <p className={styles["dangling"]}>{messages.failure}</p>;
  return (
    <ol className={styles["sampleList"]}>
      {messages.value.map((message, index) => (
        <SampleCard
          key={`${seed} ${index}`}
          message={message}
          number={index + 1}
          hasHeaders={hasHeaders}
          onKeep={onKeep}
        />
      ))}
    </ol>
  );
}

function useMessages({ contract, version, usage, language }: SamplesTabProps, seed: number): Made {
  const [messages, setMessages] = useState<Made>(undefined);
  const [writer] = usage.writers;
  const source = `/${writer?.node ?? "example"}`;
  const connection = writer?.isRequest === true ? undefined : writer?.connection;
  const isRequest = writer?.isRequest === true;
  useEffect(() => {
    let isGone = false;
    const make = async () => {
      if (language === undefined) return;
      const { messagesOf } = await import("../../schemas/sampleMessages.ts");
      const protocol = isRequest ? "http" : await protocolOf(connection);
      const request = { contract, version, language, protocol, source, seed, count: shown };
      if (!isGone) setMessages(messagesOf(request));
    };
    const sentence = "The generator of samples could not be loaded. Try again.";
    make().catch(() => setMessages(fail(sentence)));
    return () => {
      isGone = true;
    };
  }, [contract, version, language, seed, source, connection, isRequest]);
  return messages;
}

/** The protocol of a connection that publishes; Kafka's where nobody publishes. */
async function protocolOf(connection: string | undefined): Promise<string> {
  const { manualOf } = await import("../../model/manual.ts");
  const { scenario } = useDocumentStore.getState();
  return manualOf(scenario, connection ?? "")?.asyncapi.protocol ?? "kafka";
}

interface SampleCardProps {
  readonly message: SampleMessage;
  readonly number: number;
  readonly hasHeaders: boolean;
  readonly onKeep: SamplesProps["onKeep"];
}

function SampleCard({ message, number, hasHeaders, onKeep }: SampleCardProps) {
  const { headers, body, key, payload, verdict } = message;
  const text = JSON.stringify(body, null, 2);
  return (
    <li className={styles["sample"]}>
      <div className={styles["sampleHead"]}>
        <span className={styles["sampleName"]}>
          Sample {number}
          {key === undefined ? null : (
            <> · key {typeof key === "string" ? key : JSON.stringify(key)}</>
          )}
        </span>
        {verdict === "fits" ? null : (
          <span className={styles["rowMark"]} data-severity="warning">
            <Icon name="warning" size={13} />{" "}
            {verdict === "misfit" ? "does not fit the schema" : "could not be checked"}
          </span>
        )}
        {onKeep === undefined ? null : (
          <IconButton
            icon="plus"
            size={14}
            label={`Keep sample ${number} as an example`}
            onClick={() => onKeep(payload)}
          />
        )}
        <IconButton
          icon="copy"
          size={14}
          label={`Copy sample ${number}`}
          onClick={() => void writeClipboard(text, navigator.clipboard)}
        />
      </div>
      {hasHeaders ? <Text label={`Headers of sample ${number}`} text={linesOf(headers)} /> : null}
      <Text label={`Body of sample ${number}`} text={text} />
    </li>
  );
}

function linesOf(headers: SampleMessage["headers"]): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");
}

// Long lines scroll sideways, also by keyboard.
function Text({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre tabIndex={0} role="group" aria-label={label}>
      {text}
    </pre>
  );
}
