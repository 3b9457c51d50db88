// What the inspector does to the document and to the run, and what it shows of both. While a run is under way,
// a live parameter is changed in the run and recorded on the timeline; its base value stays as it was.

import type { FieldValue, Parameters } from "../../base/fields.ts";
import type { Problem } from "../../base/problem.ts";
import { formatDurationMs } from "../../base/units.ts";
import { replaceElement, rename, setParameter } from "../../model/edit.ts";
import { fieldsOf, nameOf, statedParameters } from "../../model/elements.ts";
import type { Connection, Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useRunStore } from "../../store/runStore.ts";

/** Whether changes of live parameters go to the run. */
export function useIsUnderWay(): boolean {
  return useRunStore(isUnderWay);
}

/** Whether a run goes on, or stands and is that of the document. */
export function isUnderWay({ status, isStale }: { status: string; isStale: boolean }): boolean {
  return status === "running" || (status === "paused" && !isStale);
}

/** Sets a parameter: in the run where it is live and a run is under way, else in the document. */
export function changeParameter(id: string, name: string, value: FieldValue): void {
  const { scenario, commit } = useDocumentStore.getState();
  const fields = fieldsOf(scenario, id);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const run = useRunStore.getState();
  if (field?.live === true && isUnderWay(run)) {
    void run.act({ act: "set", target: id, parameter: name, value });
    return;
  }
  const title = `Set ${(field?.label ?? name).toLowerCase()} of ${nameOf(scenario, id)}`;
  commit(setParameter(scenario, id, name, value), title, { coalesce: `set ${id} ${name}` });
}

/** Gives an element another name. */
export function changeName(id: string, name: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  const title = `Rename ${nameOf(scenario, id)}`;
  commit(rename(scenario, id, name), title, { coalesce: `name ${id}` });
}

/** Puts another form of a connection in its place. */
export function changeConnection(connection: Connection, title: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  commit(replaceElement(scenario, connection), title, { coalesce: `${title} ${connection.id}` });
}

/** The parameters in force at a moment of the run, and where they come from. */
export function inForce(
  scenario: Scenario,
  id: string,
  atMs: number | null,
): { readonly stated: Parameters; readonly hints: Readonly<Record<string, string>> } {
  const stated: Record<string, FieldValue> = { ...statedParameters(scenario, id) };
  const hints: Record<string, string> = {};
  if (atMs === null) return { stated, hints };
  for (const entry of scenario.timeline) {
    if (entry.act !== "set" || entry.target !== id || entry.at > atMs) continue;
    stated[entry.parameter] = entry.value;
    hints[entry.parameter] = `Recorded on the timeline at ${formatDurationMs(entry.at)}.`;
  }
  return { stated, hints };
}

/** What the check of the document says about single parameters of an element. */
export function complaintsOf(
  problems: readonly Problem[],
  id: string,
): Readonly<Record<string, string>> {
  const complaints = problems.flatMap(({ element, path, message }) => {
    const name = /\/parameters\/([^/]+)$/.exec(path)?.[1];
    return element === id && name !== undefined ? [[name, message] as const] : [];
  });
  return Object.fromEntries(complaints);
}

/** Ids of the contracts that can reach a service: published into what it consumes, or called. */
export function incomingContracts(scenario: Scenario, service: string): readonly string[] {
  const sources = new Set([service]);
  // A Set walks over what is added meanwhile: consumed channels, then what feeds them by bindings.
  for (const place of sources)
    for (const { kind, from, to } of scenario.connections)
      if (to === place && (kind === "consume" || kind === "bind" || kind === "bridge"))
        sources.add(from);
  const contracts = scenario.connections.flatMap((connection) =>
    (connection.kind === "publish" || connection.kind === "call") && sources.has(connection.to)
      ? [connection.contract]
      : [],
  );
  return [...new Set(contracts)];
}
