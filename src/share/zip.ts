// Several files as one, for browsers that ask before each of many downloads. The same files give the same bytes.

import { strToU8, zipSync } from "fflate";

/** A text file of an archive. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** Earliest date that a zip can hold: archives do not depend on when they were made. */
const date = "1980-01-02T00:00:00";

/** A zip archive with these files. */
export function zipFiles(files: readonly TextFile[]): Uint8Array<ArrayBuffer> {
  const entries = files.map(({ name, text }) => [name, strToU8(text)] as const);
  return Uint8Array.from(zipSync(Object.fromEntries(entries), { level: 9, mtime: date }));
}
