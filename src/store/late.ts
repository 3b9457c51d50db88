// A part of the page that is loaded after it stands: used at once when it is there, and as soon as it has come else.

/** A part that comes later. */
export interface Late<Part> {
  /** The part, once it is there. */
  now(): Part | undefined;
  load(): Promise<Part>;
  /** Does something with the part: within this call where it is there, so that nothing comes between. */
  use(deed: (part: Part) => void | Promise<void>): void | Promise<void>;
}

/** Makes a part of an import; it is fetched by the first who asks. */
export function late<Part>(fetch: () => Promise<Part>): Late<Part> {
  let part: Part | undefined;
  const load = async (): Promise<Part> => (part ??= await fetch());
  return {
    now: () => part,
    load,
    use: (deed) => (part === undefined ? load().then(deed) : deed(part)),
  };
}
