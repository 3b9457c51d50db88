// New versions of a contract: what they may be called, and how one is begun without anybody noticing, because everybody
// goes on speaking what they spoke until it is rolled out.

import { versionsOf } from "../model/contracts.ts";
import { replaceElement } from "../model/edit.ts";
import { elementOf } from "../model/elements.ts";
import type {
  Connection,
  ConsumeConnection,
  Contract,
  ContractVersion,
  Scenario,
} from "../model/scenario.ts";
import { planOf } from "./routes.ts";

/** Names for the next version, by what it changes for those who read the event. */
export interface NextVersions {
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
}

/** What the version after this one may be called: as semantic versioning counts where the name has numbers ("1.4.2",
 *  "v2"), otherwise the name with a number behind it. */
export function nextVersionsOf(version: string): NextVersions {
  const parts =
    /^(?<before>\D*)(?<major>\d{1,9})(?:\.(?<minor>\d{1,9}))?(?:\.(?<patch>\d{1,9}))?$/u.exec(
      version,
    )?.groups;
  if (parts === undefined)
    return { major: `${version}-2`, minor: `${version}-2`, patch: `${version}-2` };
  const { before = "" } = parts;
  const [major, minor, patch] = [parts["major"], parts["minor"], parts["patch"]].map(Number);
  const whole = (numbers: readonly number[]): string =>
    before + numbers.slice(0, parts["minor"] === undefined ? 1 : 3).join(".");
  if (parts["minor"] === undefined) {
    const only = whole([major! + 1]);
    return { major: only, minor: only, patch: only };
  }
  return {
    major: whole([major! + 1, 0, 0]),
    minor: whole([major!, minor! + 1, 0]),
    patch: whole([major!, minor!, (Number.isNaN(patch!) ? 0 : patch!) + 1]),
  };
}

/** The scenario with a new newest version of a contract, at first the same as the one before. Connections that spoke
 *  the newest one are pinned to it. A name that is taken changes nothing. */
export function withNewVersion(scenario: Scenario, id: string, name: string): Scenario {
  const contract = contractOf(scenario, id);
  if (contract === undefined) return scenario;
  if (versionsOf(contract).some(({ contractVersion }) => contractVersion === name)) return scenario;
  const spoken = contract.contractVersion;
  const next: Contract = {
    ...contract,
    contractVersion: name,
    earlier: [...(contract.earlier ?? []), versionPartOf(contract)],
  };
  return replaceElement(
    withSpeakers(scenario, id, (version) => version ?? spoken),
    next,
  );
}

/** The scenario without a version of a contract: who spoke it speaks the newest that is left. The only one stays. */
export function withoutVersion(scenario: Scenario, id: string, name: string): Scenario {
  const contract = contractOf(scenario, id);
  const left =
    contract === undefined
      ? []
      : versionsOf(contract).filter((one) => one.contractVersion !== name);
  const newest = left.at(-1);
  if (contract === undefined || newest === undefined) return scenario;
  const { headers: _, examples: __, earlier: ___, ...rest } = contract;
  const earlier = left.slice(0, -1).map(versionPartOf);
  const next: Contract = {
    ...rest,
    ...versionPartOf(newest),
    ...(earlier.length > 0 && { earlier }),
  };
  const spoken = (version: string | undefined): string | undefined =>
    version === name || version === next.contractVersion ? undefined : version;
  return replaceElement(withSpeakers(scenario, id, spoken), next);
}

/** What belongs to one version alone. */
function versionPartOf({
  contractVersion,
  schema,
  headers,
  examples,
}: ContractVersion): ContractVersion {
  return {
    contractVersion,
    schema,
    ...(headers !== undefined && { headers }),
    ...(examples !== undefined && { examples }),
  };
}

function contractOf(scenario: Scenario, id: string): Contract | undefined {
  const element = elementOf(scenario, id);
  return element?.type === "contract" ? element.value : undefined;
}

/** Changes which version of a contract its writers and readers speak; undefined stands for the newest. */
function withSpeakers(
  scenario: Scenario,
  id: string,
  spoken: (version: string | undefined) => string | undefined,
): Scenario {
  const { reaching } = planOf(scenario);
  const changed = (connection: Connection): Connection => {
    switch (connection.kind) {
      case "publish":
        return connection.contract === id
          ? writing(connection, spoken(connection.contractVersion))
          : connection;
      case "call": {
        if (connection.contract !== id) return connection;
        const { readAs, ...rest } = writing(connection, spoken(connection.contractVersion));
        const version = spoken(readAs);
        return version === undefined ? rest : { ...rest, readAs: version };
      }
      case "consume": {
        const isReader = reaching.get(connection.from)?.includes(id) === true;
        const version = spoken(connection.reads?.[id]);
        return isReader || connection.reads?.[id] !== undefined
          ? reading(connection, id, version)
          : connection;
      }
      default:
        return connection;
    }
  };
  return { ...scenario, connections: scenario.connections.map(changed) };
}

/** A connection that writes a version; undefined: the newest. */
export function writing<Writer extends { readonly contractVersion?: string }>(
  connection: Writer,
  version: string | undefined,
): Writer {
  const { contractVersion: _, ...rest } = connection;
  // Only the version was taken off, and it may be absent.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (version === undefined ? rest : { ...rest, contractVersion: version }) as Writer;
}

/** A subscription that reads a contract with a version; undefined: the newest. */
export function reading(
  connection: ConsumeConnection,
  id: string,
  version: string | undefined,
): ConsumeConnection {
  const { reads = {}, ...rest } = connection;
  const { [id]: _, ...others } = reads;
  const next = version === undefined ? others : { ...others, [id]: version };
  return Object.keys(next).length === 0 ? rest : { ...rest, reads: next };
}
