// One document as a description, whatever its version. Version 2 says on a channel what others do with it: there
// `publish` means that the application receives.

import { contactLens, licenceLens } from "../contracts/contact.ts";
import { isObject } from "../model/equal.ts";
import type {
  ChannelDescription,
  DocumentDescription,
  MessageDescription,
  OperationDescription,
  ReplyDescription,
  ServerDescription,
} from "./description.ts";
import type { Findings } from "./findings.ts";
import { MessageReader } from "./messages.ts";
import {
  bindingsOf,
  entriesOf,
  fieldOf,
  itemsOf,
  layersOf,
  type Reading,
  textOf,
} from "./reading.ts";
import { placeKey, referenceAt, type References, type Spot } from "./references.ts";
import type { SourceFile } from "./workspace.ts";

/** The version that a file claims to be of; undefined: it is no AsyncAPI document. */
export function versionIn(data: unknown): string | undefined {
  if (!isObject(data)) return undefined;
  const version = data["asyncapi"];
  return typeof version === "string" || typeof version === "number" ? String(version) : undefined;
}

/** Reads a document that has a version; undefined where the version is none that we know. */
export function readDocument(
  file: SourceFile,
  references: References,
  findings: Findings,
): DocumentDescription | undefined {
  const version = versionIn(file.data) ?? "";
  const major = /^([23])\.\d+\.\d+/u.exec(version)?.[1];
  const root: Spot = { file, path: [], value: file.data };
  if (major === undefined || !isKnown(version)) {
    const message = `“${version}” is no version of AsyncAPI that can be read. 2.0.0 to 3.1.0 can: upgrade the document with the AsyncAPI converter.`;
    findings.add("error", "import/version", { file, path: ["asyncapi"] }, message);
    if (major === undefined) return undefined;
  }
  const isVersion2 = major === "2";
  const reading: Reading = { references, findings, traitsWin: isVersion2 };
  return new DocumentReader(reading, root, isVersion2).read(version);
}

function isKnown(version: string): boolean {
  return /^(2\.[0-6]\.\d+|3\.[01]\.\d+)$/u.test(version);
}

class DocumentReader {
  private readonly reading: Reading;
  private readonly root: Spot;
  private readonly isVersion2: boolean;
  private readonly messages: MessageReader;
  private readonly channels = new Map<string, ChannelDescription>();

  constructor(reading: Reading, root: Spot, isVersion2: boolean) {
    this.reading = reading;
    this.root = root;
    this.isVersion2 = isVersion2;
    this.messages = new MessageReader(reading, root, isVersion2);
  }

  read(version: string): DocumentDescription {
    const { reading, root } = this;
    const info = reading.references.child(root, "info");
    const about = info === undefined ? [] : [info];
    const servers = this.section("servers").map(([key, spot]) => this.server(key, spot));
    const channels = this.section("channels").map(([key, spot]) =>
      this.channel(key, spot, placeKey({ file: root.file, path: ["channels", key] })),
    );
    const operations = this.isVersion2
      ? channels.flatMap((channel) => this.operationsOn(channel))
      : this.section("operations").flatMap(([key, spot]) => this.operation(key, spot) ?? []);
    const components = reading.references.child(root, "components");
    for (const [key, spot] of this.under(components, "messages")) this.messages.read(spot, key);
    const messagesOutside = this.messages.all().length;
    const library = this.library(components, { servers, channels, operations });
    return {
      file: root.file,
      version,
      title: textOf(reading, about, "title") ?? root.file.name,
      documentVersion: versionText(fieldOf(reading, about, "version")?.value),
      description: textOf(reading, about, "description"),
      contact: contactLens.read(fieldOf(reading, about, "contact")?.value),
      licence: licenceLens.read(fieldOf(reading, about, "license")?.value),
      servers,
      channels,
      operations,
      messages: this.messages.all(),
      library,
      counts: {
        servers: servers.length + library.servers.length,
        channels: channels.length + library.channels.length,
        operations: operations.length + library.operations.length,
        messages: this.isVersion2 ? this.messages.all().length : messagesOutside,
        schemas: this.under(components, "schemas").length,
      },
    };
  }

