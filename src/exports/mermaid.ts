// The topology as Mermaid text: a flowchart of who talks to whom, or a sequence diagram for each event that a producer
// sends. Every identifier begins with the kind of its element, so that none is a word of Mermaid's own.

import { bridgeStyles } from "../nodes/bridgeStyles.ts";
import { nameOf } from "../model/elements.ts";
import { planOf } from "../contracts/routes.ts";
import type { Connection, Node, Scenario } from "../model/scenario.ts";
import { createNamer } from "./names.ts";
import { pathsOf, type Step } from "./paths.ts";
import type { Choice, ExportFile, WayOut } from "./wayOut.ts";

const diagram: Choice = {
  id: "diagram",
  label: "Diagram",
  help: "Everything at once, or what follows from each event that a producer sends.",
  options: [
    { value: "flowchart", label: "Flowchart" },
    { value: "sequence", label: "Sequences" },
  ],
};

/** Mermaid diagrams. */
export const mermaid: WayOut = {
  id: "mermaid",
  label: "Mermaid",
  description: "Diagrams as text, for Markdown files, wikis and mermaid.live.",
  group: "Pictures",
  choices: [diagram],
  make: (scenario, { chosen }) => {
    if (scenario.nodes.length === 0)
      return { files: [], remarks: ["There is nothing to draw yet."] };
    if (chosen(diagram) === "flowchart")
      return {
        files: [{ name: `${scenario.id}.mmd`, text: flowchartOf(scenario) }],
        remarks: [],
      };
    const files = sequenceFiles(scenario);
    const none = "No producer sends an event, so there is no sequence to draw.";
    return { files, remarks: files.length === 0 ? [none] : [] };
  },
};

/** A flowchart of the whole topology. */
export function flowchartOf(scenario: Scenario): string {
  const ids = identifiersOf(scenario);
  const lines = scenario.nodes.flatMap((node) => nodeLines(scenario, node, ids));
  const links = scenario.connections.flatMap((one) => linkLine(scenario, one, ids));
  return ["flowchart LR", ...lines, ...links, ""].join("\n");
}

type Identifiers = ReadonlyMap<string, string>;

function identifiersOf(scenario: Scenario): Identifiers {
  const name = createNamer((wish) => wish.replace(/[^A-Za-z0-9]+/gu, "_"), { join: "_" });
  return new Map([
    ...scenario.nodes.map(({ id, kind }) => [id, name(`${kind}_${id}`)] as const),
    ...scenario.channels.map(({ id, kind }) => [id, name(`${kind}_${id}`)] as const),
  ]);
}

/** A text in quotation marks; Mermaid reads entities in them and nothing else. */
function quoted(text: string): string {
  const marks: Readonly<Record<string, string>> = {
    "#": "#35;",
    '"': "#quot;",
    "<": "#lt;",
    ">": "#gt;",
    "&": "#amp;",
    "`": "#96;",
    "\\": "#92;",
    ";": "#59;",
  };
  const oneLine = text.replace(/\s+/gu, " ").trim();
  return `"${oneLine.replace(/[#"<>&`\\;]/gu, (mark) => marks[mark] ?? mark) || " "}"`;
}

function nodeLines(scenario: Scenario, node: Node, ids: Identifiers): readonly string[] {
  const id = ids.get(node.id) ?? "";
  const name = quoted(nameOf(scenario, node.id));
  switch (node.kind) {
    case "producer":
      return [`  ${id}([${name}])`];
    case "service":
      return [`  ${id}[${name}]`];
    case "function":
      return [`  ${id}[/${name}/]`];
    case "processor":
      return [`  ${id}[[${name}]]`];
    case "gateway":
      return [`  ${id}[[${name}]]`];
    case "external":
      return [`  ${id}{{${name}}}`];
    case "store":
      return [`  ${id}[(${name})]`];
    default:
      return [
        `  subgraph ${id}[${name}]`,
        "    direction LR",
        ...scenario.channels
          .filter(({ broker }) => broker === node.id)
          .map((channel) => {
            const inside = quoted(nameOf(scenario, channel.id));
            return `    ${ids.get(channel.id) ?? ""}[/${inside}/]`;
          }),
        "  end",
      ];
  }
}

function linkLine(scenario: Scenario, one: Connection, ids: Identifiers): readonly string[] {
  const [from, to] = [ids.get(one.from), ids.get(one.to)];
  if (from === undefined || to === undefined) return [];
  const isDotted = one.kind === "call" || one.kind === "read" || one.kind === "write";
  const arrow = isDotted ? "-.->" : one.kind === "bridge" ? "==>" : "-->";
  const label = labelOf(scenario, one);
  return [`  ${from} ${arrow}${label === "" ? "" : `|${quoted(label)}|`} ${to}`];
}

function labelOf(scenario: Scenario, one: Connection): string {
  switch (one.kind) {
    case "publish":
    case "call":
      return nameOf(scenario, one.contract);
    case "bind": {
      const key = one.parameters?.["routing_key"];
      return typeof key === "string" ? key : "";
    }
    case "bridge":
      return one.as === undefined ? "bridge" : bridgeStyles[one.as].label;
    case "read":
      return "reads";
    case "write":
      return "writes";
    default:
      return "";
  }
}

function sequenceFiles(scenario: Scenario): readonly ExportFile[] {
  const name = createNamer((wish) => wish);
  return pathsOf(planOf(scenario)).map(({ contract, steps }) => ({
    name: `${name(`${scenario.id}.${contract.id}`)}.mmd`,
    text: sequenceOf(scenario, steps),
  }));
}

/** A sequence diagram of steps. */
function sequenceOf(scenario: Scenario, steps: readonly Step[]): string {
  const ids = identifiersOf(scenario);
  const taking = [...new Set(steps.flatMap(({ from, to }) => [from, to]))];
  const id = (element: string) => ids.get(element) ?? "";
  const participants = taking.map(
    (element) => `  participant ${id(element)} as ${spoken(nameOf(scenario, element))}`,
  );
  const messages = steps.map(
    ({ from, to, kind, text }) =>
      `  ${id(from)}${kind === "answer" ? "-->>" : kind === "call" || kind === "read" ? "->>" : "-)"}${id(to)}: ${spoken(text)}`,
  );
  return ["sequenceDiagram", ...participants, ...messages, ""].join("\n");
}

/** A text to the end of a line of a sequence diagram, which has no quotation marks. */
function spoken(text: string): string {
  const marked = quoted(text).slice(1, -1);
  return marked.trim() === "" ? "(unnamed)" : marked;
}
