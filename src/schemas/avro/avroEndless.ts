// Records that contain themselves whatever is written: no message of theirs would ever end.

import type { AvroNamed, AvroRecord, AvroType } from "./avroTypes.ts";

/** The records that have no finite value. */
export function endlessRecords(types: Iterable<AvroNamed>): readonly AvroRecord[] {
  const records = [...types].filter((type) => type.kind === "record");
  const finite = new Set<AvroType>();
  // Each round finds the records whose fields were found finite before; at most as many rounds as there are records.
  for (let size = -1; finite.size > size;) {
    size = finite.size;
    for (const record of records)
      if (record.fields.every(({ type }) => isFinite(type, finite))) finite.add(record);
  }
  return records.filter((record) => !finite.has(record));
}

function isFinite(type: AvroType, finite: ReadonlySet<AvroType>): boolean {
  if (type.kind === "union") return type.branches.some((branch) => isFinite(branch, finite));
  return type.kind !== "record" || finite.has(type);
}
