// Any number of AsyncAPI files as one scenario. Pure: texts in, a scenario and findings out; what the official parser
// says about the same texts is asked elsewhere (officialVerdict.ts) and added by `withVerdicts`. The texts are kept in the scenario word for word.

import { createId } from "../base/ids.ts";
import { listMax, textMax } from "../model/limits.ts";
import { parseScenario } from "../model/parse.ts";
import type { Scenario, SourceText } from "../model/scenario.ts";
import { arrange } from "./arrange.ts";
import { carriedScenario } from "./carriedScenario.ts";
import { type ContractDraft, draftOf, joinContracts, type JoinedContracts } from "./contracts.ts";
import type { DocumentCounts, DocumentDescription, MessageDescription } from "./description.ts";
import { Drawing } from "./drawing.ts";
import { expandedSize, expandedValuesMax } from "./expansion.ts";
import { type Finding, Findings } from "./findings.ts";
import { readDocument, versionIn } from "./readDocument.ts";
import { partiesOf } from "./parties.ts";
import { placeKey, References } from "./references.ts";
import { channelsOf } from "./servers.ts";
import { drawTopology } from "./topology.ts";
import { clipped } from "./wording.ts";
import { type ImportFile, readWorkspace, type SourceFile, type Workspace } from "./workspace.ts";

/** A document of an import. */
export interface ImportedDocument {
  readonly file: string;
  readonly title: string;
  /** Version of AsyncAPI. */
  readonly version: string;
  readonly counts: DocumentCounts;
}

/** What has become of files. */
export interface Imported {
  /** Absent when none of the files is an AsyncAPI document that can be read. */
  readonly scenario?: Scenario;
  readonly documents: readonly ImportedDocument[];
  readonly findings: readonly Finding[];
  /** What the official parser can be asked without danger. */
  readonly questions: readonly VerdictQuestion[];
}

/** What the official parser is asked: about one document among files. */
export interface VerdictQuestion {
  readonly file: string;
  readonly files: readonly ImportFile[];
}

/** An import with what the official parser found. */
export function withVerdicts(imported: Imported, verdicts: readonly Finding[]): Imported {
  const findings = new Findings();
  for (const finding of [...imported.findings, ...verdicts]) findings.put(finding);
  return { ...imported, findings: findings.list() };
}

/** Imports files. Never throws; every problem is a finding. */
export function importAsyncapi(files: readonly ImportFile[]): Imported {
  const { documents, questions, ...understood } = understand(files);
  // What was drawn differently does not matter for a scenario that is not drawn.
  const carried = carriedScenario(documents);
  const scenario = carried.scenario ?? understood.scenario;
  const findings = carried.scenario === undefined ? understood.findings : new Findings();
  for (const finding of carried.findings) findings.put(finding);
  return {
    ...(scenario !== undefined && { scenario }),
    documents: documents.map(({ file, title, version, counts }) => ({
      file: file.name,
      title,
      version,
      counts,
    })),
    findings: findings.list(),
    questions,
  };
}

/** An import with all that it was made of. */
export interface Understanding {
  readonly documents: readonly DocumentDescription[];
  readonly workspace: Workspace;
  readonly references: References;
  readonly findings: Findings;
  readonly questions: readonly VerdictQuestion[];
  /** What each message says. */
  readonly drafts: readonly ContractDraft[];
  readonly contracts: JoinedContracts;
  readonly scenario: Scenario | undefined;
}

/** Reads and draws files; the same files give the same elements with the same ids. */
export function understand(files: readonly ImportFile[]): Understanding {
  const findings = new Findings();
  const workspace = readWorkspace(files, findings);
  const references = new References(workspace, findings);
  const documents = [...workspace.values()].flatMap((file) =>
    versionIn(file.data) === undefined ? [] : (readDocument(file, references, findings) ?? []),
  );
  reportStrangers(workspace, references, findings);
  if (documents.length === 0) reportNothing(workspace, findings);
  const parts: Parts = { documents, workspace, references, findings };
  const questions = questionsOf(documents, parts);
  const drawing = new Drawing();
  const drafts = draftsOf(parts);
  const contracts = contractsOf(parts, drafts, drawing);
  const scenario = documents.length === 0 ? undefined : scenarioFrom(parts, { drawing, contracts });
  return { ...parts, questions, drafts, contracts, scenario };
}

function questionsOf(
  documents: readonly DocumentDescription[],
  { workspace, references, findings }: Omit<Parts, "documents">,
): readonly VerdictQuestion[] {
  const files = [...workspace.values()]
    .filter(({ data }) => data !== undefined)
    .map(({ name, text }) => ({ name, text }));
  return documents.flatMap(({ file }) => {
    const root = { file, path: [], value: file.data };
    if (expandedSize(references, root) <= expandedValuesMax) return [{ file: file.name, files }];
    const message = `With its references written out, ${file.name} is too large for the official parser, which was not asked. Its references lead to each other more often than they need to.`;
    findings.add("warning", "import/too-many-references", root, message);
    return [];
  });
}

