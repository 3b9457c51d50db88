// Imported files on their way out again: word for word where nothing was changed, and otherwise different only where
// somebody has changed something. What was drawn is compared with what the same texts are drawn as.

import { contactLens, licenceLens } from "../contracts/contact.ts";
import { isEqual, isObject } from "../model/equal.ts";
import { versionOf } from "../model/contracts.ts";
import type { Contract, Origin, Scenario, SecurityScheme } from "../model/scenario.ts";
import type { ContractDraft } from "./contracts.ts";
import type { DocumentDescription } from "./description.ts";
import {
  applicationEdits,
  brokerEdits,
  channelEdits,
  changesOf,
  isInBindings,
  operationEdits,
  textEdit,
} from "./elementEdits.ts";
import { pointerOf } from "./findings.ts";
import { type Understanding, understand } from "./importAsyncapi.ts";
import { placeKey, type Spot } from "./references.ts";
import { type FileEdit, schemaEdits } from "./schemaEdits.ts";
import { channelsOf } from "./servers.ts";
import { editText, type TextEdit } from "./textEdits.ts";
import type { ImportFile } from "./workspace.ts";

/** Files as they were imported, with the changes since then. */
export interface ImportedFiles {
  readonly files: readonly ImportFile[];
  /** What of the drawing is not in them: sentences. */
  readonly remarks: readonly string[];
}

/** The files from which a scenario was imported, with its changes. */
export function exportImported(scenario: Scenario): ImportedFiles {
  const sources = scenario.sources ?? [];
  if (sources.length === 0)
    return { files: [], remarks: ["Nothing was imported into this document."] };
  const before = understand(sources.map(({ name, text }) => ({ name, text })));
  if (before.scenario === undefined)
    return { files: sources.map(({ name, text }) => ({ name, text })), remarks: [] };
  const comparison = new Comparison(before, before.scenario, scenario);
  const edits = comparison.edits();
  const files = sources.map(({ id, name, text }) => {
    const own = edits.filter(({ file }) => file.id === id).map(({ edit }) => edit);
    return { name, text: own.length === 0 ? text : editText(text, different(own)) };
  });
  return { files, remarks: comparison.remarks() };
}

/** Several contracts may share a definition: what is said twice is done once. */
function different(edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values()];
}

class Comparison {
  private readonly was: Understanding;
  private readonly before: Scenario;
  private readonly after: Scenario;
  private readonly unsaid = new Set<string>();

  constructor(was: Understanding, before: Scenario, after: Scenario) {
    this.was = was;
    this.before = before;
    this.after = after;
  }

  edits(): readonly FileEdit[] {
    return [
      ...this.infoEdits(),
      ...this.was.drafts.flatMap((draft) => this.contractEdits(draft)),
      ...this.was.documents.flatMap((document) => this.operationEdits(document)),
      ...this.was.documents.flatMap((document) => this.nodeEdits(document)),
      ...this.was.documents.flatMap((document) => this.channelEdits(document)),
    ];
  }

  remarks(): readonly string[] {
    this.noteStrangers();
    this.noteParameters();
    this.noteSecurity();
    return [...this.unsaid];
  }

  /** Contact and licence are those of all documents. */
  private infoEdits(): readonly FileEdit[] {
    const { before, after } = this;
    const contact = contactLens.write(after.contact);
    const licence = licenceLens.write(after.licence);
    return this.was.documents.flatMap(({ file }) => [
      ...(isEqual(before.contact, after.contact) ? [] : [infoEdit(file, "contact", contact)]),
      ...(isEqual(before.licence, after.licence) ? [] : [infoEdit(file, "license", licence)]),
    ]);
  }

  private nodeEdits(document: DocumentDescription): readonly FileEdit[] {
    const application = this.pairAt("nodes", { file: document.file, path: [] });
    const isVersion2 = document.version.startsWith("2");
    const brokers = document.servers.flatMap((server) => {
      const broker = this.pairAt("nodes", server.spot);
      if (broker === undefined) return [];
      if (isVersion2 && broker.before.name !== broker.after.name)
        this.unsaid.add(
          `${broker.after.name ?? broker.after.id} has a new name; servers have none in AsyncAPI 2.`,
        );
      return brokerEdits(broker, server, isVersion2);
    });
    return [
      ...(application === undefined ? [] : applicationEdits(application, document)),
      ...brokers,
    ];
  }

