// The differences of two JSON Schemas in words: what the reader and the writer expect, why that breaks or not, and what
// to do about it in the new version. The rules themselves know nothing of this.

import { type Finding, type FindingDetail, inShort, type Sides } from "../change.ts";
import { isForgivenWhenLenient } from "./jsonRules.ts";

/** One sentence or two about a difference. */
export function jsonSentence(finding: Finding, sides: Sides): string {
  const limit = limitSentence(finding, sides);
  if (limit !== undefined) return limit;
  const say = sentences[finding.rule];
  if (say === undefined) return `The two versions differ here (${finding.rule}).`;
  const sentence = capital(say(finding.detail, sides));
  return finding.level === "breaking" && isForgivenWhenLenient(finding.rule)
    ? `${sentence} The lenient policy lets this pass.`
    : sentence;
}

type Say = (detail: FindingDetail, sides: Sides) => string;

interface LimitWords {
  readonly keyword: string;
  /** "max" limits from above. */
  readonly end: "max" | "min";
  readonly noun: string;
}

const limits: Readonly<Record<string, LimitWords>> = {
  MAX_LENGTH: { keyword: "maxLength", end: "max", noun: "characters" },
  MIN_LENGTH: { keyword: "minLength", end: "min", noun: "characters" },
  MAXIMUM: { keyword: "maximum", end: "max", noun: "" },
  MINIMUM: { keyword: "minimum", end: "min", noun: "" },
  EXCLUSIVE_MAXIMUM: { keyword: "exclusiveMaximum", end: "max", noun: "" },
  EXCLUSIVE_MINIMUM: { keyword: "exclusiveMinimum", end: "min", noun: "" },
  MAX_PROPERTIES: { keyword: "maxProperties", end: "max", noun: "properties" },
  MIN_PROPERTIES: { keyword: "minProperties", end: "min", noun: "properties" },
  MAX_ITEMS: { keyword: "maxItems", end: "max", noun: "items" },
  MIN_ITEMS: { keyword: "minItems", end: "min", noun: "items" },
  MAX_CONTAINS: { keyword: "maxContains", end: "max", noun: "matching items" },
  MIN_CONTAINS: { keyword: "minContains", end: "min", noun: "matching items" },
};

function limitSentence({ rule, level, detail }: Finding, sides: Sides): string | undefined {
  const [, name = "", change = ""] = /^(.*)_(ADDED|REMOVED|INCREASED|DECREASED)$/u.exec(rule) ?? [];
  const words = limits[name];
  if (words === undefined) return undefined;
  const { keyword, end, noun } = words;
  const most = end === "max" ? "at most" : "at least";
  const amount = (value: unknown) => `${most} ${inShort(value)}${noun === "" ? "" : ` ${noun}`}`;
  const bound = name.startsWith("EXCLUSIVE") ? " (not itself)" : "";
  if (level !== "breaking")
    return change === "REMOVED"
      ? `${capital(sides.reader)} has no ${keyword}, so it takes all that ${sides.writer} allows.`
      : `${capital(sides.reader)} takes ${amount(detail.reader)}${bound}, more than ${sides.writer} allows (${keyword} ${inShort(detail.writer)}).`;
  const allows =
    detail.writer === undefined
      ? `${sides.writer} knows no such limit`
      : `${sides.writer} allows ${amount(detail.writer)}${bound}`;
  return `${capital(sides.reader)} takes ${amount(detail.reader)}${bound}, but ${allows}. ${limitRemedy(keyword, detail, sides)}`;
}

function limitRemedy(keyword: string, { writer, reader }: FindingDetail, sides: Sides): string {
  if (sides.next === "writer") return `Keep ${keyword} ${inShort(reader)} in the new version.`;
  return writer === undefined
    ? `Leave ${keyword} out of the new version.`
    : `Keep ${keyword} ${inShort(writer)} in the new version, or loosen it.`;
}

/** What to do, by which side is new. */
function remedy({ next }: Sides, remedies: { readonly reader: string; readonly writer: string }) {
  return remedies[next];
}

const openRule =
  "The object is open (additionalProperties is not false), so senders may already have used that name with any content";