interface Parts {
  readonly documents: readonly DocumentDescription[];
  readonly workspace: Workspace;
  readonly references: References;
  readonly findings: Findings;
}

function scenarioFrom(
  parts: Parts,
  { drawing, contracts }: { readonly drawing: Drawing; readonly contracts: JoinedContracts },
): Scenario | undefined {
  const { documents, findings } = parts;
  const drawn = drawTopology({ ...parts, drawing, contracts });
  const title = titleOf(documents);
  const known = new Set(contracts.contracts.slice(0, listMax.contracts).map(({ id }) => id));
  const unplaced: Scenario = {
    format: "spillway",
    version: 1,
    id: createId(title, () => false),
    title,
    ...descriptionOf(documents),
    ...partiesOf(documents),
    seed: 1,
    load: { duration: 60_000 },
    ...drawn,
    connections: drawn.connections.filter((one) => !("contract" in one) || known.has(one.contract)),
    contracts: contracts.contracts.slice(0, listMax.contracts),
    timeline: [],
    objectives: [],
    sources: sourcesOf(parts.workspace),
    layout: {},
  };
  const parsed = parseScenario({ ...unplaced, layout: arrange(unplaced) });
  if (parsed.ok) return parsed.value;
  // The drawing is made to fit; where it does not, that is said instead of a document that cannot be opened.
  const [first] = documents;
  for (const { message } of parsed.failure.slice(0, 5))
    if (first !== undefined)
      findings.add(
        "error",
        "import/not-drawn",
        { file: first.file, path: [] },
        `The files cannot be drawn: ${message}`,
      );
  return undefined;
}

function draftsOf({ documents, references, findings }: Parts): readonly ContractDraft[] {
  return documents.flatMap((document) =>
    [...document.messages, ...unnamed(document)].map((message) =>
      draftOf(document, message, { references, findings }),
    ),
  );
}

function contractsOf(
  { documents, findings }: Parts,
  drafts: readonly ContractDraft[],
  drawing: Drawing,
): JoinedContracts {
  const published = new Set(
    documents.flatMap(({ operations }) =>
      operations
        .filter(({ action }) => action === "send")
        .flatMap(({ messages }) => messages.map(({ spot }) => placeKey(spot))),
    ),
  );
  return joinContracts(drafts, { freshId: (wish) => drawing.freshId(wish), published, findings });
}

/** Something passes through channels whose messages are not described, too. */
function unnamed(document: DocumentDescription): readonly MessageDescription[] {
  const silent = channelsOf(document).filter((channel) =>
    document.operations.some(
      ({ channel: own, messages, reply }) =>
        (own === channel && messages.length === 0) ||
        (reply?.channel === channel && reply.messages.length === 0),
    ),
  );
  return silent.map((channel) => ({
    key: channel.key,
    spot: channel.spot,
    name: channel.title ?? channel.address ?? channel.key,
    title: undefined,
    description: undefined,
    contentType: undefined,
    schemaFormat: undefined,
    payload: undefined,
    headers: [],
    examples: [],
    tags: [],
    bindings: new Map(),
  }));
}

function titleOf(documents: readonly DocumentDescription[]): string {
  const [first, second, ...others] = documents.map(({ title }) => clipped(title, 60));
  if (second === undefined) return clipped(documents[0]?.title ?? "", textMax.title);
  const rest = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${first ?? ""}, ${second}${rest}`;
}

function descriptionOf(documents: readonly DocumentDescription[]): {
  readonly description?: string;
} {
  const description = documents.length === 1 ? documents[0]?.description : undefined;
  return description === undefined
    ? {}
    : { description: clipped(description, textMax.description) };
}

function sourcesOf(workspace: Workspace): readonly SourceText[] {
  return [...workspace.values()]
    .filter(({ text }) => text !== "")
    .map(({ id, name, text }) => ({ id, name, text }));
}

function reportStrangers(workspace: Workspace, references: References, findings: Findings): void {
  for (const file of workspace.values()) {
    if (file.data === undefined || references.used.has(file.name)) continue;
    if (versionIn(file.data) !== undefined) continue;
    const message = `${file.name} is no AsyncAPI document, and none refers to it. It is kept with the others.`;
    findings.add("info", "import/not-asyncapi", { file, path: [] }, message);
  }
}

function reportNothing(workspace: Workspace, findings: Findings): void {
  const file: SourceFile | undefined = workspace.values().next().value;
  if (file === undefined) return;
  const message = `None of the files is an AsyncAPI document of version 2 or 3. Such a document begins with “asyncapi: 3.0.0”.`;
  findings.add("error", "import/nothing", { file, path: [] }, message);
}
