// All commands and everything that is drawn, to be found by typing.

import { nameOf, technologyOf } from "../../model/elements.ts";
import type { Scenario } from "../../model/scenario.ts";
import { nodeKinds } from "../../nodes/index.ts";
import { canvas } from "../../store/canvasPort.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { commands, runCommand, shown } from "../app/commands.ts";
import { Icon } from "../controls/Icon.tsx";
import { FilterList, type FilterOption } from "./FilterList.tsx";

/** The palette of commands. */
export function CommandDialog({ onClose }: { readonly onClose: () => void }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const places = placesIn(scenario);
  const actions = commands
    .filter((command) => command.id !== "help/commands" && command.isEnabled?.() !== false)
    .map(({ id, title, group, icon, shortcuts: [shortcut] }) => ({
      id,
      label: title,
      group,
      start: <Icon name={icon ?? "chevron-right"} size={15} />,
      end: shortcut === undefined ? null : <kbd>{shown(shortcut)}</kbd>,
    }));
  return (
    <FilterList
      label="All commands"
      placeholder="What do you want to do, or to see?"
      options={[...actions, ...places]}
      onChoose={(id) => {
        onClose();
        const place = places.find((one) => one.id === id);
        if (place !== undefined) return goTo(place.element);
        // After this dialog is gone, because a command may open another.
        setTimeout(() => runCommand(id), 0);
      }}
      onClose={onClose}
    />
  );
}

/** A line that leads to an element. */
interface Place extends FilterOption {
  readonly element: string;
}

/** Everything with a name on the canvas. */
function placesIn(scenario: Scenario): readonly Place[] {
  const { nodes, channels, contracts, connections } = scenario;
  const nodeLines = nodes.map(({ id, kind }) => ({
    id,
    note: technologyOf(scenario, id)?.label ?? nodeKinds[kind].label,
  }));
  const channelLines = channels.map(({ id, broker, kind }) => ({
    id,
    note: `${technologyOf(scenario, broker)?.channelKinds[kind]?.label ?? kind} of ${nameOf(scenario, broker)}`,
  }));
  const named = connections.flatMap(({ id, kind, name }) =>
    name === undefined ? [] : [{ id, note: kind }],
  );
  // An event is found where it is published or asked for first.
  const events = contracts.flatMap((contract) => {
    const first = connections.find((one) => "contract" in one && one.contract === contract.id);
    return first === undefined ? [] : [{ id: first.id, label: contract.name, note: "event" }];
  });
  // An event and its connection are two lines to one element.
  return [...nodeLines, ...channelLines, ...named, ...events].map(({ id, ...line }, index) => ({
    label: nameOf(scenario, id),
    ...line,
    id: `place ${index}`,
    element: id,
    group: "Go to",
  }));
}

function goTo(id: string): void {
  useSessionStore.getState().select([id]);
  canvas().centreOn(id);
}