  private library(
    components: Spot | undefined,
    root: DocumentDescription["library"],
  ): DocumentDescription["library"] {
    const unlike = (known: readonly { readonly spot: Spot }[]) => {
      const places = new Set(known.map(({ spot }) => placeKey(spot)));
      return ([, spot]: readonly [string, Spot]) => !places.has(placeKey(spot));
    };
    const channels = this.under(components, "channels")
      .filter(unlike(root.channels))
      .map(([key, spot]) => this.channel(key, spot));
    return {
      servers: this.under(components, "servers")
        .filter(unlike(root.servers))
        .map(([key, spot]) => this.server(key, spot)),
      channels,
      operations: this.isVersion2
        ? channels.flatMap((channel) => this.operationsOn(channel))
        : this.under(components, "operations")
            .filter(unlike(root.operations))
            .flatMap(([key, spot]) => this.operation(key, spot) ?? []),
    };
  }

  private section(key: string): readonly (readonly [string, Spot])[] {
    return this.under(this.root, key);
  }

  private under(spot: Spot | undefined, key: string): readonly (readonly [string, Spot])[] {
    if (spot === undefined) return [];
    const { references } = this.reading;
    return entriesOf(references, references.child(spot, key)).filter(([, { value }]) =>
      isObject(value),
    );
  }

  private server(key: string, spot: Spot): ServerDescription {
    const { reading } = this;
    const url = textOf(reading, [spot], "url") ?? "";
    const [, host = "", path = ""] = /^(?:[^/]*:\/\/)?([^/]*)(.*)$/su.exec(url) ?? [];
    return {
      key,
      spot,
      host: textOf(reading, [spot], "host") ?? host,
      pathname: textOf(reading, [spot], "pathname") ?? path,
      protocol: (textOf(reading, [spot], "protocol") ?? "").toLowerCase(),
      title: textOf(reading, [spot], "title"),
      description: textOf(reading, [spot], "description"),
      security: this.schemesAt(spot),
    };
  }

  /** Version 3 refers to security schemes, version 2 names those of the components. */
  private schemesAt(server: Spot): readonly Spot[] {
    const { references } = this.reading;
    const stated = itemsOf(references, references.child(server, "security"));
    if (!this.isVersion2) return stated;
    const known = new Map(this.under(references.child(this.root, "components"), "securitySchemes"));
    const names = stated.flatMap(({ value }) => (isObject(value) ? Object.keys(value) : []));
    return names.flatMap((name) => known.get(name) ?? []);
  }

  /** The channel that is defined at `spot`. Two of a document may be defined at one place: `place` tells them apart. */
  private channel(key: string, spot: Spot, place: string = placeKey(spot)): ChannelDescription {
    const known = this.channels.get(place);
    if (known !== undefined) return known;
    const { reading } = this;
    const address = fieldOf(reading, [spot], "address")?.value;
    const channel: ChannelDescription = {
      key,
      spot,
      address: this.isVersion2 ? key : typeof address === "string" ? address : null,
      title: textOf(reading, [spot], "title"),
      description: textOf(reading, [spot], "description") ?? textOf(reading, [spot], "summary"),
      servers: this.serversOf(spot),
      messages: this.isVersion2 ? this.messagesOfVersion2(key, spot) : this.messagesUnderKeys(spot),
      bindings: bindingsOf(reading, [spot]),
    };
    this.channels.set(place, channel);
    return channel;
  }

  /** Two keys may mean one message. */
  private messagesUnderKeys(channel: Spot): readonly MessageDescription[] {
    const entries = this.under(channel, "messages");
    return [...new Set(entries.flatMap(([key, spot]) => this.messages.read(spot, key) ?? []))];
  }

  /** Version 2 names servers by their keys, version 3 refers to them. */
  private serversOf(spot: Spot): readonly string[] | undefined {
    const { references } = this.reading;
    const list = references.child(spot, "servers");
    if (list === undefined || !Array.isArray(list.value)) return undefined;
    const keys = new Map(this.section("servers").map(([key, one]) => [placeKey(one), key]));
    const named = itemsOf(references, list).flatMap((one) =>
      typeof one.value === "string" ? one.value : (keys.get(placeKey(one)) ?? []),
    );
    return named.length === 0 ? undefined : named;
  }

  private messagesOfVersion2(key: string, spot: Spot): readonly MessageDescription[] {
    const { references } = this.reading;
    const sides = ["publish", "subscribe"].flatMap((side) => references.child(spot, side) ?? []);
    return [...new Set(sides.flatMap((side) => this.messagesUnder(side, key)))];
  }

