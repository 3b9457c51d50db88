// How much an import takes on. Files come from strangers: every loop over them ends at one of these numbers.

import { documentBytesMax, listMax } from "../model/limits.ts";

/** All texts of one import together [bytes]; they are kept in the document, which has a limit of its own. */
export const importBytesMax = Math.floor(documentBytesMax * 0.8);

/** Files of one import. */
export const importFilesMax: number = listMax.sources;

/** Values of one file after its aliases are written out. Aliases of aliases reach billions within a kilobyte. */
export const importValuesMax = 500_000;

/** Nesting of a file. */
export const importDepthMax = 200;

/** References that lead to references. */
export const referenceHopsMax = 50;

/** Nesting of a payload schema that becomes a contract's, below what the document allows. */
export const payloadDepthMax = 50;

/** Values of one payload schema. */
export const payloadValuesMax = 20_000;

/** Findings that are listed; more of them help nobody. */
export const findingsMax = 1_000;
