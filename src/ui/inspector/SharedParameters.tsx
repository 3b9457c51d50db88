// Parameters that several selected elements have in common: a new value goes to all of them, in one step of the history.

import { type Field, type Fields, type FieldValue } from "../../base/fields.ts";
import { formatValue } from "../../base/fieldText.ts";
import { setParameter } from "../../model/edit.ts";
import { fieldsOf, parameterOf, statedParameters } from "../../model/elements.ts";
import { isEqual } from "../../model/equal.ts";
import type { Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useRunStore } from "../../store/runStore.ts";
import { isUnderWay } from "./changes.ts";
import { FieldForm } from "./FieldForm.tsx";
import { Section } from "./Section.tsx";

/** The form; nothing where the elements have no parameter in common. */
export function SharedParameters({ ids }: { readonly ids: readonly string[] }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const fields = sharedFields(scenario, ids);
  const names = Object.keys(fields);
  const [first] = ids;
  if (names.length === 0 || first === undefined) return null;
  const shared = names.filter((name) => valuesOf(scenario, ids, name).length === 1);
  const stated = statedParameters(scenario, first);
  const isStated = (name: string) => shared.includes(name) && Object.hasOwn(stated, name);
  return (
    <Section title={`Parameters of all ${ids.length}`}>
      <FieldForm
        key={ids.join(" ")}
        fields={fields}
        stated={Object.fromEntries(Object.entries(stated).filter(([name]) => isStated(name)))}
        hints={Object.fromEntries(
          names
            .filter((name) => !shared.includes(name))
            .map((name) => [name, differing(scenario, ids, name)]),
        )}
        onChange={(name, value) => void changeAll(ids, name, value)}
      />
    </Section>
  );
}

/** Fields of the same name and meaning: those that a kind or technology gives to every one of the elements. */
function sharedFields(scenario: Scenario, ids: readonly string[]): Fields {
  const [first, ...others] = ids.map((id) => fieldsOf(scenario, id));
  return Object.fromEntries(
    Object.entries(first ?? {}).filter(([name, field]) =>
      others.every((fields) => Object.hasOwn(fields, name) && fields[name] === field),
    ),
  );
}

/** The different values that the elements have. */
function valuesOf(scenario: Scenario, ids: readonly string[], name: string): readonly FieldValue[] {
  const values = ids.map((id) => parameterOf(scenario, id, name));
  return values.filter((value, i) => values.findIndex((one) => isEqual(one, value)) === i);
}

/** Values named in a hint; the others are counted. */
const namedMax = 3;

function differing(scenario: Scenario, ids: readonly string[], name: string): string {
  const field: Field | undefined = fieldsOf(scenario, ids[0] ?? "")[name];
  const values = valuesOf(scenario, ids, name);
  if (field === undefined) return "";
  const named = values.slice(0, namedMax).map((value) => formatValue(field, value));
  const more = values.length > namedMax ? ` and ${values.length - namedMax} more` : "";
  return `Now different: ${named.join(", ")}${more}. A new value goes to all.`;
}

async function changeAll(ids: readonly string[], name: string, value: FieldValue): Promise<void> {
  const { scenario, commit } = useDocumentStore.getState();
  const field = fieldsOf(scenario, ids[0] ?? "")[name];
  const run = useRunStore.getState();
  if (field?.live === true && isUnderWay(run)) {
    // One after the other, so that they stand on the timeline in this order.
    for (const target of ids) await run.act({ act: "set", target, parameter: name, value });
    return;
  }
  const next = ids.reduce((before, id) => setParameter(before, id, name, value), scenario);
  const title = `Set ${(field?.label ?? name).toLowerCase()} of ${ids.length} elements`;
  commit(next, title, { coalesce: `${title} ${ids.join(" ")}` });
}
