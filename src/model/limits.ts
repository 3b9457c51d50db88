// How large a document may be. Every loop over a document is bounded by one of these numbers.

/** Size of a document as text [bytes]; far above any drawing, far below what a tab cannot take. */
export const documentBytesMax = 10_000_000;

/** Nesting of lists and objects. A payload schema needs 20 levels at most; a recursion of 64 is safe everywhere. */
export const depthMax = 64;

/** Values inside extensions and schemas, together; stops documents whose aliases multiply. */
export const valuesMax = 1_000_000;

/** Problems that are reported for one document; more of them help nobody. */
export const problemsMax = 100;

/** Members of the lists of a document. The canvas is made for 300 nodes, the engine for these. */
export const listMax = {
  nodes: 2_000,
  channels: 5_000,
  connections: 10_000,
  contracts: 2_000,
  timeline: 10_000,
  objectives: 500,
  bookmarks: 200,
  /** Elements that stand out in one bookmark: all there can be. */
  focus: 17_000,
  groups: 500,
  notes: 1_000,
  layout: 6_000,
  after: 100,
  /** Handlers of one service, and steps of one list. */
  handlers: 200,
  steps: 100,
  /** Earlier versions of one contract, and examples of one version. */
  versions: 200,
  examples: 100,
  tags: 100,
  /** Imported files, and places from which one element was imported. */
  sources: 500,
  origins: 100,
} as const;

/** Partitions, and places of subscriptions in them, in one document: each takes one to two kilobytes. */
export const cursorsMax = 300_000;

/** Contracts over bridges in one document, each bridge counted with each of its contracts. */
export const bridgedMax = 2_000;

/** Pairs of versions of contracts that meet in one run: each is compared before it. */
export const comparisonsMax = 1_000;

/** Lengths of texts [characters]. */
export const textMax = {
  title: 200,
  name: 120,
  description: 10_000,
  version: 40,
  measure: 80,
  /** A parameter's name, as long as brokers like them. */
  parameter: 100,
  url: 500,
  /** A JSON Pointer or the path of a file. */
  pointer: 1_000,
  /** An imported text. */
  source: documentBytesMax,
} as const;

/** Coordinates on the canvas [px], in both directions. */
export const positionPxMax = 1_000_000;

/** Largest number that an objective may ask for. */
export const objectiveMax = 1e15;

/** How fast dead letters can be redriven [1/s]. */
export const redriveRateMax = 1e6;

/** Fastest line between two nodes [bytes/s]. */
export const bandwidthMax = 1e12;

/** How many times as long a slow node of a broker may take. */
export const slownessMax = 1e6;
