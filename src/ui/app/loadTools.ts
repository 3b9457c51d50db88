// What a person needs as soon as they touch the page, and nobody sees before. Loaded with the first touch, so that it is
// there when it is asked for; whatever asks earlier loads it itself.

import { selectionInspector } from "../inspector/lateInspector.ts";
import { tools } from "../../store/tools.ts";

let loading: Promise<void> | undefined;
let areLoaded = false;

/** Whether they are there. */
export function areToolsLoaded(): boolean {
  return areLoaded;
}

/** Loads the tools, once. What cannot be loaded is asked for again when it is needed. */
export async function loadTools(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  await Promise.allSettled([
    ...Object.values(tools).map(async (tool) => tool.load()),
    import("../../model/parse.ts"),
    selectionInspector.load(),
    import("../dialogs/Dialogs.tsx"),
    import("../canvas/LiveLayer.tsx"),
    import("../importing/pageDrops.ts").then(({ listenForDrops }) => listenForDrops(window)),
  ]);
  areLoaded = true;
}
