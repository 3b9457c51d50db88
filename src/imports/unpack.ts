// What a person hands over as texts: single files as they are, archives as the files in them. An archive is only opened
// as far as the limits of an import reach, whatever it claims to hold.

import { strFromU8, unzipSync } from "fflate";
import { importBytesMax, importFilesMax } from "./limits.ts";
import type { ImportFile } from "./workspace.ts";

/** A file as it came. */
export interface HandedFile {
  /** Name with the folders inside what was handed over. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Files that an import can do something with. */
export const importableFiles = /\.(ya?ml|json|avsc|proto)$/iu;

/** The texts of files; those in archives carry the folders in there. Archives that cannot be opened are texts of their own. */
export function unpack(files: readonly HandedFile[]): readonly ImportFile[] {
  return files.flatMap(({ name, bytes }) => {
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    return (isZip ? unzip(bytes) : undefined) ?? [{ name, text: textOf(bytes) }];
  });
}

function unzip(bytes: Uint8Array): readonly ImportFile[] | undefined {
  let bytesLeft = importBytesMax;
  let filesLeft = importFilesMax;
  const left: ImportFile[] = [];
  try {
    const found = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const isHidden = name
          .split("/")
          .some((step) => step.startsWith(".") || step === "__MACOSX");
        if (isHidden || !importableFiles.test(name)) return false;
        bytesLeft -= originalSize;
        filesLeft--;
        if (bytesLeft >= 0 && filesLeft >= 0) return true;
        if (left.length < importFilesMax) left.push({ name, text: "", isTooLarge: true });
        return false;
      },
    });
    const texts = Object.entries(found).map(([name, content]) => ({ name, text: textOf(content) }));
    return [...texts, ...left];
  } catch {
    return undefined;
  }
}

/** A file that is larger than an import may be is cut just beyond that, so that the reader says so. */
function textOf(bytes: Uint8Array): string {
  return strFromU8(bytes.subarray(0, importBytesMax + 1));
}