const sentences: Readonly<Record<string, Say>> = {
  ID_CHANGED: () => "The $id changed; messages are not affected.",
  TITLE_CHANGED: () => "The title changed; messages are not affected.",
  DESCRIPTION_CHANGED: () => "The description changed; messages are not affected.",
  DEFAULT_CHANGED: () =>
    "The default changed; messages stay readable, but readers fill in another value.",
  SCHEMA_ADDED: (_, sides) =>
    `${sides.reader} has a schema here where ${sides.writer} allowed anything. ${remedy(sides, {
      reader: "Leave the schema out of the new version, or begin a new event type.",
      writer: "Give the new version the schema of the earlier one.",
    })}`,
  SCHEMA_REMOVED: (_, { reader }) => `${reader} takes anything here.`,
  TYPE_EXTENDED: (detail, { reader }) =>
    `${reader} takes ${text(detail.reader)}, which includes ${text(detail.writer)}.`,
  TYPE_NARROWED: (detail, sides) => typeSentence(detail, sides),
  TYPE_CHANGED: (detail, sides) => typeSentence(detail, sides),
  PATTERN_ADDED: (detail, sides) =>
    `${sides.reader} asks for the pattern ${inShort(detail.reader)}, but ${sides.writer} allows any text. ${keepPattern(sides)}`,
  PATTERN_CHANGED: (detail, sides) =>
    `${sides.reader} asks for the pattern ${inShort(detail.reader)}, ${sides.writer} for ${inShort(detail.writer)}; whether one includes the other is not examined. ${keepPattern(sides)}`,
  PATTERN_REMOVED: (_, { reader }) => `${reader} asks for no pattern.`,
  MULTIPLE_OF_ADDED: (detail, sides) => stepSentence(detail, sides),
  MULTIPLE_OF_EXPANDED: (detail, sides) => stepSentence(detail, sides),
  MULTIPLE_OF_CHANGED: (detail, sides) => stepSentence(detail, sides),
  MULTIPLE_OF_REDUCED: (detail, { reader }) =>
    `${reader} takes multiples of ${inShort(detail.reader)}, which include those of ${inShort(detail.writer)}.`,
  MULTIPLE_OF_REMOVED: (_, { reader }) => `${reader} takes numbers between the steps as well.`,
  UNIQUE_ITEMS_ADDED: (_, sides) =>
    `${sides.reader} refuses lists in which an item stands twice, ${sides.writer} allows them. ${remedy(
      sides,
      {
        reader: "Leave uniqueItems out of the new version.",
        writer: "Keep uniqueItems in the new version.",
      },
    )}`,
  UNIQUE_ITEMS_REMOVED: (_, { reader }) => `${reader} takes lists in which an item stands twice.`,
  ENUM_ARRAY_EXTENDED: ({ name }, { reader }) => `${reader} knows more values: ${name}.`,
  ENUM_ARRAY_NARROWED: (detail, sides) => enumSentence(detail, sides),
  ENUM_ARRAY_CHANGED: (detail, sides) => enumSentence(detail, sides),
  COMBINED_TYPE_EXTENDED: (detail, { reader }) =>
    `${reader} combines its branches with ${text(detail.reader)}, which takes all that ${text(detail.writer)} takes.`,
  COMBINED_TYPE_CHANGED: (detail, sides) =>
    `${sides.writer} combines its branches with ${text(detail.writer)}, ${sides.reader} with ${text(detail.reader)}, which may take less. ${keepShape(sides)}`,
  COMBINED_TYPE_SUBSCHEMAS_CHANGED: ({ name, reason }, sides) =>
    `No branch of ${sides.reader} takes all that ${name} of ${sides.writer} allows${
      reason === undefined ? "" : ` (nearest: ${reason})`
    }. ${remedy(sides, {
      reader: "Keep that branch as it was; widen it or add others beside it.",
      writer: "Leave that branch as it was in the new version.",
    })}`,
  SUM_TYPE_EXTENDED: (_, { reader }) => `${reader} has further branches, so it takes more.`,
  SUM_TYPE_NARROWED: (detail, sides) =>
    `${sides.writer} has ${text(detail.writer)} branches, ${sides.reader} only ${text(detail.reader)}: messages of the branches that it lacks are refused. ${remedy(
      sides,
      {
        reader:
          "Keep all branches in the new version; mark those that nobody should use as deprecated.",
        writer: "Add no branch to the new version before all readers know it.",
      },
    )}`,
  PRODUCT_TYPE_NARROWED: (_, { reader }) => `${reader} asks for fewer things at once.`,
  PRODUCT_TYPE_EXTENDED: (_, sides) =>
    `${sides.reader} asks for more things at once than ${sides.writer} promises. ${remedy(sides, {
      reader: "Take the added part out of the new version.",
      writer: "Keep all parts in the new version.",
    })}`,
  NOT_TYPE_NARROWED: (_, { reader }) => `${reader} forbids less.`,
  NOT_TYPE_EXTENDED: (_, sides) =>
    `${sides.reader} forbids more than ${sides.writer}. ${keepShape(sides)}`,
  REQUIRED_ATTRIBUTE_ADDED: ({ name }, sides) =>
    `${sides.reader} requires “${name}”, which messages of ${sides.writer} may lack. ${remedy(
      sides,
      {
        reader: `Add a default to “${name}”, or do not require it.`,
        writer: `Keep “${name}” required in the new version.`,
      },
    )}`,
  REQUIRED_ATTRIBUTE_REMOVED: ({ name }, { reader }) => `${reader} does not require “${name}”.`,
  REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED: ({ name }, { reader }) =>
    `${reader} requires “${name}” and has a default for it; readers must fill it in, for a validator alone refuses messages without it.`,
  DEPENDENCY_ARRAY_ADDED: (detail, sides) => dependencySentence(detail, sides),
  DEPENDENCY_ARRAY_EXTENDED: (detail, sides) => dependencySentence(detail, sides),
  DEPENDENCY_ARRAY_CHANGED: (detail, sides) => dependencySentence(detail, sides),
  DEPENDENCY_ARRAY_NARROWED: ({ name }, { reader }) => `${reader} asks for less beside “${name}”.`,
  DEPENDENCY_ARRAY_REMOVED: ({ name }, { reader }) =>
    `${reader} asks for nothing beside “${name}”.`,
  DEPENDENCY_SCHEMA_ADDED: (detail, sides) => dependencySentence(detail, sides),
  DEPENDENCY_SCHEMA_REMOVED: ({ name }, { reader }) =>
    `${reader} asks for nothing where “${name}” is.`,
  ADDITIONAL_PROPERTIES_ADDED: (_, { reader }) =>
    `${reader} takes properties beside the named ones.`,
  ADDITIONAL_PROPERTIES_EXTENDED: (_, { reader }) =>
    `${reader} takes anything in properties beside the named ones.`,
  ADDITIONAL_PROPERTIES_REMOVED: (_, sides) => closingSentence("properties", sides),
  ADDITIONAL_PROPERTIES_NARROWED: (_, sides) => narrowingSentence("properties", sides),
  UNEVALUATED_PROPERTIES_ADDED: (_, { reader }) =>
    `${reader} takes properties beside the named ones.`,
  UNEVALUATED_PROPERTIES_EXTENDED: (_, { reader }) =>
    `${reader} takes anything in properties beside the named ones.`,
  UNEVALUATED_PROPERTIES_REMOVED: (_, sides) => closingSentence("properties", sides),
  UNEVALUATED_PROPERTIES_NARROWED: (_, sides) => narrowingSentence("properties", sides),
  ADDITIONAL_ITEMS_ADDED: (_, { reader }) => `${reader} takes further items.`,
  ADDITIONAL_ITEMS_EXTENDED: (_, { reader }) => `${reader} takes anything as further items.`,
  ADDITIONAL_ITEMS_REMOVED: (_, sides) => closingSentence("items", sides),
  ADDITIONAL_ITEMS_NARROWED: (_, sides) => narrowingSentence("items", sides),
  UNEVALUATED_ITEMS_ADDED: (_, { reader }) => `${reader} takes further items.`,
  UNEVALUATED_ITEMS_EXTENDED: (_, { reader }) => `${reader} takes anything as further items.`,
  UNEVALUATED_ITEMS_REMOVED: (_, sides) => closingSentence("items", sides),
  UNEVALUATED_ITEMS_NARROWED: (_, sides) => narrowingSentence("items", sides),
  PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL: ({ name }, { reader }) =>
    `${reader} names “${name}”, and takes anything under it.`,
  OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: ({ name }, sides) =>
    `${sides.reader} gives “${name}” a schema that ${sides.writer} does not have. ${openRule}; such messages would be refused. ${addedRemedy(sides)}`,
  REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL: ({ name }, sides) =>
    `${sides.reader} requires “${name}” (with a default), which ${sides.writer} does not name. ${openRule}. ${addedRemedy(sides)}`,
  REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: ({ name }, sides) =>
    newRequired(
      sides,
      name,
      `Make “${name}” optional and use the lenient policy, or begin a new event type.`,
    ),
  REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL: ({ name }, sides) =>
    newRequired(sides, name, `Add a default to “${name}”, or make it optional.`),
  REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL: ({ name }, { reader }) =>
    `${reader} requires “${name}” and has a default for it; readers must fill it in, for a validator alone refuses messages without it.`,
  OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL: ({ name }, { reader, writer }) =>
    `${reader} takes “${name}”, which ${writer} does not send.`,
  PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL: ({ name }, { reader }) =>
    `${reader} does not name “${name}” and takes it as it comes.`,
  PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL: ({ name }) =>
    `“${name}” is allowed by neither version.`,
  PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL: ({ name }, sides) =>
    `${sides.writer} may send “${name}”, but ${sides.reader} is closed (additionalProperties: false) and does not know it. ${remedy(
      sides,
      {
        reader: `Keep “${name}” in the new version, or open the object.`,
        writer: `Add “${name}” only after readers know it; an object that is open from its first version takes new properties.`,
      },
    )}`,
  PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ name }, { writer }) =>
    `“${name}” takes all that ${writer} allowed under that name.`,
  PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ name }, { reader }) =>
    `${reader} takes “${name}” as one of its further properties.`,
  PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ name }, sides) =>
    `${sides.writer} allows other content under the name “${name}” than ${sides.reader} takes. ${coverRemedy(name, sides)}`,
  PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ name }, sides) =>
    `${sides.reader} does not name “${name}”, and what it asks of further properties does not fit it. ${coverRemedy(name, sides)}`,
  ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL: ({ name }, { reader }) =>
    `${reader} names item ${name}, and takes anything there.`,
  ITEM_ADDED_TO_OPEN_CONTENT_MODEL: ({ name }, sides) =>
    `${sides.reader} gives item ${name} a schema, where ${sides.writer} allowed anything. ${remedy(
      sides,
      {
        reader: "Leave that item open in the new version, or begin a new event type.",
        writer: "Keep that item's schema in the new version.",
      },
    )}`,
  ITEM_ADDED_TO_CLOSED_CONTENT_MODEL: ({ name }, { reader, writer }) =>
    `${reader} takes item ${name}, which ${writer} does not send.`,
  ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL: ({ name }, { reader }) =>
    `${reader} takes item ${name} as it comes.`,
  ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL: ({ name }) =>
    `Item ${name} is allowed by neither version.`,
  ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL: ({ name }, sides) =>
    `${sides.writer} may send item ${name}, but ${sides.reader} allows no further items. ${keepItem(sides)}`,
  ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ name }, { writer }) =>
    `Item ${name} takes all that ${writer} allowed there.`,
  ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ name }, { reader }) =>
    `${reader} takes item ${name} as one of its further items.`,
  ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ name }, sides) =>
    `${sides.writer} allows something else as item ${name} than ${sides.reader} takes. ${keepItem(sides)}`,
  ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: ({ name }, sides) =>
    `What ${sides.reader} asks of further items does not fit item ${name} of ${sides.writer}. ${keepItem(sides)}`,
  FORMAT_CHANGED: (detail, sides) => formatSentence(detail, sides),
  PATTERN_PROPERTIES_CHANGED: () => blindSpot("patternProperties"),
  PROPERTY_NAMES_CHANGED: () => blindSpot("propertyNames"),
  CONTAINS_CHANGED: () => blindSpot("contains"),
  REFERENCE_NOT_COMPARED: ({ name }) =>
    `“${name}” leads to another document, or nowhere; both versions name it, but what stands there was not compared.`,
};

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : inShort(value);
}

