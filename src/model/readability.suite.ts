// Drawn instead of compared: which versions can be read, and which the registry refuses, from the names alone. For tests
// of everything but the comparison itself; the same document always gets the same table.

import { hasVersions, versionsOf } from "./contracts.ts";
import { type Readability, samplesPerVersion } from "./readability.ts";
import { Dice } from "./scenario.suite.ts";
import type { Scenario } from "./scenario.ts";

/** A table of all versions, whoever speaks them: some pairs compatible, some that no sample
 *  survives, most with some samples that cannot be read. */
export function drawnReadability(scenario: Scenario): Readability {
  return Object.fromEntries(
    scenario.contracts.filter(hasVersions).map((contract) => {
      const names = versionsOf(contract).map(({ contractVersion }) => contractVersion);
      const all = names.flatMap((one) =>
        names.flatMap((other) => (one === other ? [] : [[one, other] as const])),
      );
      const broken = [{ rule: "DRAWN_BY_LOT", path: "/properties/lot" }];
      return [
        contract.id,
        {
          pairs: all.map(([writer, reader]) => {
            const dice = diceFor(contract.id, writer, reader);
            const share = dice.pick([0, 0, 0.1, 0.5, 1]);
            const samples = Array.from({ length: samplesPerVersion }, (_, i) => i);
            const unreadable = samples.filter(() => dice.chance(share));
            return { writer, reader, unreadable, broken: share === 0 ? [] : broken };
          }),
          conflicts: all.flatMap(([version, registered]) =>
            diceFor(contract.id, version, registered).chance(0.4)
              ? [{ version, registered, broken }]
              : [],
          ),
        },
      ];
    }),
  );
}

/** Dice that belong to two versions. */
function diceFor(...names: readonly string[]): Dice {
  const text = names.join(" ");
  let seed = 7;
  for (let i = 0; i < text.length; i++) seed = (seed * 31 + text.charCodeAt(i)) % 2_147_483_647;
  return new Dice(seed);
}
