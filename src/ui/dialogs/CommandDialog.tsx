// All commands, to be found by typing.

import { commands, runCommand, shown } from "../app/commands.ts";
import { Icon } from "../controls/Icon.tsx";
import { FilterList } from "./FilterList.tsx";

/** The palette of commands. */
export function CommandDialog({ onClose }: { readonly onClose: () => void }) {
  const options = commands
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
      placeholder="What do you want to do?"
      options={options}
      onChoose={(id) => {
        onClose();
        // After this dialog is gone, because a command may open another.
        setTimeout(() => runCommand(id), 0);
      }}
      onClose={onClose}
    />
  );
}
