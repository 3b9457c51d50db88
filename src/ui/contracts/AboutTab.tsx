// What else is known about an event: description, owner, tags, key, envelope, language, what its registry asks, and
// whether it is on its way out.

import { useId } from "react";
import { compatibilityOf, formatOf } from "../../model/contracts.ts";
import { replaceElement } from "../../model/edit.ts";
import { textMax } from "../../model/limits.ts";
import { compatibilityModes, type Contract, schemaFormats } from "../../model/scenario.ts";
import { type Language, languageFacts, loadLanguage } from "../../schemas/languages.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import controls from "../controls/controls.module.css";
import styles from "./contracts.module.css";
import { DraftField } from "./DraftField.tsx";

interface AboutTabProps {
  readonly contract: Contract;
  readonly language: Language | undefined;
}

/** The facts of one contract as a form. */
export function AboutTab({ contract }: AboutTabProps) {
  const { name, description = "", owner = "", tags = [], key = "", envelope = "" } = contract;
  return (
    <div className={styles["about"]}>
      <DraftField
        label="Description"
        isLong
        value={description}
        maxLength={textMax.description}
        onAccept={(typed) => change(contract, { description: typed }, `Describe ${name}`)}
      />
      <DraftField
        label="Owner"
        placeholder="team-orders"
        value={owner}
        maxLength={textMax.name}
        onAccept={(typed) => change(contract, { owner: typed }, `Owner of ${name}`)}
      />
      <DraftField
        label="Tags"
        placeholder="orders, public"
        value={tags.join(", ")}
        maxLength={textMax.description}
        onAccept={(typed) => change(contract, { tags: tagsIn(typed) }, `Tags of ${name}`)}
      />
      <DraftField
        label="Key"
        placeholder="/orderId"
        help="JSON Pointer to the part of the payload that is the key."
        value={key}
        maxLength={textMax.pointer}
        onAccept={(typed) => change(contract, { key: typed }, `Key of ${name}`)}
      />
      <Choice
        label="Envelope"
        help="A CloudEvent carries who, what and when: in headers (binary) or around the payload (structured)."
        value={envelope}
        options={[
          ["", "None"],
          ["binary", "CloudEvents, binary"],
          ["structured", "CloudEvents, structured"],
        ]}
        onChoose={(value) =>
          change(
            contract,
            { envelope: value === "binary" || value === "structured" ? value : undefined },
            `Envelope of ${name}`,
          )
        }
      />
      <Choice
        label="Registry asks"
        help="What a new version must keep: old data readable (backward), new data readable by old readers (forward), or both; the transitive ones for all earlier versions."
        value={compatibilityOf(contract)}
        options={compatibilityModes.map((mode) => [mode, inWords(mode)])}
        onChoose={(value) => {
          const compatibility = compatibilityModes.find((mode) => mode === value);
          change(contract, { compatibility }, `Compatibility of ${name}`);
        }}
      />
      <LanguageChoice contract={contract} />
      <Deprecated contract={contract} />
    </div>
  );
}

function LanguageChoice({ contract }: { readonly contract: Contract }) {
  const isFixed = contract.earlier !== undefined;
  return (
    <Choice
      label="Schema language"
      help={
        isFixed
          ? "All versions are written in the same language."
          : "Another language begins with a schema of its own."
      }
      value={formatOf(contract)}
      isFixed={isFixed}
      options={schemaFormats.map((format) => [format, languageFacts[format].label])}
      onChoose={(value) => {
        const format = schemaFormats.find((one) => one === value);
        if (format !== undefined) void beginIn(contract, format);
      }}
    />
  );
}

async function beginIn(contract: Contract, format: (typeof schemaFormats)[number]): Promise<void> {
  const { skeleton } = await loadLanguage(format);
  const { label } = languageFacts[format];
  change(contract, { format, schema: skeleton() }, `Write ${contract.name} in ${label}`);
  useSessionStore
    .getState()
    .notify("info", `${contract.name} begins anew in ${label}. Undo brings the old schema back.`);
}

function Deprecated({ contract }: { readonly contract: Contract }) {
  const id = useId();
  const isDeprecated = contract.deprecated === true;
  return (
    <div className={styles["field"]}>
      <label className={styles["check"]} htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          checked={isDeprecated}
          onChange={() =>
            change(
              contract,
              { deprecated: isDeprecated ? undefined : true },
              `${isDeprecated ? "Keep" : "Deprecate"} ${contract.name}`,
            )
          }
        />
        Deprecated: nobody should begin to use it
      </label>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly isFixed?: boolean;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, help, value, isFixed = false, options, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles["field"]}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className={controls["input"]}
        aria-describedby={`${id}-help`}
        value={value}
        disabled={isFixed}
        onChange={({ target }) => onChoose(target.value)}
      >
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
      <p id={`${id}-help`} className={styles["help"]}>
        {help}
      </p>
    </div>
  );
}

function inWords(mode: string): string {
  const words = mode.toLowerCase().replace("_", ", ");
  return words[0]!.toUpperCase() + words.slice(1);
}

function tagsIn(typed: string): readonly string[] {
  const tags = typed.split(",").map((tag) => tag.trim().slice(0, textMax.name));
  return [...new Set(tags.filter(Boolean))];
}

type Facts = {
  readonly [Name in keyof Contract]?: Contract[Name] | undefined;
};

/** Changes facts of a contract; what is empty is left out of the document. */
function change(contract: Contract, facts: Facts, title: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  const next: Record<string, unknown> = { ...contract, ...facts };
  for (const [name, value] of Object.entries(facts))
    if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
      delete next[name];
  // Names and types of what was changed are those of a contract, and nothing that must be there was empty.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  commit(replaceElement(scenario, next as unknown as Contract), title);
}
