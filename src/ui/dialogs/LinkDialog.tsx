// What a new connection carries: which event, over which channel. Sensible answers stand there already,
// so that Enter is enough.

import { useState } from "react";
import type { Parameters } from "../../base/fields.ts";
import { nameOf, technologyOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import { finishLink } from "../../store/link.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import {
  channelNameFor,
  type LinkChoice,
  type LinkProposal,
  proposeLink,
} from "../../store/linking.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Dialog } from "../controls/Dialog.tsx";
import { FieldForm } from "../inspector/FieldForm.tsx";
import styles from "./dialogs.module.css";

interface LinkDialogProps {
  readonly from: string;
  readonly to: string;
  readonly onClose: () => void;
}

const titles = {
  publish: "Which event is published?",
  consume: "What is consumed?",
  call: "Which request is sent?",
  bind: "Bind",
  bridge: "Into which channel?",
  read: "Read",
  write: "Write",
} as const;

/** The dialog. */
export function LinkDialog({ from, to, onClose }: LinkDialogProps) {
  const scenario = useDocumentStore((state) => state.scenario);
  const [proposal] = useState(() => proposeLink(scenario, from, to));
  const [choice, setChoice] = useState<LinkChoice | undefined>(proposal?.choice);
  if (proposal === undefined || choice === undefined) return null;
  const change = (part: Partial<LinkChoice>): void => setChoice({ ...choice, ...part });
  const props = { scenario, proposal, choice, onChange: change };
  return (
    <Dialog
      title={titles[choice.kind]}
      onClose={onClose}
      onAccept={() => finishLink(choice)}
      foot={
        <>
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="main" type="submit">
            Connect
          </Button>
        </>
      }
    >
      <p className={styles["path"]}>
        <strong>{nameOf(scenario, from)}</strong>
        <span aria-label="to">→</span>
        <strong>{nameOf(scenario, to)}</strong>
      </p>
      {choice.contract === undefined ? null : <ContractRow {...props} />}
      {proposal.broker === undefined ? null : <ChannelRow {...props} broker={proposal.broker} />}
    </Dialog>
  );
}

interface RowProps {
  readonly scenario: Scenario;
  readonly proposal: LinkProposal;
  readonly choice: LinkChoice;
  readonly onChange: (part: Partial<LinkChoice>) => void;
}

function ContractRow({ scenario, choice, onChange }: RowProps) {
  const { contract, channel, kind } = choice;
  if (contract === undefined) return null;
  const name = "name" in contract ? contract.name : nameOf(scenario, contract.id);
  const handleName = (next: string): void => {
    const known = scenario.contracts.find((other) => other.name === next);
    const follows =
      channel !== undefined && "name" in channel && channel.name === channelNameFor(name);
    onChange({
      contract: known === undefined ? { name: next } : { id: known.id },
      ...(follows && { channel: { name: channelNameFor(next) } }),
    });
  };
  const isKnown = "id" in contract;
  return (
    <div className={styles["row"]}>
      <label className={styles["rowLabel"]} htmlFor="link-contract">
        {kind === "call" ? "Request" : "Event"}
      </label>
      <input
        id="link-contract"
        data-first-focus
        className={controls["input"]}
        list="link-contracts"
        autoComplete="off"
        spellCheck={false}
        required
        maxLength={100}
        value={name}
        onChange={(event) => handleName(event.target.value)}
        onFocus={(event) => event.target.select()}
      />
      <datalist id="link-contracts">
        {scenario.contracts.map((known) => (
          <option key={known.id} value={known.name}>
            {known.name}
          </option>
        ))}
      </datalist>
      <span className={styles["rowHint"]}>
        {isKnown
          ? "Known already: its schema is used."
          : "New: you write its schema in the Contracts panel."}
      </span>
    </div>
  );
}

const fresh = "";

function ChannelRow({
  scenario,
  proposal,
  choice,
  onChange,
  broker,
}: RowProps & { readonly broker: string }) {
  const { channels, channelKind = "" } = proposal;
  const { channel } = choice;
  const technology = technologyOf(scenario, broker);
  const label = technology?.channelKinds[channelKind]?.label ?? "Channel";
  const contractName =
    choice.contract !== undefined && "name" in choice.contract ? choice.contract.name : "";
  const isNew = channel === undefined || "name" in channel;
  const nameOfNew =
    channel !== undefined && "name" in channel ? channel.name : channelNameFor(contractName);
  return (
    <>
      {channels.length === 0 ? null : (
        <div className={styles["row"]}>
          <label className={styles["rowLabel"]} htmlFor="link-channel">
            {label}
          </label>
          <select
            id="link-channel"
            {...(choice.contract === undefined && { "data-first-focus": true })}
            className={controls["input"]}
            value={isNew ? fresh : channel.id}
            onChange={(event) =>
              onChange({
                channel:
                  event.target.value === fresh
                    ? { name: nameOfNew === "" ? "events" : nameOfNew }
                    : { id: event.target.value },
              })
            }
          >
            {channels.map((known) => (
              <option key={known.id} value={known.id}>
                {nameOf(scenario, known.id)}
              </option>
            ))}
            <option value={fresh}>New {label.toLowerCase()} …</option>
          </select>
        </div>
      )}
      {isNew ? (
        <div className={styles["row"]}>
          <label className={styles["rowLabel"]} htmlFor="link-channel-name">
            Name of the new {label.toLowerCase()}
          </label>
          <input
            id="link-channel-name"
            {...(choice.contract === undefined &&
              channels.length === 0 && { "data-first-focus": true })}
            className={controls["input"]}
            autoComplete="off"
            spellCheck={false}
            required
            maxLength={100}
            value={nameOfNew}
            onChange={(event) => onChange({ channel: { name: event.target.value } })}
          />
        </div>
      ) : null}
      {isNew && proposal.sources.length > 0 ? (
        <SourceRow scenario={scenario} proposal={proposal} choice={choice} onChange={onChange} />
      ) : null}
    </>
  );
}

function SourceRow({ scenario, proposal, choice, onChange }: RowProps) {
  const bindFields = technologyOf(scenario, proposal.broker ?? "")?.bindFields ?? {};
  const stated: Parameters = choice.bindParameters ?? {};
  return (
    <>
      <div className={styles["row"]}>
        <label className={styles["rowLabel"]} htmlFor="link-source">
          Bound to
        </label>
        <select
          id="link-source"
          className={controls["input"]}
          value={choice.source ?? ""}
          onChange={(event) => onChange({ source: event.target.value })}
        >
          {proposal.sources.map((source) => (
            <option key={source.id} value={source.id}>
              {nameOf(scenario, source.id)}
            </option>
          ))}
        </select>
      </div>
      <FieldForm
        fields={bindFields}
        stated={stated}
        onChange={(name, value) => onChange({ bindParameters: { ...stated, [name]: value } })}
      />
    </>
  );
}
