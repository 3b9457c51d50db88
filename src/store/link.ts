// From a drawn line to a connection: at once where there is nothing to decide, else through the dialog.

import { nameOf } from "../model/elements.ts";
import { useDocumentStore } from "./documentStore.ts";
import { applyLink, type LinkChoice, mayConnect, proposeLink } from "./linking.ts";
import { useSessionStore } from "./sessionStore.ts";

/** Begins to connect two elements; a refusal is told with its reason. */
export function startLink(from: string, to: string): void {
  const { scenario } = useDocumentStore.getState();
  const session = useSessionStore.getState();
  const verdict = mayConnect(scenario, from, to);
  if (!verdict.allowed) {
    session.notify("info", verdict.reason);
    return;
  }
  const proposal = proposeLink(scenario, from, to);
  if (proposal === undefined) return;
  const { contract, channel } = proposal.choice;
  if (contract === undefined && channel === undefined) finishLink(proposal.choice);
  else session.open({ dialog: "link", from, to });
}

/** Makes the connection that a person has decided on, and selects it. */
export function finishLink(choice: LinkChoice): void {
  const { scenario, commit } = useDocumentStore.getState();
  const session = useSessionStore.getState();
  const made = applyLink(scenario, choice);
  const title = `Connect ${nameOf(scenario, choice.from)} to ${nameOf(scenario, choice.to)}`;
  commit(made.scenario, title);
  // Who connects by keyboard goes on from the same place; who drew a line looks at the line.
  const isFromSelection = session.selection.includes(choice.from);
  const selection = isFromSelection ? session.selection : [made.connection];
  session.set({ selection, dialog: null, announcement: `${title}: done.` });
}
