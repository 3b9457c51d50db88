// The differences of two Avro schemas in words: why they break, and what to do about it in the new version.

import { type Finding, inShort, type Sides } from "../change.ts";

/** One sentence or two about a difference. */
export function avroSentence(finding: Finding, sides: Sides): string {
  const sentence = sentenceOf(finding, sides);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function sentenceOf({ rule, detail }: Finding, sides: Sides): string {
  const { reader, writer } = sides;
  const { name = "", reason } = detail;
  const when = (remedies: { readonly reader: string; readonly writer: string }) =>
    remedies[sides.next];
  const [before, after] = [plain(detail.writer), plain(detail.reader)];
  switch (rule) {
    case "READER_FIELD_MISSING_DEFAULT_VALUE":
      return `${reader} wants the field “${name}”, which ${writer} does not write, and has no default for it. ${when(
        {
          reader: `Add a default to “${name}”; if it was only renamed, add its former name as an alias.`,
          writer: `Keep “${name}” in the new version until no reader needs it, or give it a default one version earlier.`,
        },
      )}`;
    case "TYPE_MISMATCH":
      return `${writer} writes ${before}, which ${reader} cannot read as ${after}. ${when({
        reader: `Keep ${before}, take both in a union, or use a type that ${before} is promoted to.`,
        writer: `Keep ${after} in the new version; for another type add a field under a new name.`,
      })}`;
    case "MISSING_ENUM_SYMBOLS":
      return `${writer} may write symbols that ${reader} does not know: ${name}. ${when({
        reader: "Keep these symbols, or give the enum a default.",
        writer: "Give the enum a default first, and add symbols when all readers have it.",
      })}`;
    case "MISSING_UNION_BRANCH":
      return `${writer} may write ${name}, for which the union of ${reader} has no branch${
        reason === undefined ? "" : ` (nearest: ${reason})`
      }. ${when({
        reader: "Keep that branch in the new version.",
        writer: "Add branches only after all readers know them.",
      })}`;
    case "NAME_MISMATCH":
      return `${writer} writes the type ${before}, ${reader} reads ${after}. ${when({
        reader: `Keep the name, or add “${before}” as an alias of ${after}.`,
        writer: `Keep the name ${after} in the new version.`,
      })}`;
    case "FIXED_SIZE_MISMATCH":
      return `${writer} writes ${before} bytes, ${reader} reads ${after}. Keep the size, or use bytes under a new name.`;
    case "LOGICAL_TYPE_CHANGED":
      return `The logical type is ${before} in ${writer} and ${after} in ${reader}. Avro and registries let this pass, but readers will take the value for something else. Add a field under a new name instead.`;
    case "NAMESPACE_CHANGED":
      return `The full name is ${before} for ${writer} and ${after} for ${reader}. Java Avro and the registry compare short names and let this pass; other libraries refuse it. Keep the namespace, or add “${before}” as an alias.`;
    default:
      return `the two versions differ here (${rule}).`;
  }
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : inShort(value ?? "none");
}
