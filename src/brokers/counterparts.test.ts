// What technologies say of their counterparts names fields and kinds that exist, each concept once per place.

import { describe, expect, test } from "vitest";
import { simulated } from "./simulated.ts";

describe.each(Object.values(simulated))("$label", (technology) => {
  test("has counterparts, and names nothing that is not there", () => {
    const { roles = {}, parameters = [] } = technology.counterparts ?? {};
    const lists = {
      broker: [technology.clusterFields],
      channel: Object.values(technology.channelKinds).map(({ fields }) => fields),
      publish: [technology.publishFields],
      consume: [technology.consumeFields],
    };
    expect(parameters.length).toBeGreaterThan(0);
    for (const { place, field } of parameters)
      expect(
        lists[place].some((fields) => Object.hasOwn(fields, field)),
        field,
      ).toBe(true);
    const concepts = parameters.map(({ place, concept }) => `${place}: ${concept}`);
    expect(concepts.filter((one, i) => concepts.indexOf(one) !== i)).toEqual([]);
    expect(Object.keys(technology.channelKinds)).toEqual(
      expect.arrayContaining(Object.keys(roles)),
    );
  });
});
