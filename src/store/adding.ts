// Adding nodes: by palette, by key, by drop. A new node lands beside the selected one and becomes the selection.

import { addNode } from "../model/edit.ts";
import { isPlainKind, kindLabel, nodeOf } from "../model/elements.ts";
import { freshId } from "../model/freshId.ts";
import type { Node, Position, Scenario } from "../model/scenario.ts";
import { canvas } from "./canvasPort.ts";
import { cardMeasures, cardSizeOf, freePlace } from "../drawing/cardSize.ts";
import { useDocumentStore } from "./documentStore.ts";
import { startLink } from "./link.ts";
import { useSessionStore } from "./sessionStore.ts";

/** Adds a node of a kind, at a place or where there is room; `from`: and then a connection to it from this element. */
export function startAdding(kind: string, at?: Position, from?: string): void {
  if (kind === "broker") {
    useSessionStore.getState().open({
      dialog: "technology",
      ...(at !== undefined && { at }),
      ...(from !== undefined && { from }),
    });
  } else if (isPlainKind(kind)) {
    insert((scenario) => ({ ...named(scenario, kindLabel(kind)), kind }), at, from);
  }
}

/** Where a new node goes, and what is connected to it then. */
export interface Growth {
  readonly at?: Position | undefined;
  readonly from?: string | undefined;
}

/** Adds a broker of a technology. */
export function addBroker(
  technology: Extract<Node, { kind: "broker" }>["technology"],
  label: string,
  { at, from }: Growth = {},
): void {
  insert((scenario) => ({ ...named(scenario, label), kind: "broker", technology }), at, from);
}

function named(scenario: Scenario, label: string): { readonly id: string; readonly name: string } {
  const id = freshId(scenario, label);
  const number = /-(\d+)$/.exec(id)?.[1];
  return { id, name: number === undefined ? label : `${label} ${number}` };
}

function insert(
  create: (scenario: Scenario) => Node,
  at: Position | undefined,
  from: string | undefined,
): void {
  const { scenario, commit } = useDocumentStore.getState();
  const session = useSessionStore.getState();
  const node = create(scenario);
  const size = cardSizeOf({ ...scenario, nodes: [...scenario.nodes, node] }, node);
  const [only, ...others] = session.selection;
  const after = only === undefined || others.length > 0 ? undefined : nodeOf(scenario, only);
  const middle = canvas().middle();
  // The first card leaves room to its right for what comes next.
  const shift = scenario.nodes.length === 0 ? cardMeasures.plain.width * 1.25 : 0;
  const place =
    at === undefined
      ? freePlace(scenario, size, {
          middle: { x: middle.x - shift, y: middle.y },
          kind: node.kind,
          after,
        })
      : { x: at.x - size.width / 2, y: at.y - size.height / 2 };
  commit(addNode(scenario, node, place), `Add ${node.name ?? node.id}`);
  session.select([node.id]);
  session.announce(`${node.name ?? node.id} added.`);
  if (at === undefined) canvas().reveal(node.id);
  if (from !== undefined) startLink(from, node.id);
}
