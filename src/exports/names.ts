// Names for places that allow only some characters: identifiers of diagrams, files, DNS labels. No two things get the same.

/** Gives names: made of a wish by `clean`, and different from all that were given before. */
export function createNamer(
  clean: (wish: string) => string,
  {
    join = "-",
    isSame = (name: string) => name,
  }: {
    readonly join?: string;
    /** Names that count as one, such as those that differ only in case. */
    readonly isSame?: (name: string) => string;
  } = {},
): (wish: string) => string {
  const taken = new Set<string>();
  return (wish) => {
    const stem = clean(wish);
    let name = stem;
    for (let number = 2; taken.has(isSame(name)); number++) name = `${stem}${join}${number}`;
    taken.add(isSame(name));
    return name;
  };
}

/** A label as DNS and Kubernetes allow it: lower case, digits, hyphens inside, 63 characters. */
export function dnsLabel(wish: string): string {
  const label = slug(wish.normalize("NFKD").toLowerCase()).slice(0, 56).replace(/-+$/u, "");
  return label === "" ? "unnamed" : label;
}

/** A file name without anything that a file system might refuse. */
export function fileStem(wish: string): string {
  const stem = wish
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/gu, "")
    .slice(0, 80);
  return stem === "" ? "unnamed" : stem;
}

function slug(text: string): string {
  return text
    .replace(/[\u0300-\u036f]/gu, "")
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "");
}
