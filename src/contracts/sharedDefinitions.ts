// One document for each application with the definitions that they share in files of their own: `common/servers.yaml`,
// channels, messages and schemas. Everything is as in the self-contained documents; only references lead elsewhere.

import { isObject } from "../model/equal.ts";

/** A document or a part of one, and the name of its file. */
export interface DocumentPart {
  /** Name with folders and without ending, such as "common/channels". */
  readonly name: string;
  readonly content: object;
}

/** The kinds of definitions that get a file, under their keys in a document. */
const kinds = [
  "servers",
  "channels",
  "messages",
  "schemas",
  "messageTraits",
  "securitySchemes",
] as const;

type Kind = (typeof kinds)[number];

interface Sharing {
  /** Ending of the files to which references lead, such as ".yaml". */
  readonly ending: string;
  /** Sections of the documents that are shared; components always are. Channels of 2.6 cannot be: operations are part
   *  of them. */
  readonly shares: readonly ("servers" | "channels")[];
  /** Whether documents name security schemes (2.6) instead of referring to them. */
  readonly namesSchemes: boolean;
}

interface Sections {
  readonly servers?: object;
  readonly channels?: object;
  readonly components?: { readonly securitySchemes?: object };
}

/** The shared files of a system's document. */
export function sharedParts(
  system: Sections,
  { ending, shares }: Sharing,
): readonly DocumentPart[] {
  const sections: Readonly<Record<string, unknown>> = { ...system, ...system.components };
  return kinds.flatMap((kind) => {
    if (kind === "channels" && !shares.includes(kind)) return [];
    const content = sections[kind];
    if (!isObject(content) || Object.keys(content).length === 0) return [];
    const target: Target = (to, rest) => (to === kind ? `#/${rest}` : `./${to}${ending}#/${rest}`);
    return [{ name: `common/${kind}`, content: relocatedObject(content, target) }];
  });
}

/** A document of an application that refers to the shared files. Its own `servers` and `channels` stay, because
 *  operations must point into the document that they stand in. Where its servers name security schemes, it has both
 *  itself: tools look for the names in the document alone. */
export function sharingDocument(
  document: Sections,
  { ending, shares, namesSchemes }: Sharing,
): object {
  const { components, ...rest } = document;
  const schemes = namesSchemes ? components?.securitySchemes : undefined;
  const references = (kind: "servers" | "channels"): object =>
    Object.fromEntries(
      Object.keys(document[kind] ?? {}).map((key) => [
        key,
        { $ref: `./common/${kind}${ending}#/${key}` },
      ]),
    );
  const own = relocatedObject(rest, (to, tail) =>
    to === "servers" || to === "channels" ? `#/${to}/${tail}` : `./common/${to}${ending}#/${tail}`,
  );
  const replaced = Object.entries(own).map(([key, part]: [string, unknown]) => {
    const shared = shares.find((kind) => kind === key && (kind !== "servers" || !schemes));
    return [key, shared === undefined ? part : references(shared)] as const;
  });
  return {
    ...Object.fromEntries(replaced),
    ...(schemes && { components: { securitySchemes: schemes } }),
  };
}

/** A copy in which references to definitions lead elsewhere. Whatever is called `$ref` is a reference: the exports see
 *  to it that data is not. */
function relocated(value: unknown, target: Target): unknown {
  if (Array.isArray(value)) return value.map((part: unknown) => relocated(part, target));
  return isObject(value) ? relocatedObject(value, target) : value;
}

function relocatedObject(value: object, target: Target): object {
  const moved = Object.entries(value).map(
    ([key, part]: [string, unknown]) =>
      [
        key,
        key === "$ref" && typeof part === "string"
          ? moveReference(part, target)
          : relocated(part, target),
      ] as const,
  );
  return Object.fromEntries(moved);
}

type Target = (kind: Kind, rest: string) => string;

function moveReference(reference: string, target: Target): string {
  const match = /^#\/(?:components\/)?(?<kind>\w+)\/(?<rest>.*)$/su.exec(reference)?.groups;
  const kind = kinds.find((one) => one === match?.["kind"]);
  return kind === undefined ? reference : target(kind, match?.["rest"] ?? "");
}
