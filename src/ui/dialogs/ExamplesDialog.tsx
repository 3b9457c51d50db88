// The gallery of ready-made scenarios: by group, found by typing. The scenario itself is fetched when it is chosen.

import { shelf } from "../../scenarios/index.ts";
import { loadScenario } from "../../scenarios/loadScenario.ts";
import { openLateExample } from "../../store/commands/documents.ts";
import { FilterList } from "./FilterList.tsx";

const options = shelf.map(({ id, title, group, shows }) => ({
  id,
  label: title,
  group,
  note: shows,
}));

/** The gallery. */
export function ExamplesDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <FilterList
      label="Examples"
      placeholder="What do you want to see?"
      options={options}
      onChoose={(id) => {
        onClose();
        void openLateExample(loadScenario(id));
      }}
      onClose={onClose}
    />
  );
}
