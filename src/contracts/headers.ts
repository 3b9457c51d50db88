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

/** The key of the trait with the attributes of events over a protocol. */
export function traitKey(protocol: string): string {
  return `CloudEvent.${protocol}`;
}

/** The headers of a message with this key that travels over these protocols; empty where it is no binary event. */
export function headersLens(
  key: string,
  protocols: readonly string[],
): Lens<ContractVersion["headers"], SaidHeaders> {
  return {
    write: (headers) => {
      const own = headers && { type: "object", ...embedSchema(headers, headersPlace(key)) };
      const traits = protocols.map((protocol) =>
        refTo("components", "messageTraits", traitKey(protocol)),
      );
      if (traits.length === 0) return { headers: own };
      if (traits.length === 1 && own === undefined) return { traits };
      const attributes = traits.map(({ $ref }) => ({ $ref: `${$ref}/headers` }));
      const anyOf = attributes.length === 1 ? attributes : [{ anyOf: attributes }];
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
  return own.length === 0 ? undefined : releaseSchema(own[0], headersPlace(key));
}

function isAttributes(part: unknown): boolean {
  if (!isObject(part)) return false;
  const { $ref: reference, anyOf } = part;
  if (Array.isArray(anyOf)) return anyOf.some(isAttributes);
  return typeof reference === "string" && reference.includes(`/messageTraits/`);
}

function headersPlace(key: string): string {
  return `#/components/messages/${key}/headers`;
}
