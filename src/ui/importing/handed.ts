// Files that a person drops or chooses, with the folders they lie in: the browser tells folders apart only while the
// drop is handled, so they are taken hold of at once and read later.

import { openText } from "../../store/commands/documents.ts";
import { type HandedOver, useSessionStore } from "../../store/sessionStore.ts";

/** Files taken from dropped folders at the most. */
const filesMax = 2_000;

/** What was dropped, taken hold of. */
export interface Dropped {
  readonly files: readonly File[];
  readonly entries: readonly FileSystemEntry[];
}

/** Opens what was dropped onto the page: scenarios become documents, everything else is imported. */
export async function openDropped(dropped: Dropped): Promise<void> {
  const named = await namedFiles(dropped);
  const scenarios = await Promise.all(named.map(({ file }) => isScenario(file)));
  for (const [index, { file, name }] of named.entries())
    if (scenarios[index] === true) await openText(await file.text(), name);
  const others = named.filter((_, index) => scenarios[index] !== true);
  if (others.length > 0) useSessionStore.getState().open({ dialog: "import", files: others });
}

/** Files, and those in folders. */
export async function namedFiles({ files, entries }: Dropped): Promise<readonly HandedOver[]> {
  if (!entries.some((entry) => entry.isDirectory))
    return files.map((file) => ({ file, name: file.webkitRelativePath || file.name }));
  const named: HandedOver[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
    if (named.length >= filesMax) break;
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    if (isFolder(entry)) waiting.push(...(await entriesOf(entry)));
    else if (isFile(entry))
      named.push({ name: entry.fullPath.replace(/^\//u, ""), file: await fileOf(entry) });
  }
  return named;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

async function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** The browser lists a folder in portions until one is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  while (all.length < filesMax) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    all.push(...some);
  }
  return all;
}

/** Whether a file is one of ours: JSON that says so near its beginning. */
async function isScenario(file: File): Promise<boolean> {
  if (!/\.json$/iu.test(file.name)) return false;
  const start = await file.slice(0, 2_000).text();
  if (/"asyncapi"\s*:/u.test(start)) return false;
  return /"format"\s*:\s*"spillway"/u.test(start) || /\.spillway\.json$/iu.test(file.name);
}
