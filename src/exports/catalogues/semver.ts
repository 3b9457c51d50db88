// Versions of contracts as semantic versions, which catalogues insist on.

import { versionsOf } from "../../model/contracts.ts";
import type { Contract } from "../../model/scenario.ts";

/** Version as it is written → semantic version, for all versions of a contract: "2" and "2.1" are completed. Where a
 *  version cannot be read so, or two would become the same, they are numbered from the oldest on. */
export function semanticVersions(contract: Contract): ReadonlyMap<string, string> {
  const written = versionsOf(contract).map(({ contractVersion }) => contractVersion);
  const completed = written.map(complete);
  const isClear =
    completed.every((version) => version !== undefined) &&
    new Set(completed).size === written.length;
  return new Map(
    written.map((version, index) => [
      version,
      (isClear ? completed[index] : undefined) ?? `${index + 1}.0.0`,
    ]),
  );
}

function complete(version: string): string | undefined {
  const parts = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}(?:-[\w.-]+)?))?$/u.exec(version);
  if (parts === null) return undefined;
  const [, major = "0", minor = "0", patch = "0"] = parts;
  return [Number(major), Number(minor), patch.replace(/^0+(?=\d)/u, "")].join(".");
}
