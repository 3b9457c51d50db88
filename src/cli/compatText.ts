// The verdict about a new version of a schema, as lines for the terminal.

import type { Affected } from "../contracts/affected.ts";
import type { Change } from "../schemas/change.ts";
import type { CompatibilityVerdict, DirectedCheck } from "../schemas/compatibility.ts";

/** Lines about a verdict: for each comparison what breaks, what registries overlook, and what is fine. */
export function compatLines(verdict: CompatibilityVerdict): readonly string[] {
  return verdict.checks.flatMap(checkLines);
}

function checkLines(check: DirectedCheck): readonly string[] {
  const { changes, warnings, direction, isCompatible, isCompatibleLeniently } = check;
  const breaking = changes.filter(({ isBreaking }) => isBreaking);
  const harmless = changes.filter(({ isBreaking }) => !isBreaking);
  const remark =
    isCompatibleLeniently === true
      ? ["  The lenient policy lets this pass: nobody sends what the schema does not name."]
      : [];
  return [
    "",
    `${isCompatible ? "ok    " : "BROKEN"} ${direction.toLowerCase()}: ${check.sentence}`,
    ...breaking.flatMap((change) => changeLines("breaks ", change)),
    ...remark,
    ...firstOfEachPlace(warnings, breaking).flatMap((change) => changeLines("beware ", change)),
    ...harmless.flatMap((change) => changeLines("fine   ", change)),
  ];
}

/** What breaks at a place says enough about it, and so does the first of several warnings. */
function firstOfEachPlace(
  warnings: readonly Change[],
  breaking: readonly Change[],
): readonly Change[] {
  const said = new Set(breaking.map(({ path }) => path));
  return warnings.filter(({ path }) => !said.has(path) && said.add(path));
}

function changeLines(mark: string, { rule, path, sentence }: Change): readonly string[] {
  return [`  ${mark} ${rule} at ${path || "/"}`, `          ${sentence}`];
}

/** Lines about those who do not get on with a version, whatever the registry says. */
export function affectedLines(affected: readonly Affected[], version: string): readonly string[] {
  return affected.map(({ name, does, contractVersion, connection, changes }) => {
    const verb = does === "reads" ? `cannot read ${version}` : `writes what ${version} cannot read`;
    const rules = [...new Set(changes.map(({ rule }) => rule))].join(", ");
    return `  affects ${name}: ${does} ${contractVersion} and ${verb} (${connection}): ${rules}`;
  });
}

/** A verdict as JSON. */
export function compatJson({ isCompatible, checks }: CompatibilityVerdict) {
  return {
    compatible: isCompatible,
    checks: checks.map((check) => ({
      version: check.version,
      direction: check.direction,
      compatible: check.isCompatible,
      ...(check.isCompatibleLeniently === undefined
        ? {}
        : { compatibleLenient: check.isCompatibleLeniently }),
      sentence: check.sentence,
      changes: check.changes.map(changeJson),
      warnings: check.warnings.map(changeJson),
    })),
  };
}

function changeJson({ rule, path, isBreaking, sentence, places }: Change) {
  return { rule, path, breaking: isBreaking, sentence, places };
}
