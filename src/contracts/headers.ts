// The headers of a message: those of its contract, and for CloudEvents in binary mode the attributes, which each
// protocol names in its own way.

import { isObject } from "../model/equal.ts";
import type { ContractVersion, JsonSchema } from "../model/scenario.ts";
import { type Reference, refTo } from "./document.ts";
import { embedSchema, releaseSchema } from "./embeddedSchema.ts";
import type { Lens } from "./lens.ts";

/** How headers stand in a message. */
export interface SaidHeaders {
  readonly headers?: object | undefined;
  readonly traits?: readonly Reference[] | undefined;
}

/** The headers of a message with this key. `attributes` are the keys of the traits with the attributes of events, one
 *  for each protocol over which it travels; none where it is no binary event. */
export function headersLens(
  key: string,
  attributes: readonly string[],
): Lens<ContractVersion["headers"], SaidHeaders> {
  return {
    write: (headers) => {
      if (attributes.length === 0)
        return { headers: headers && ownHeaders(headers, headersPlace(key)) };
      const own = headers && ownHeaders(headers, partPlace(key));
      if (attributes.length === 1 && own === undefined)
        return { traits: attributes.map((one) => refTo("components", "messageTraits", one)) };
      const schemas = attributes.map((one) => refTo("components", "schemas", one));
      const anyOf = schemas.length === 1 ? schemas : [{ anyOf: schemas }];
      return { headers: { type: "object", allOf: [...(own ? [own] : []), ...anyOf] } };
    },
    read: (said) => readHeaders(key, isObject(said) ? said["headers"] : undefined),
  };
}

/** The headers of a message without the attributes of events. */
export function readHeaders(key: string, headers: unknown): JsonSchema | undefined {
  if (!isObject(headers)) return undefined;
  const parts = Array.isArray(headers["allOf"]) ? headers["allOf"] : [];
  const own = parts.filter((part) => !isAttributes(part));
  if (own.length === parts.length) return releaseSchema(headers, headersPlace(key));
  return own.length === 0 ? undefined : releaseSchema(own[0], partPlace(key));
}

// Tools ask for headers that are an object in so many words.
function ownHeaders(headers: JsonSchema, place: string): object {
  return { type: "object", ...embedSchema(headers, place) };
}

function isAttributes(part: unknown): boolean {
  if (!isObject(part)) return false;
  const { $ref: reference, anyOf } = part;
  if (Array.isArray(anyOf)) return anyOf.some(isAttributes);
  return typeof reference === "string" && /\/CloudEvent(?:-\d+)?\.[^/]+$/u.test(reference);
}

function headersPlace(key: string): string {
  return `#/components/messages/${key}/headers`;
}

// Beside the attributes of an event, the headers of the contract are the first of several parts.
function partPlace(key: string): string {
  return `${headersPlace(key)}/allOf/0`;
}
