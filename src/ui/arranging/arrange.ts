// Automatic layout: ELK in a worker of its own, loaded when it is first asked for. It is given ten seconds; what it finds
// is one step of the history.

import ELK, { type ELK as Elk, type ElkNode } from "elkjs/lib/elk-api.js";
import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import { moveTo } from "../../store/editing.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { type FlowDirection, layoutGraph, placesOf } from "./layoutGraph.ts";

/** The longest that one waits for a layout [ms]. */
const patienceMs = 10_000;

let elk: Elk | undefined;

/** Arranges some nodes of the drawing; what is not among them stays. */
export async function arrange(direction: FlowDirection, ids: readonly string[]): Promise<void> {
  const { scenario } = useDocumentStore.getState();
  const session = useSessionStore.getState();
  const arranged = await layOut(layoutGraph(scenario, ids, direction));
  if (arranged === undefined)
    return session.notify(
      "failure",
      "The drawing is too large to be arranged at once. Select a part of it and arrange that.",
    );
  if (useDocumentStore.getState().scenario !== scenario)
    return session.notify("info", "The drawing has changed meanwhile, so it was not arranged.");
  moveTo(placesOf(arranged, scenario.layout));
  session.announce(`${ids.length} nodes arranged.`);
}

/** What ELK finds; undefined when it takes too long or gives up, and its worker is ended then. */
async function layOut(graph: ElkNode): Promise<ElkNode | undefined> {
  elk ??= new ELK({ workerUrl });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    return await Promise.race([elk.layout(graph), tooLong]).then((found) => found ?? giveUp());
  } catch {
    return giveUp();
  } finally {
    clearTimeout(timer);
  }
}

function giveUp(): undefined {
  elk?.terminateWorker();
  elk = undefined;
}