  /** The messages of an operation of version 2: one, or one of several. */
  private messagesUnder(operation: Spot, channelKey: string): readonly MessageDescription[] {
    const { references } = this.reading;
    const layers = layersOf(this.reading, operation);
    const message = fieldOf(this.reading, layers, "message");
    if (message === undefined) return [];
    const several = references.child(message, "oneOf");
    const spots = several === undefined ? [message] : itemsOf(references, several);
    return spots.flatMap((spot, index) => {
      const id = textOf(this.reading, [operation], "operationId");
      const stem = id ?? channelKey;
      const name =
        textOf(this.reading, [spot], "title") ?? (index === 0 ? stem : `${stem} ${index + 1}`);
      return this.messages.read(spot, name) ?? [];
    });
  }

  private operationsOn(channel: ChannelDescription): readonly OperationDescription[] {
    const { reading } = this;
    const sides = [
      { key: "publish", action: "receive" },
      { key: "subscribe", action: "send" },
    ] as const;
    return sides.flatMap(({ key, action }) => {
      const spot = reading.references.child(channel.spot, key);
      if (spot === undefined || !isObject(spot.value)) return [];
      const layers = layersOf(reading, spot);
      const described: OperationDescription = {
        key: textOf(reading, [spot], "operationId") ?? `${channel.key}.${key}`,
        spot,
        action,
        channel,
        messages: this.messagesUnder(spot, channel.key),
        reply: undefined,
        title: undefined,
        description: textOf(reading, layers, "description") ?? textOf(reading, layers, "summary"),
        bindings: bindingsOf(reading, layers),
      };
      return [described];
    });
  }

  private operation(key: string, spot: Spot): OperationDescription | undefined {
    const { reading } = this;
    const layers = layersOf(reading, spot);
    const action = textOf(reading, layers, "action");
    const channel = this.channelAt(spot);
    if ((action !== "send" && action !== "receive") || channel === undefined) {
      const missing = channel === undefined ? "no channel" : "no action “send” or “receive”";
      const message = `The operation has ${missing}, so it is not drawn. Its text is kept.`;
      reading.findings.add("warning", "import/operation", spot, message);
      return undefined;
    }
    return {
      key,
      spot,
      action,
      channel,
      messages: this.messagesIn(spot, channel),
      reply: this.replyOf(layers),
      title: textOf(reading, layers, "title"),
      description: textOf(reading, layers, "description") ?? textOf(reading, layers, "summary"),
      bindings: bindingsOf(reading, layers),
    };
  }

  private channelAt(spot: Spot): ChannelDescription | undefined {
    const { references } = this.reading;
    const value = isObject(spot.value) ? spot.value["channel"] : undefined;
    const named: Spot = { file: spot.file, path: [...spot.path, "channel"], value };
    const declared = references.follow(named, (one) => this.channels.has(placeKey(one)));
    const known = this.channels.get(placeKey(declared));
    if (known !== undefined) return known;
    if (!isObject(declared.value)) return undefined;
    return this.channel(declared.path.at(-1) ?? "channel", declared);
  }

  /** Without a list an operation is about all messages of its channel, with an empty one about none. */
  private messagesIn(spot: Spot, channel: ChannelDescription): readonly MessageDescription[] {
    const { references } = this.reading;
    const list = references.child(spot, "messages");
    if (list === undefined || !Array.isArray(list.value)) return channel.messages;
    const messages = itemsOf(references, list).flatMap((one, index) => {
      const key = referenceKey(list, index) ?? one.path.at(-1) ?? "message";
      return this.messages.read(one, key) ?? [];
    });
    return [...new Set(messages)];
  }

  private replyOf(layers: readonly Spot[]): ReplyDescription | undefined {
    const reply = fieldOf(this.reading, layers, "reply");
    if (reply === undefined || !isObject(reply.value)) return undefined;
    const channel = this.channelAt(reply);
    if (channel !== undefined) return { channel, messages: this.messagesIn(reply, channel) };
    const messages = itemsOf(
      this.reading.references,
      this.reading.references.child(reply, "messages"),
    );
    return {
      channel: undefined,
      messages: messages.flatMap(
        (one) => this.messages.read(one, one.path.at(-1) ?? "reply") ?? [],
      ),
    };
  }
}

/** In YAML a version may have become a number: 1.0. */
function versionText(version: unknown): string {
  return typeof version === "string" || typeof version === "number" ? String(version) : "";
}

function referenceKey(list: Spot, index: number): string | undefined {
  const item: unknown = Array.isArray(list.value) ? list.value[index] : undefined;
  return referenceAt(item)?.split("/").at(-1);
}
