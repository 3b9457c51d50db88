// Bringing dead letters back from what is selected, while the scenario runs.

import { deadLetterChannels, redriveProblem } from "../model/redrives.ts";
import type { LiveRedrive } from "../model/result.ts";
import { useDocumentStore } from "./documentStore.ts";
import { useRunStore } from "./runStore.ts";
import { useSessionStore } from "./sessionStore.ts";

/** How fast dead letters go back that are redriven by a command [1/s]; in the inspector one can choose. */
const redriveRate = 20;

/** Whether dead letters of what is selected can go back to where they came from. */
export function canRedrive(): boolean {
  return redrivable().length > 0;
}

/** Redrives the selected channels, one after the other, so that they stand on the timeline in this order. */
export async function redriveSelected(): Promise<void> {
  for (const act of redrivable()) await useRunStore.getState().act(act);
}

function redrivable(): readonly LiveRedrive[] {
  const { scenario } = useDocumentStore.getState();
  const { selection } = useSessionStore.getState();
  return deadLetterChannels(scenario)
    .filter(({ id }) => selection.includes(id))
    .map(({ id }) => ({ act: "redrive", target: id, rate: redriveRate }) as const)
    .filter((act) => redriveProblem(scenario, act) === undefined);
}
