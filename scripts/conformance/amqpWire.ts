// The binary forms of AMQP 0-9-1 (https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf, 4.2): numbers, strings and field tables,
// written and read.

/** A value in a field table. */
export type FieldValue = string | number | boolean | null | readonly FieldValue[] | FieldTable;

/** Arguments of queues and headers of messages. */
export interface FieldTable {
  readonly [name: string]: FieldValue;
}

/** A 32-bit integer's largest value; larger ones are written with 64 bits. */
const INT_MAX = 0x7fff_ffff;

export function octet(value: number): Buffer {
  return Buffer.from([value]);
}

export function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function longLong(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

export function shortString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([octet(bytes.length), bytes]);
}

export function longString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([long(bytes.length), bytes]);
}

/** Up to eight flags, the first one in the lowest bit. */
export function flags(...bits: readonly boolean[]): Buffer {
  return octet(bits.reduce((byte, isSet, at) => byte + (isSet ? 2 ** at : 0), 0));
}

export function table(fields: FieldTable): Buffer {
  const parts = Object.entries(fields).flatMap(([name, value]) => [shortString(name), any(value)]);
  const body = Buffer.concat(parts);
  return Buffer.concat([long(body.length), body]);
}

function any(value: FieldValue): Buffer {
  const typed = (letter: string, body: Buffer) => Buffer.concat([Buffer.from(letter), body]);
  if (value === null) return Buffer.from("V");
  if (typeof value === "boolean") return typed("t", flags(value));
  if (typeof value === "string") return typed("S", longString(value));
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    if (Number.isInteger(value) && Math.abs(value) > INT_MAX) return typed("l", longLong(value));
    if (Number.isInteger(value)) bytes.writeInt32BE(value);
    else bytes.writeDoubleBE(value);
    return Number.isInteger(value) ? typed("I", bytes.subarray(0, 4)) : typed("d", bytes);
  }
  if (isList(value)) {
    const body = Buffer.concat(value.map(any));
    return typed("A", Buffer.concat([long(body.length), body]));
  }
  return typed("F", table(value));
}

function isList(value: FieldValue): value is readonly FieldValue[] {
  return Array.isArray(value);
}

/** Reads one value after the other. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  #skip(count: number): number {
    this.#at += count;
    return this.#at - count;
  }

  octet(): number {
    return this.#bytes.readUInt8(this.#skip(1));
  }

  short(): number {
    return this.#bytes.readUInt16BE(this.#skip(2));
  }

  long(): number {
    return this.#bytes.readUInt32BE(this.#skip(4));
  }

  longLong(): number {
    return Number(this.#bytes.readBigInt64BE(this.#skip(8)));
  }

  shortString(): string {
    const size = this.octet();
    return this.#text(size);
  }

  #text(size: number): string {
    const from = this.#skip(size);
    return this.#bytes.toString("utf8", from, from + size);
  }

  table(): FieldTable {
    const end = this.long() + this.#at;
    const fields: Record<string, FieldValue> = {};
    while (this.#at < end) fields[this.shortString()] = this.#any();
    return fields;
  }

  #any(): FieldValue {
    const letter = String.fromCharCode(this.octet());
    switch (letter) {
      case "t":
        return this.octet() !== 0;
      case "b":
        return this.#bytes.readInt8(this.#skip(1));
      case "s":
        return this.#bytes.readInt16BE(this.#skip(2));
      case "I":
        return this.#bytes.readInt32BE(this.#skip(4));
      case "l":
      case "T":
        return this.longLong();
      case "d":
        return this.#bytes.readDoubleBE(this.#skip(8));
      case "S":
        return this.#text(this.long());
      case "A":
        return this.#list();
      case "F":
        return this.table();
      case "V":
        return null;
      default:
        throw new Error(`A field of type "${letter}" is not read here.`);
    }
  }

  #list(): FieldValue[] {
    const end = this.long() + this.#at;
    const values: FieldValue[] = [];
    while (this.#at < end) values.push(this.#any());
    return values;
  }
}
