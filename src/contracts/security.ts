// How clients prove who they are, as security schemes of AsyncAPI and back. A scenario names the scheme only: what else
// one needs (the endpoints of OAuth, say) is left open, so that nothing is made up.

import { isObject } from "../model/equal.ts";
import type { Node, SecurityScheme } from "../model/scenario.ts";
import { securitySchemes } from "../model/scenario.ts";
import { type Reference, refTo } from "./document.ts";

type SchemeObject = Readonly<Record<string, unknown>> & { readonly type: string };

/** Schemes whose objects have more than a type. A key over HTTP has the header that is usual for it, because the
 *  specification asks for a name. */
const fuller: Partial<Readonly<Record<SecurityScheme, SchemeObject>>> = {
  oauth2: { type: "oauth2", flows: {} },
  httpApiKey: { type: "httpApiKey", name: "X-API-Key", in: "header" },
  httpBasic: { type: "http", scheme: "basic" },
  httpBearer: { type: "http", scheme: "bearer" },
};

/** The object of a scheme, under `components`. */
export function schemeObject(scheme: SecurityScheme): SchemeObject {
  return fuller[scheme] ?? { type: scheme };
}

/** The scheme that an object describes; undefined where a scenario has no word for it. */
export function readScheme(object: unknown): SecurityScheme | undefined {
  if (!isObject(object)) return undefined;
  const { type, scheme } = object;
  if (type !== "http") return securitySchemes.find((one) => one === type);
  const name = typeof scheme === "string" ? scheme.toLowerCase() : "";
  if (name === "basic") return "httpBasic";
  return name === "bearer" ? "httpBearer" : undefined;
}

/** What the server of a node says about security. */
export function securityOf(node: Node | undefined): readonly Reference[] | undefined {
  const scheme = schemeOf(node);
  return scheme && [refTo("components", "securitySchemes", scheme)];
}

/** The schemes of nodes, under their names, in the order of the list of all; undefined where there are none. */
export function schemesOf(
  nodes: readonly Node[],
): Readonly<Record<string, SchemeObject>> | undefined {
  const used = new Set(nodes.map(schemeOf));
  const entries = securitySchemes
    .filter((scheme) => used.has(scheme))
    .map((scheme) => [scheme, schemeObject(scheme)] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function schemeOf(node: Node | undefined): SecurityScheme | undefined {
  return node !== undefined && "security" in node ? node.security : undefined;
}
