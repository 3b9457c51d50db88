// The default of every field of every technology has a source, which people can look up.

import { describe, expect, test } from "vitest";
import { sourcedFieldsOf } from "./fieldSources.ts";
import { simulated } from "./simulated.ts";

describe.each(Object.values(simulated))("$label", (technology) => {
  test("every field has one source for its default, and nothing else has", () => {
    for (const { title, fields, sourceOf } of sourcedFieldsOf(technology, technology.fieldSources))
      expect([...sourceOf.keys()].sort(), title).toEqual(Object.keys(fields).sort());
    const names = technology.fieldSources.flatMap(({ cluster, publish, consume, bind, kinds }) => [
      ...[cluster, publish, consume, bind].flatMap((list, i) =>
        (list ?? []).map((one) => `${i} ${one}`),
      ),
      ...Object.entries(kinds ?? {}).flatMap(([kind, list]) => list.map((one) => `${kind} ${one}`)),
    ]);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(Object.keys(technology.channelKinds)).toEqual(
      expect.arrayContaining(
        technology.fieldSources.flatMap(({ kinds }) => Object.keys(kinds ?? {})),
      ),
    );
  });
});