function keepShape(sides: Sides): string {
  return remedy(sides, {
    reader: "Keep this part as it was, or begin a new event type.",
    writer: "Leave this part as it was in the new version.",
  });
}

function keepPattern(sides: Sides): string {
  return remedy(sides, {
    reader: "Keep the pattern as it was, or leave it out.",
    writer: "Keep the pattern of the earlier version.",
  });
}

function keepItem(sides: Sides): string {
  return remedy(sides, {
    reader: "Keep the item as it was in the new version.",
    writer: "Leave the items of the new version as they were.",
  });
}

function typeSentence(detail: FindingDetail, sides: Sides): string {
  return `${sides.writer} allows ${text(detail.writer)} here, ${sides.reader} takes ${text(detail.reader)}. ${remedy(
    sides,
    {
      reader:
        "Keep the type, or take both with oneOf; for another meaning add a property under a new name.",
      writer:
        "Keep the type that readers know; for another meaning add a property under a new name.",
    },
  )}`;
}

function stepSentence(detail: FindingDetail, sides: Sides): string {
  const allows =
    detail.writer === undefined ? "any number" : `multiples of ${inShort(detail.writer)}`;
  return `${sides.reader} takes multiples of ${inShort(detail.reader)} only, ${sides.writer} allows ${allows}. ${remedy(
    sides,
    {
      reader: "Leave multipleOf as it was, or take a divisor of it.",
      writer: "Keep multipleOf, or a multiple of it, in the new version.",
    },
  )}`;
}

