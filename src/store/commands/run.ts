// What a person does to the run: play, step, restart, and breaking things on purpose.

import { standsAlone } from "../../model/faults.ts";
import { elementOf } from "../../model/elements.ts";
import type { LiveFault } from "../../model/result.ts";
import { useDocumentStore } from "../documentStore.ts";
import { latestLiveRun } from "../liveRun.ts";
import { useRunStore } from "../runStore.ts";
import { slowFactor } from "../slowFactor.ts";
import { stretchNs } from "../stretch.ts";
import { useSessionStore } from "../sessionStore.ts";
import { tools } from "../tools.ts";
import type { Command } from "./command.ts";

/** What is selected and can crash; of brokers their first node. */
function breakable(): readonly LiveFault[] {
  const { scenario } = useDocumentStore.getState();
  return useSessionStore.getState().selection.flatMap((id): readonly LiveFault[] => {
    const element = elementOf(scenario, id);
    const kind = element?.type === "contract" ? undefined : element?.value.kind;
    if (kind !== undefined && standsAlone(kind)) return [{ act: "crash", target: id }];
    return kind === "broker" ? [{ act: "crash", target: id, member: 0 }] : [];
  });
}

async function actOnSelection(act: "crash" | "restart"): Promise<void> {
  for (const target of breakable()) {
    // One after the other, so that they stand on the timeline in this order.
    await useRunStore.getState().act({ ...target, act });
  }
}

/** Does something to the first node of every selected broker. */
async function befall(fault: { readonly act: "isolate" | "reconnect" } | SlowDown): Promise<void> {
  for (const { target, act, ...place } of breakable())
    if (act === "crash" && "member" in place)
      await useRunStore.getState().act({ ...fault, ...place, target });
}

type SlowDown = { readonly act: "slow"; readonly factor: number };

/** Goes back or further by so many stretches. */
async function seekBy(stretches: number): Promise<void> {
  const { durationNs, seek } = useRunStore.getState();
  await seek((latestLiveRun()?.frame.timeNs ?? 0) + stretches * stretchNs(durationNs));
}

const isLoaded = (): boolean => latestLiveRun() !== null;

const canBreak = (): boolean => breakable().length > 0;

const canCutOff = (): boolean => breakable().some((fault) => fault.member !== undefined);

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
  {
    id: "run/redrive",
    title: "Redrive dead letters",
    group: "Run",
    shortcuts: [],
    isEnabled: () => tools.redriving.now()?.canRedrive() === true,
    run: () => void tools.redriving.use(({ redriveSelected }) => redriveSelected()),
  },
  {
    id: "run/cut-off",
    title: "Cut off the first node of a broker",
    group: "Run",
    shortcuts: [],
    icon: "cut-off",
    isEnabled: canCutOff,
    run: async () => befall({ act: "isolate" }),
  },
  {
    id: "run/reconnect",
    title: "Reconnect the first node of a broker",
    group: "Run",
    shortcuts: [],
    isEnabled: canCutOff,
    run: async () => befall({ act: "reconnect" }),
  },
  {
    id: "run/slow-down",
    title: "Slow down the first node of a broker",
    group: "Run",
    shortcuts: [],
    icon: "slow",
    isEnabled: canCutOff,
    run: async () => befall({ act: "slow", factor: slowFactor }),
  },
  {
    id: "run/speed-up",
    title: "Let the first node of a broker be as fast as before",
    group: "Run",
    shortcuts: [],
    isEnabled: canCutOff,
    run: async () => befall({ act: "slow", factor: 1 }),
  },
  {
    id: "run/trace-slowest",
    title: "Trace the slowest message",
    group: "Run",
    shortcuts: [],
    isEnabled: isLoaded,
    run: () => useSessionStore.getState().trace("slowest"),
  },
  {
    id: "run/trace-dead-letter",
    title: "Trace the last dead letter",
    group: "Run",
    shortcuts: [],
    isEnabled: isLoaded,
    run: () => useSessionStore.getState().trace("dead letters"),
  },
  {
    id: "run/log",
    title: "Event log",
    group: "Run",
    shortcuts: [],
    run: () => useSessionStore.getState().showTab("log"),
  },
  {
    id: "run/twin",
    title: "Compare with the synchronous twin …",
    group: "Run",
    shortcuts: ["Shift+T"],
    icon: "copy",
    isEnabled: () => useDocumentStore.getState().scenario.channels.length > 0,
    run: () => useSessionStore.getState().open({ dialog: "twin" }),
  },
];
