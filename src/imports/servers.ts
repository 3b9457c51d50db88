// Which servers are one broker: those of the same protocol and address in different documents, and those of one document
// on which the same channel is, such as production and staging.

import type { ChannelDescription, DocumentDescription, ServerDescription } from "./description.ts";
import type { Findings } from "./findings.ts";
import { type ProtocolEntry, protocolEntry } from "./protocols.ts";

/** A broker of the drawing. */
export interface ServerGroup {
  readonly entry: ProtocolEntry;
  /** Its servers, the first one gives it its name; none where no document names one. */
  readonly servers: readonly ServerDescription[];
}

/** Servers of all documents, put together. */
export interface ServerGroups {
  readonly groups: readonly ServerGroup[];
  /** The broker on which a channel of a document is. */
  groupOf(document: DocumentDescription, channel: ChannelDescription): ServerGroup;
}

/** A broker that grows while documents are read. */
interface Growing {
  readonly entry: ProtocolEntry;
  readonly servers: ServerDescription[];
}

/** Groups the servers of documents. Documents without servers come last, so that their channels find those of others. */
export function groupServers(
  documents: readonly DocumentDescription[],
  findings: Findings,
): ServerGroups {
  const grouping = new Grouping(findings);
  const inOrder = [
    ...documents.filter(({ servers }) => servers.length > 0),
    ...documents.filter(({ servers }) => servers.length === 0),
  ];
  for (const document of inOrder) grouping.add(document);
  return grouping.finish(documents);
}

class Grouping {
  private readonly findings: Findings;
  /** Union-find over the identities of servers: each leads to the one that stands for its group. */
  private readonly parents = new Map<string, string>();
  private readonly servers = new Map<string, ServerDescription[]>();
  private readonly homes = new Map<ChannelDescription, string>();
  /** Address of a channel → identities of the servers on which it was found. */
  private readonly addresses = new Map<string, Set<string>>();

  constructor(findings: Findings) {
    this.findings = findings;
  }

  add(document: DocumentDescription): void {
    const families = familiesByChannel(document);
    for (const server of document.servers) this.know(server);
    for (const channel of channelsOf(document)) {
      const wanted = families.get(channel) ?? new Set();
      const home =
        document.servers.length === 0
          ? this.homeWithoutServers(channel, wanted)
          : this.homeAmong(document, channel, wanted);
      this.homes.set(channel, home);
      const known = this.addresses.get(addressOf(channel)) ?? new Set();
      this.addresses.set(addressOf(channel), known.add(home));
    }
  }

  private know(server: ServerDescription): string {
    const identity = identityOf(server);
    if (!this.parents.has(identity)) this.parents.set(identity, identity);
    this.servers.set(identity, [...(this.servers.get(identity) ?? []), server]);
    return identity;
  }

  private root(identity: string): string {
    let here = identity;
    for (let next = this.parents.get(here); next !== undefined && next !== here;) {
      here = next;
      next = this.parents.get(here);
    }
    return here;
  }

  private homeAmong(
    document: DocumentDescription,
    channel: ChannelDescription,
    wanted: ReadonlySet<string>,
  ): string {
    const named = document.servers.filter(
      ({ key }) => channel.servers === undefined || channel.servers.includes(key),
    );
    const possible = named.length > 0 ? named : document.servers;
    const fitting = possible.filter(({ protocol }) => wanted.has(protocolEntry(protocol).family));
    const [first, ...others] = fitting.length > 0 ? fitting : possible;
    if (first === undefined) return this.homeWithoutServers(channel, wanted);
    const { family } = protocolEntry(first.protocol);
    const home = this.root(identityOf(first));
    for (const other of others) {
      if (protocolEntry(other.protocol).family === family)
        this.parents.set(this.root(identityOf(other)), home);
      else
        this.findings.add(
          "info",
          "import/several-protocols",
          channel.spot,
          `The channel ${channel.address ?? channel.key} is on ${first.key} (${first.protocol}) and on ${other.key} (${other.protocol}); it is drawn on ${first.key} only.`,
        );
    }
    return home;
  }

  /** On the only broker that has a channel of that address, else on the only broker there is, else on one made up. */
  private homeWithoutServers(channel: ChannelDescription, wanted: ReadonlySet<string>): string {
    const [family] = wanted;
    const fits = (identity: string): boolean =>
      family === undefined || this.entryOf(identity).family === family;
    const known = [...(this.addresses.get(addressOf(channel)) ?? [])].map((one) => this.root(one));
    const all = [...this.parents.keys()].map((one) => this.root(one));
    for (const candidates of [new Set(known.filter(fits)), new Set(all.filter(fits))]) {
      const [only, ...more] = candidates;
      if (only !== undefined && more.length === 0) return only;
    }
    const identity = `?${family ?? ""}`;
    if (!this.parents.has(identity)) this.parents.set(identity, identity);
    return identity;
  }

  private entryOf(identity: string): ProtocolEntry {
    if (identity.startsWith("?")) return protocolEntry(identity.slice(1));
    return protocolEntry(this.servers.get(identity)?.[0]?.protocol ?? "");
  }

  finish(documents: readonly DocumentDescription[]): ServerGroups {
    const groups = new Map<string, Growing>();
    const groupFor = (identity: string): Growing => {
      const root = this.root(identity);
      const known = groups.get(root);
      if (known !== undefined) return known;
      const group: Growing = { entry: this.entryOf(root), servers: [] };
      groups.set(root, group);
      return group;
    };
    for (const document of documents) {
      for (const server of document.servers) groupFor(identityOf(server)).servers.push(server);
      for (const channel of channelsOf(document)) groupFor(this.homes.get(channel) ?? "?");
    }
    return {
      groups: [...groups.values()],
      groupOf: (_, channel) => groupFor(this.homes.get(channel) ?? "?"),
    };
  }
}

/** Every channel that is drawn: those of a document, or those of a library that nobody else draws. */
export function channelsOf(document: DocumentDescription): readonly ChannelDescription[] {
  const used = document.operations.flatMap(({ channel, reply }) => [channel, reply?.channel]);
  const own = [...document.channels, ...used.filter((one) => one !== undefined)];
  return [...new Set(own.length > 0 ? own : document.library.channels)];
}

/** Protocol, host and path: what makes two servers the same. */
function identityOf({ protocol, host, pathname }: ServerDescription): string {
  const path = pathname.replace(/\/+$/u, "");
  return `${protocolEntry(protocol).family}://${host.toLowerCase()}${path}`;
}

function addressOf(channel: ChannelDescription): string {
  return channel.address ?? channel.key;
}

/** Which protocols the bindings of a channel, its operations and its messages speak of. */
function familiesByChannel(
  document: DocumentDescription,
): ReadonlyMap<ChannelDescription, Set<string>> {
  const families = new Map<ChannelDescription, Set<string>>();
  const note = (channel: ChannelDescription, keys: Iterable<string>): void => {
    const known = families.get(channel) ?? new Set<string>();
    for (const key of keys) known.add(protocolEntry(key).family);
    families.set(channel, known);
  };
  for (const channel of channelsOf(document)) {
    note(channel, channel.bindings.keys());
    for (const message of channel.messages) note(channel, message.bindings.keys());
  }
  for (const { channel, bindings } of document.operations) note(channel, bindings.keys());
  return families;
}
