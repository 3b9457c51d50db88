// Where the default of each field of a technology comes from: documentation, a program's own files, or Spillway.

import type { Technology } from "./technology.ts";

/** The source of a default that Spillway has chosen, because the technology has none. */
export const ownChoice = "Spillway's own choice";

/** A source, and the names of the fields whose defaults stand there. */
export interface FieldSource {
  readonly source: string;
  readonly cluster?: readonly string[];
  readonly publish?: readonly string[];
  readonly consume?: readonly string[];
  readonly bind?: readonly string[];
  /** By channel kind. */
  readonly kinds?: Readonly<Record<string, readonly string[]>>;
}

/** A list of fields of a technology, with a name for people, and the source of each by its name. */
export interface SourcedFields {
  readonly title: string;
  readonly fields: Technology["clusterFields"];
  readonly sourceOf: ReadonlyMap<string, string>;
}

/** All lists of fields of a technology that are not empty, with the sources that are known. */
export function sourcedFieldsOf(
  technology: Technology,
  sources: readonly FieldSource[],
): readonly SourcedFields[] {
  const places = [
    ["Broker", technology.clusterFields, ({ cluster }: FieldSource) => cluster],
    ...Object.entries(technology.channelKinds).map(
      ([kind, { label, fields }]) =>
        [label, fields, ({ kinds }: FieldSource) => kinds?.[kind]] as const,
    ),
    ["Publish connection", technology.publishFields, ({ publish }: FieldSource) => publish],
    ["Consume connection", technology.consumeFields, ({ consume }: FieldSource) => consume],
    ["Binding", technology.bindFields, ({ bind }: FieldSource) => bind],
  ] as const;
  return places.flatMap(([title, fields, namesIn]) =>
    Object.keys(fields).length === 0
      ? []
      : [
          {
            title,
            fields,
            sourceOf: new Map(
              sources.flatMap((one) =>
                (namesIn(one) ?? []).map((name) => [name, one.source] as const),
              ),
            ),
          },
        ],
  );
}