  private channelEdits(document: DocumentDescription): readonly FileEdit[] {
    const { references } = this.was;
    return channelsOf(document).flatMap((channel) => {
      const pair = this.pairAt("channels", channel.spot);
      return pair === undefined ? [] : channelEdits(pair, channel, { document, references });
    });
  }

  private operationEdits(document: DocumentDescription): readonly FileEdit[] {
    return document.operations.flatMap((operation): readonly FileEdit[] => {
      const stood = this.before.connections.filter((one) => isFrom(one.origins, operation.spot));
      const stands = this.after.connections.filter((one) => isFrom(one.origins, operation.spot));
      if (stood.length > 0 && stands.length === 0)
        return [{ file: operation.spot.file, edit: { do: "remove", path: operation.spot.path } }];
      if (stands.length < stood.length)
        this.unsaid.add(
          `${operation.key} in ${document.file.name} still names a message that it does not have any more.`,
        );
      return stood.flatMap((before) => {
        const after = stands.find(({ id }) => id === before.id);
        return after === undefined ? [] : operationEdits({ before, after }, operation);
      });
    });
  }

  private contractEdits(draft: ContractDraft): readonly FileEdit[] {
    const known = this.was.contracts.byPlace.get(placeKey(draft.message.spot));
    const before = this.before.contracts.find(({ id }) => id === known?.id);
    const after = this.after.contracts.find(({ id }) => id === known?.id);
    if (before === undefined || after === undefined) return [];
    const { spot } = draft.message;
    const isPlaceholder =
      draft.message.payload === undefined && isEqual(before.schema, after.schema);
    if (isPlaceholder && this.isUnnamed(draft)) return [];
    return [
      ...(before.name === after.name ? [] : [textEdit(spot, "name", after.name)]),
      ...(before.description === after.description
        ? []
        : [textEdit(spot, "description", after.description)]),
      ...this.versionEdits(draft, before, after),
    ];
  }

  /** A channel without messages has a contract, but no message in the text. */
  private isUnnamed({ message, document }: ContractDraft): boolean {
    return !document.messages.includes(message);
  }

  private versionEdits(
    draft: ContractDraft,
    before: Contract,
    after: Contract,
  ): readonly FileEdit[] {
    const place = placeKey(draft.message.spot);
    const was = this.was.contracts.byPlace.get(place)?.version ?? before.contractVersion;
    const spoken = this.spokenIn(draft.document, after) ?? was;
    const version = versionOf(after, spoken) ?? after;
    const stood = versionOf(before, was) ?? before;
    return [
      ...this.partEdits(draft, "payload", version.schema),
      ...this.partEdits(draft, "headers", version.headers),
      ...(isEqual(stood.examples ?? [], version.examples ?? [])
        ? []
        : [
            {
              file: draft.message.spot.file,
              edit: {
                do: "set",
                path: [...draft.message.spot.path, "examples"],
                value: version.examples ?? [],
              } as const,
            },
          ]),
    ];
  }

  /** The version that the application of a document speaks now; undefined: nobody there speaks of the contract. */
  private spokenIn({ file }: DocumentDescription, contract: Contract): string | undefined {
    for (const one of this.after.connections) {
      if (!(one.origins ?? []).some(({ source }) => source === file.id)) continue;
      if ("contract" in one && one.contract === contract.id)
        return one.contractVersion ?? contract.contractVersion;
      if (one.kind === "consume" && this.consumesOf(one.id, contract.id))
        return one.reads?.[contract.id] ?? contract.contractVersion;
    }
    return undefined;
  }

  /** Whether a consume connection had to do with a contract when it was imported. */
  private consumesOf(connection: string, contract: string): boolean {
    const before = this.before.connections.find(({ id }) => id === connection);
    return this.was.documents.some(({ operations }) =>
      operations.some(
        ({ spot, messages }) =>
          isFrom(before?.origins, spot) &&
          messages.some(
            (message) => this.was.contracts.byPlace.get(placeKey(message.spot))?.id === contract,
          ),
      ),
    );
  }

