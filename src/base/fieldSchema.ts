// JSON Schema of the values of fields, from the same descriptors that parser and form come from.

import { type DistributionParameter, distributions } from "./distribution.ts";
import type { Field, NumberField, TableField } from "./fields.ts";

/** JSON Schema (2020-12) of a field's value. */
export function schemaOf(field: Field): Readonly<Record<string, unknown>> {
  const about = { title: field.label, description: field.help, default: field.default };
  switch (field.kind) {
    case "choice":
      return { ...about, enum: field.options.map((option) => option.value) };
    case "flag":
      return { ...about, type: "boolean" };
    case "text":
    case "recording":
      return { ...about, type: "string", maxLength: field.maxLength };
    case "distribution":
      return { ...about, oneOf: distributionSchemas() };
    case "variable": {
      const plain = { type: "number", minimum: field.min, maximum: field.max };
      return { ...about, oneOf: [plain, ...distributionSchemas()] };
    }
    case "table":
      return { ...about, ...tableSchema(field) };
    default: {
      const type = field.kind === "count" ? "integer" : "number";
      return {
        ...about,
        type: "none" in field ? [type, "null"] : type,
        minimum: field.min,
        maximum: field.max,
      };
    }
  }
}

/** JSON Schemas of the distributions, of which a value must fit one. */
export function distributionSchemas(): readonly unknown[] {
  return Object.entries(distributions).map(([name, parameters]) =>
    objectSchema({ distribution: { const: name }, ...mapValues(parameters, parameterSchema) }),
  );
}

function parameterSchema(rule: DistributionParameter): unknown {
  if ("columns" in rule) {
    const items = objectSchema(mapValues(rule.columns, parameterSchema));
    return { type: "array", minItems: 1, maxItems: rule.rowsMax, items };
  }
  return { type: rule.integer ? "integer" : "number", minimum: rule.min, maximum: rule.max };
}

/** An object that has exactly these properties. */
function objectSchema(properties: Readonly<Record<string, unknown>>): unknown {
  const required = Object.keys(properties);
  return { type: "object", properties, required, additionalProperties: false };
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function tableSchema(field: TableField): Readonly<Record<string, unknown>> {
  return {
    type: "array",
    minItems: field.rowsMin,
    maxItems: field.rowsMax,
    items: objectSchema(mapValues<NumberField>(field.columns, schemaOf)),
  };
}
