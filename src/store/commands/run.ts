// What a person does to the run: play, step, restart, and breaking things on purpose.

import { nodeOf } from "../../model/elements.ts";
import type { LiveAct } from "../../model/result.ts";
import { useDocumentStore } from "../documentStore.ts";
import { latestLiveRun } from "../liveRun.ts";
import { useRunStore } from "../runStore.ts";
import { stretchNs } from "../stretch.ts";
import { useSessionStore } from "../sessionStore.ts";
import type { Command } from "./command.ts";

/** Selected nodes that can crash: services, and brokers (their first node). */
function breakable(): readonly LiveAct[] {
  const { scenario } = useDocumentStore.getState();
  return useSessionStore.getState().selection.flatMap((id): readonly LiveAct[] => {
    const node = nodeOf(scenario, id);
    if (node?.kind === "service") return [{ act: "crash", target: id }];
    if (node?.kind === "broker") return [{ act: "crash", target: id, member: 0 }];
    return [];
  });
}

async function actOnSelection(act: "crash" | "restart"): Promise<void> {
  for (const target of breakable()) {
    // One after the other, so that they stand on the timeline in this order.
    await useRunStore.getState().act({ ...target, act });
  }
}

/** Goes back or further by so many stretches. */
async function seekBy(stretches: number): Promise<void> {
  const { durationNs, seek } = useRunStore.getState();
  await seek((latestLiveRun()?.frame.timeNs ?? 0) + stretches * stretchNs(durationNs));
}

const isLoaded = (): boolean => latestLiveRun() !== null;

const canBreak = (): boolean => breakable().length > 0;

/** Commands on the run. */
export const runCommands: readonly Command[] = [
  {
    id: "run/toggle",
    title: "Run or pause",
    group: "Run",
    shortcuts: ["Space"],
    run: async () => useRunStore.getState().toggle(),
  },
  {
    id: "run/step",
    title: "One event further",
    group: "Run",
    shortcuts: ["."],
    run: async () => useRunStore.getState().step(),
  },
  {
    id: "run/step-back",
    title: "One event back",
    group: "Run",
    shortcuts: [","],
    run: async () => useRunStore.getState().stepBack(),
  },
  {
    id: "run/forward",
    title: "A stretch of time further",
    group: "Run",
    shortcuts: [">"],
    isEnabled: isLoaded,
    run: async () => seekBy(1),
  },
  {
    id: "run/back",
    title: "A stretch of time back",
    group: "Run",
    shortcuts: ["<"],
    isEnabled: isLoaded,
    run: async () => seekBy(-1),
  },
  {
    id: "run/restart",
    title: "Back to the beginning",
    group: "Run",
    shortcuts: ["Shift+R"],
    icon: "reset",
    run: async () => useRunStore.getState().restart(),
  },
  {
    id: "run/crash",
    title: "Crash what is selected",
    group: "Run",
    shortcuts: ["k"],
    icon: "unplug",
    isEnabled: canBreak,
    run: async () => actOnSelection("crash"),
  },
  {
    id: "run/revive",
    title: "Restart what has crashed",
    group: "Run",
    shortcuts: ["r"],
    isEnabled: canBreak,
    run: async () => actOnSelection("restart"),
  },
];
