// All ready-made scenarios at once, for tests. Tests that take long with each of them take one of each group.

import { groups, shelf } from "./index.ts";

const loaded = await Promise.all(
  shelf.map(async ({ group, load }) => ({ group, scenario: await load() })),
);

/** Every ready-made scenario, in the order of the gallery. */
export const scenarios = loaded.map(({ scenario }) => scenario);

/** The first ready-made scenario of each group, in the order of the gallery. */
export const typicalScenarios = groups.flatMap((group) =>
  loaded
    .filter((one) => one.group === group)
    .slice(0, 1)
    .map(({ scenario }) => scenario),
);
