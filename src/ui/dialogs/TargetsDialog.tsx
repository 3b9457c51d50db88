// Connecting by keyboard: everything a line could lead to, with the reason wherever the rules refuse.

import { nameOf } from "../../model/elements.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { connectTargets } from "../../store/linking.ts";
import { startLink } from "../../store/link.ts";
import { FilterList } from "./FilterList.tsx";

interface TargetsDialogProps {
  readonly from: string;
  readonly onClose: () => void;
}

const deeds = {
  publish: "Publish into it",
  consume: "It consumes",
  bind: "Feed it",
  bridge: "Bridge into it",
  call: "Call it and wait for the answer",
  read: "It reads",
  write: "Write into it",
} as const;

/** The list of targets. */
export function TargetsDialog({ from, onClose }: TargetsDialogProps) {
  const scenario = useDocumentStore((state) => state.scenario);
  const options = connectTargets(scenario, from).map(({ id, name, about, verdict }) => ({
    id,
    label: `${name} (${about})`,
    group: verdict.allowed ? "Possible" : "Not possible",
    note: verdict.allowed ? deeds[verdict.kind] : verdict.reason,
    isRefused: !verdict.allowed,
  }));
  return (
    <FilterList
      label={`Connect ${nameOf(scenario, from)} to`}
      placeholder={`Connect ${nameOf(scenario, from)} to …`}
      options={options}
      onChoose={(to) => {
        onClose();
        startLink(from, to);
      }}
      onClose={onClose}
    />
  );
}
