// Which files an import takes in: those that were named, those below named folders, and the local ones to which they
// refer. Their names become relative to the folder that they all lie in.

import { succeed, type Result } from "../base/result.ts";
import type { ImportFile } from "../imports/workspace.ts";
import type { Shell } from "./shell.ts";

/** Files that are taken in at the most. */
const filesMax = 500;

const kinds = /\.(ya?ml|json|avsc|proto)$/iu;

/** Reads the files behind operands; the failure is a sentence. */
export function readImportFiles(
  operands: readonly string[],
  shell: Shell,
): Result<readonly ImportFile[], string> {
  const texts = new Map<string, string>();
  const waiting: string[] = [];
  for (const operand of operands) {
    const listed = shell.listFiles(operand);
    if (!listed.ok) return listed;
    const isFolder = listed.value[0] !== operand;
    waiting.push(...listed.value.filter((path) => !isFolder || kinds.test(path)));
  }
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const place = tidy(path);
    if (texts.has(place) || texts.size >= filesMax) continue;
    const text = shell.readFile(place);
    if (!text.ok) return text;
    texts.set(place, text.value);
    waiting.push(...referencesIn(text.value, place).filter((one) => shell.fileExists(one)));
  }
  const shared = sharedFolder([...texts.keys()]);
  return succeed([...texts].map(([path, text]) => ({ name: path.slice(shared.length), text })));
}

/** Local files to which a text refers; neither absolute ones nor those of other kinds. */
function referencesIn(text: string, from: string): readonly string[] {
  const references = text.matchAll(/\$ref["']?\s*:\s*["']?([^"'#\s,}]+)/gu);
  const folder = from.split("/").slice(0, -1);
  return [...references]
    .map(([, address = ""]) => address)
    .filter((address) => kinds.test(address) && !/^(?:\/|[a-z][a-z0-9+.-]*:)/iu.test(address))
    .map((address) => tidy([...folder, address].join("/")));
}

/** A path without detours: `a/../b` is `b`. */
function tidy(path: string): string {
  const steps: string[] = [];
  for (const step of path.replaceAll("\\", "/").split("/")) {
    const last = steps.at(-1);
    if (step === "." || (step === "" && steps.length > 0)) continue;
    if (step === ".." && last !== undefined && last !== ".." && last !== "") steps.pop();
    else steps.push(step);
  }
  return steps.join("/");
}

/** The folder that all paths begin with, with its slash. */
function sharedFolder(paths: readonly string[]): string {
  const [first = "", ...others] = paths;
  let folder = first.slice(0, first.lastIndexOf("/") + 1);
  while (folder !== "" && !others.every((path) => path.startsWith(folder)))
    folder = folder.slice(0, folder.slice(0, -1).lastIndexOf("/") + 1);
  return folder;
}