  private partEdits(
    { message, payload, headers }: ContractDraft,
    part: "payload" | "headers",
    next: unknown,
  ): readonly FileEdit[] {
    const bundle = part === "payload" ? payload : headers;
    if (isEqual(bundle?.schema, next)) return [];
    if (next === undefined)
      return [
        { file: message.spot.file, edit: { do: "remove", path: [...message.spot.path, part] } },
      ];
    const isNew = bundle === undefined || (part === "payload" && message.payload === undefined);
    if (isNew)
      return isObject(next) && Object.keys(next).length === 0
        ? []
        : [
            {
              file: message.spot.file,
              edit: { do: "set", path: [...message.spot.path, part], value: next },
            },
          ];
    const edits = schemaEdits(bundle, next);
    if (edits === undefined)
      this.unsaid.add(
        `The ${part} of ${message.name} is put together from several places; change it in ${message.spot.file.name}.`,
      );
    return edits ?? [];
  }

  /** An element that came from a place, before and after; undefined when it is gone. */
  private pairAt<List extends "nodes" | "channels">(
    list: List,
    spot: Pick<Spot, "file" | "path">,
  ):
    | { readonly before: Scenario[List][number]; readonly after: Scenario[List][number] }
    | undefined {
    const all: readonly Scenario[List][number][] = this.before[list];
    const now: readonly Scenario[List][number][] = this.after[list];
    const before = all.find((one) => isFrom(one.origins, spot));
    const after = now.find(({ id }) => id === before?.id);
    return before === undefined || after === undefined ? undefined : { before, after };
  }

  /** What was drawn since then has no place in the files, and what was taken away still stands there. */
  private noteStrangers(): void {
    const lists = ["nodes", "channels", "contracts"] as const;
    for (const list of lists) {
      const [was, is] = [this.before[list], this.after[list]];
      const names = (some: readonly { readonly id: string; readonly name?: string }[]): string =>
        some.map(({ id, name }) => name ?? id).join(", ");
      const fresh = is.filter(({ id }) => !was.some((other) => other.id === id));
      const gone = was.filter(({ id }) => !is.some((other) => other.id === id));
      if (fresh.length > 0)
        this.unsaid.add(`Drawn since the import and not in these files: ${names(fresh)}.`);
      if (gone.length > 0)
        this.unsaid.add(`Taken out of the drawing and still in these files: ${names(gone)}.`);
    }
    const known = new Set(this.before.connections.map(({ id }) => id));
    const added = this.after.connections.filter(({ id }) => !known.has(id)).length;
    if (added > 0)
      this.unsaid.add(
        `${added === 1 ? "One connection was" : `${added} connections were`} drawn since the import; no file says so.`,
      );
  }

  private noteSecurity(): void {
    for (const { id, name = id } of this.after.nodes)
      if (securityIn(this.before, id) !== securityIn(this.after, id))
        this.unsaid.add(
          `${name} has another kind of security than in its text. Change it there, or export the scenario as AsyncAPI.`,
        );
  }

  private noteParameters(): void {
    const lists = ["nodes", "channels", "connections"] as const;
    const isSaid = lists.every((list) =>
      this.after[list].every(({ id, parameters }) => {
        const before = this.before[list].find((one) => one.id === id);
        return changesOf(before?.parameters, parameters).every(([name]) => isInBindings(name));
      }),
    );
    if (!isSaid)
      this.unsaid.add(
        "AsyncAPI has no place for what only a simulation needs, such as rates and service times. Save the scenario to keep it.",
      );
  }
}

function infoEdit(file: FileEdit["file"], key: string, value: object | undefined): FileEdit {
  const path = ["info", key];
  return { file, edit: value === undefined ? { do: "remove", path } : { do: "set", path, value } };
}

function securityIn({ nodes }: Scenario, id: string): SecurityScheme | undefined {
  const node = nodes.find((one) => one.id === id);
  return node !== undefined && "security" in node ? node.security : undefined;
}

function isFrom(
  origins: readonly Origin[] | undefined,
  { file, path }: Pick<Spot, "file" | "path">,
): boolean {
  const pointer = pointerOf(path);
  return (origins ?? []).some((origin) => origin.source === file.id && origin.pointer === pointer);
}
