// Messages of documents of both versions: their names, payloads, headers and examples, each read once however many
// references lead to it.

import { isObject } from "../model/equal.ts";
import type { MessageDescription } from "./description.ts";
import {
  bindingsOf,
  fieldOf,
  itemsOf,
  type Layers,
  layersOf,
  type Reading,
  tagsOf,
  textOf,
} from "./reading.ts";
import { placeKey, type Spot } from "./references.ts";

/** The messages that were read so far. */
export class MessageReader {
  private readonly known = new Map<string, MessageDescription>();
  private readonly reading: Reading;
  private readonly isVersion2: boolean;
  private readonly defaultContentType: string | undefined;

  constructor(reading: Reading, root: Spot, isVersion2: boolean) {
    this.reading = reading;
    this.isVersion2 = isVersion2;
    this.defaultContentType = textOf(reading, [root], "defaultContentType");
  }

  /** The message at a place. `key` is how the document calls it there, in case it has no name. */
  read(spot: Spot, key: string): MessageDescription | undefined {
    if (!isObject(spot.value)) return undefined;
    const place = placeKey(spot);
    const known = this.known.get(place);
    if (known !== undefined) return known;
    const message = this.describe(spot, this.keyOf(spot, key));
    this.known.set(place, message);
    return message;
  }

  /** All that were read. */
  all(): readonly MessageDescription[] {
    return [...this.known.values()];
  }

  /** A message that stands in the components is called by its key there. */
  private keyOf({ path }: Spot, key: string): string {
    const [parent, under, own] = path.slice(-3);
    return parent === "components" && under === "messages" && own !== undefined ? own : key;
  }

  private describe(spot: Spot, key: string): MessageDescription {
    const { reading } = this;
    const layers = layersOf(reading, spot);
    const title = textOf(reading, layers, "title");
    const id = this.isVersion2 ? textOf(reading, layers, "messageId") : undefined;
    return {
      key,
      spot,
      name: textOf(reading, layers, "name") ?? id ?? key,
      title,
      description: textOf(reading, layers, "description") ?? textOf(reading, layers, "summary"),
      contentType: textOf(reading, layers, "contentType") ?? this.defaultContentType,
      ...this.payloadOf(layers),
      headers: layers.flatMap((layer) => this.schemaAt(layer, "headers")?.spot ?? []),
      examples: itemsOf(reading.references, fieldOf(reading, layers, "examples")).map(
        ({ value }) => value,
      ),
      tags: tagsOf(reading, layers),
      bindings: bindingsOf(reading, layers),
    };
  }

  private payloadOf(layers: Layers): Pick<MessageDescription, "payload" | "schemaFormat"> {
    const layer = layers.find((one) => this.reading.references.child(one, "payload") !== undefined);
    const found = layer === undefined ? undefined : this.schemaAt(layer, "payload");
    const beside = this.isVersion2 ? textOf(this.reading, layers, "schemaFormat") : undefined;
    return { payload: found?.spot, schemaFormat: found?.format ?? beside };
  }

  /** A schema; since version 3 it may name its language: { schemaFormat, schema }. */
  private schemaAt(
    layer: Spot,
    key: string,
  ): { spot: Spot; format: string | undefined } | undefined {
    const { references } = this.reading;
    const spot = references.child(layer, key);
    if (spot === undefined) return undefined;
    const isMulti = !this.isVersion2 && isObject(spot.value) && Object.hasOwn(spot.value, "schema");
    const format = isMulti && isObject(spot.value) ? spot.value["schemaFormat"] : undefined;
    const schema = isMulti ? references.child(spot, "schema") : undefined;
    if (schema === undefined) return { spot, format: undefined };
    return { spot: schema, format: typeof format === "string" ? format : undefined };
  }
}
