// Copy, cut, paste, duplicate. What travels is a piece of a document as text, a document of its own.

import type { Problem } from "../base/problem.ts";
import type { Result } from "../base/result.ts";
import { copyElements, type Fragment, pasteFragment } from "../model/fragment.ts";
import { nodeOf } from "../model/elements.ts";
import type { Scenario } from "../model/scenario.ts";
import { readClipboard, writeClipboard } from "./clipboard.ts";
import { blankScenario, useDocumentStore } from "./documentStore.ts";
import { deleteElements } from "./editing.ts";
import { printScenario, readScenario } from "./scenarioText.ts";
import { useSessionStore } from "./sessionStore.ts";

const shift = { x: 32, y: 32 };
/** What was copied last in this tab, with its text: a piece without its broker is no document to be parsed. */
let copied: { readonly text: string; readonly fragment: Fragment } | undefined;
/** Pasting the same thing again moves further. */
let pastes = 0;

function selection(): readonly string[] {
  return useSessionStore.getState().selection;
}

/** Copies what is selected. */
export async function copy(): Promise<void> {
  const { scenario } = useDocumentStore.getState();
  const fragment = copyElements(scenario, selection());
  const text = await printScenario({
    ...blankScenario,
    title: "Copied from Spillway",
    ...fragment,
  });
  copied = { text, fragment };
  pastes = 0;
  const where = await writeClipboard(text, systemClipboard());
  const count = fragment.nodes.length + fragment.channels.length;
  const note = where === "memory" ? " The browser keeps it for this tab only." : "";
  useSessionStore.getState().announce(`${count} copied.${note}`);
}

/** Pastes a piece of a document; the same one again further off. */
export async function paste(): Promise<void> {
  const text = await readClipboard(systemClipboard());
  const { notify } = useSessionStore.getState();
  if (text === "") {
    notify("info", "There is nothing to paste yet: select something and copy it first.");
    return;
  }
  const own = copied?.text === text ? copied.fragment : undefined;
  const parsed: Result<Fragment, readonly Problem[]> =
    own === undefined ? await readScenario(text) : { ok: true, value: own };
  if (parsed.ok) insert(parsed.value, "Paste", ++pastes);
  else
    notify(
      "failure",
      "The clipboard holds no part of a Spillway drawing; copy one and paste again.",
    );
}

/** Copies what is selected and takes it away. */
export async function cut(): Promise<void> {
  const ids = selection();
  await copy();
  deleteElements(ids);
}

/** Copies what is selected beside itself, past the clipboard. */
export function duplicate(): void {
  const { scenario } = useDocumentStore.getState();
  insert(copyElements(scenario, selection()), "Duplicate", 1);
}

function insert(fragment: Fragment, title: string, times: number): void {
  const { scenario, commit } = useDocumentStore.getState();
  const pasted = pasteFragment(scenario, fragment, { x: shift.x * times, y: shift.y * times });
  commit(pasted.scenario, title);
  const session = useSessionStore.getState();
  session.select(selectable(pasted.scenario, pasted.ids));
  session.announce(`${pasted.ids.length} pasted.`);
}

/** The nodes of what was pasted; channels only where nothing else was. */
function selectable(scenario: Scenario, ids: readonly string[]): readonly string[] {
  const nodes = ids.filter((id) => nodeOf(scenario, id) !== undefined);
  return nodes.length > 0 ? nodes : ids;
}

function systemClipboard(): Clipboard | undefined {
  // Absent where the page is not served over https.
  return (navigator as Partial<Navigator>).clipboard;
}
