// How clients of a broker prove who they are, as its servers state it. A drawing has one way; the texts keep the others.

import { readScheme } from "../contracts/security.ts";
import type { SecurityScheme } from "../model/scenario.ts";
import type { Findings } from "./findings.ts";
import type { ServerGroup } from "./servers.ts";

/** The first security scheme of servers that a scenario has a word for; a finding says what else they state. */
export function securityOf(
  { servers }: ServerGroup,
  findings: Findings,
): SecurityScheme | undefined {
  const stated = servers.flatMap(({ security }) => security);
  const schemes = new Set(stated.map(({ value }) => readScheme(value)));
  const chosen = [...schemes].find((scheme) => scheme !== undefined);
  const [server] = servers;
  if (server === undefined || schemes.size <= (chosen === undefined ? 0 : 1)) return chosen;
  const name = server.title ?? server.key;
  const message =
    chosen === undefined
      ? `${name} asks for a kind of security that a drawing has no place for. The text keeps it.`
      : `${name} accepts several kinds of security; the drawing shows one of them, ${chosen}. The text keeps the others.`;
  findings.add("info", "import/security", server.spot, message);
  return chosen;
}