function enumSentence({ name }: FindingDetail, sides: Sides): string {
  return `${sides.writer} may send values that ${sides.reader} does not know: ${name}. ${remedy(
    sides,
    {
      reader: "Keep these values in the new version; add others beside them.",
      writer: "Add values only after all readers know them.",
    },
  )}`;
}

function dependencySentence({ name }: FindingDetail, sides: Sides): string {
  return `${sides.reader} asks for more than ${sides.writer} where “${name}” is there. ${remedy(
    sides,
    {
      reader: `Ask for nothing more beside “${name}” than before.`,
      writer: `Keep what the earlier version asks for beside “${name}”.`,
    },
  )}`;
}

function closingSentence(what: string, sides: Sides): string {
  return `${sides.writer} allows further ${what}, ${sides.reader} refuses them. ${remedy(sides, {
    reader: "Leave this open as it was.",
    writer: "Keep this closed in the new version.",
  })}`;
}

function narrowingSentence(what: string, sides: Sides): string {
  return `${sides.writer} allows anything in further ${what}, ${sides.reader} asks for a schema. ${remedy(
    sides,
    {
      reader: "Leave this open as it was.",
      writer: "Keep the schema for further content in the new version.",
    },
  )}`;
}

function addedRemedy(sides: Sides): string {
  return remedy(sides, {
    reader:
      "If nobody sends what is not named, use the lenient policy; else close the object from its first version on, or reserve a pattern for names to come.",
    writer: "Keep the property in the new version, or use the lenient policy.",
  });
}

function newRequired(sides: Sides, name: string | undefined, reader: string): string {
  const writer = `Keep “${name}” in the new version: readers require it.`;
  return `${sides.reader} requires “${name}”, which ${sides.writer} does not know. ${remedy(sides, { reader, writer })}`;
}

function coverRemedy(name: string | undefined, sides: Sides): string {
  return remedy(sides, {
    reader: `Give “${name}” a schema that takes what was allowed before.`,
    writer: `Give “${name}” a schema that fits what the earlier version takes.`,
  });
}

function blindSpot(keyword: string): string {
  return `The versions differ in ${keyword}. Registries do not look at it, but a validator does: messages may be refused.`;
}

function formatSentence({ name, writer, reader }: FindingDetail, sides: Sides): string {
  const other = writer === undefined ? "none" : inShort(writer);
  return `${blindSpot(name ?? "format")} ${capital(sides.reader)} asks for ${inShort(reader)}, ${sides.writer} for ${other}.`;
}
