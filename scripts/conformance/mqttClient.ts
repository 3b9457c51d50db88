// A client of MQTT 3.1.1 and 5.0, as small as the scenarios need it: it acknowledges what it gets, unless it is told not to.

import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** How a client connects. */
export interface MqttSettings {
  readonly id: string;
  readonly protocol: "3.1.1" | "5.0";
  readonly clean: boolean;
  /** Session Expiry Interval, 5.0 only [s]. */
  readonly expiresAfter?: number;
  /** Topic and payload of its will, of QoS 1. */
  readonly will?: { readonly topic: string; readonly payload: string };
  /** It never acknowledges. */
  readonly silent?: boolean;
  /** Receive Maximum, 5.0 only. */
  readonly receiveMaximum?: number;
}

/** A message as it came. */
export interface MqttMessage {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly retain: boolean;
  /** Sent before, on an earlier connection. */
  readonly again: boolean;
}

/** A publication. */
export interface MqttPublication {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly retain?: boolean;
  /** Message Expiry Interval, 5.0 only [s]. */
  readonly expiry?: number;
}

/** Control packet types of the standard (2.1.2). */
const packets = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  disconnect: 14,
} as const;

/** Identifiers of properties (5.0, 2.2.2.2). */
const properties = { messageExpiry: 0x02, sessionExpiry: 0x11, receiveMaximum: 0x21 };
const NO_ANSWER_MS = 5000;

function short(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([short(bytes.length), bytes]);
}

/** A variable byte integer. */
function size(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left % 128) + (left >= 128 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.from(bytes);
}

/** One connection. */
export class MqttClient {
  /** What it was sent, in order. */
  readonly received: MqttMessage[] = [];
  readonly #socket: Socket;
  readonly #settings: MqttSettings;
  readonly #answers = new Map<string, () => void>();
  #buffer = Buffer.alloc(0);
  #next = 1;

  private constructor(socket: Socket, settings: MqttSettings) {
    this.#socket = socket;
    this.#settings = settings;
    socket.on("data", (bytes: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, bytes]);
      while (this.#read());
    });
  }

  static async open(port: number, settings: MqttSettings): Promise<MqttClient> {
    const client = await new Promise<MqttClient>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new MqttClient(socket, settings)));
      socket.on("error", reject);
    });
    const accepted = client.#answer(packets.connack, 0);
    client.#connect();
    await accepted;
    return client;
  }

  #connect(): void {
    const { id, protocol, clean, expiresAfter, will, receiveMaximum } = this.#settings;
    const flags = (clean ? 0x02 : 0) + (will === undefined ? 0 : 0x04 + 0x08);
    const own = [
      ...(expiresAfter === undefined
        ? []
        : [Buffer.from([properties.sessionExpiry]), long(expiresAfter)]),
      ...(receiveMaximum === undefined
        ? []
        : [Buffer.from([properties.receiveMaximum]), short(receiveMaximum)]),
    ];
    const level = protocol === "5.0" ? 5 : 4;
    this.#send(packets.connect, 0, [
      text("MQTT"),
      Buffer.from([level, flags]),
      short(0),
      this.#properties(own),
      text(id),
      ...(will === undefined ? [] : [this.#properties([]), text(will.topic), text(will.payload)]),
    ]);
  }

  #properties(parts: readonly Buffer[]): Buffer {
    if (this.#settings.protocol !== "5.0") return Buffer.alloc(0);
    const body = Buffer.concat(parts);
    return Buffer.concat([size(body.length), body]);
  }

  #send(type: number, flags: number, parts: readonly Buffer[]): void {
    const body = Buffer.concat(parts);
    this.#socket.write(Buffer.concat([Buffer.from([type * 16 + flags]), size(body.length), body]));
  }

  /** Resolves when a packet with this identifier came. */
  #answer(type: number, id: number): Promise<void> {
    const came = new Promise<void>((resolve) => this.#answers.set(`${type} ${id}`, resolve));
    const never = wait(NO_ANSWER_MS, undefined, { ref: false }).then(() => {
      throw new Error(`No answer of type ${type} came.`);
    });
    return Promise.race([came, never]);
  }

  /** Retain Handling is of 5.0. */
  async subscribe(filter: string, about: { qos: number; retainHandling: number }): Promise<void> {
    const id = this.#next++;
    const accepted = this.#answer(packets.suback, id);
    this.#send(packets.subscribe, 2, [
      short(id),
      this.#properties([]),
      text(filter),
      Buffer.from([about.qos + about.retainHandling * 16]),
    ]);
    await accepted;
  }

  /** Publishes and waits for the broker's last answer; of QoS 0 there is none. */
  async publish({ topic, payload, qos, retain = false, expiry }: MqttPublication): Promise<void> {
    const id = this.#next++;
    const own = expiry === undefined ? [] : [Buffer.from([properties.messageExpiry]), long(expiry)];
    const last = qos === 1 ? packets.puback : packets.pubcomp;
    const accepted = qos === 0 ? undefined : this.#answer(last, id);
    this.#send(packets.publish, qos * 2 + (retain ? 1 : 0), [
      text(topic),
      ...(qos === 0 ? [] : [short(id)]),
      this.#properties(own),
      Buffer.from(payload),
    ]);
    await accepted;
  }

  /** Ends the connection as the standard wants it. */
  disconnect(): void {
    this.#send(packets.disconnect, 0, []);
    this.#socket.end();
  }

  /** Closes the socket without a word, as when the process dies. */
  kill(): void {
    this.#socket.destroy();
  }

  /** Reads one packet off the buffer; false when there is none. */
  #read(): boolean {
    let [length, bytes] = [0, 1];
    for (; ; bytes++) {
      const byte = this.#buffer[bytes];
      if (byte === undefined) return false;
      length += (byte % 128) * 128 ** (bytes - 1);
      if (byte < 128) break;
    }
    const from = bytes + 1;
    if (this.#buffer.length < from + length) return false;
    const first = this.#buffer.readUInt8(0);
    const body = this.#buffer.subarray(from, from + length);
    this.#buffer = this.#buffer.subarray(from + length);
    this.#take(first >> 4, first & 0x0f, body);
    return true;
  }

  #take(type: number, flags: number, body: Buffer): void {
    if (type === packets.publish) this.#receive(flags, body);
    else if (type === packets.pubrec) this.#send(packets.pubrel, 2, [body.subarray(0, 2)]);
    else if (type === packets.pubrel) this.#send(packets.pubcomp, 0, [body.subarray(0, 2)]);
    else {
      const id = type === packets.connack ? 0 : body.readUInt16BE(0);
      this.#answers.get(`${type} ${id}`)?.();
    }
  }

  #receive(flags: number, body: Buffer): void {
    const end = 2 + body.readUInt16BE(0);
    const qos = (flags >> 1) & 3;
    const payloadAt = end + (qos === 0 ? 0 : 2);
    // The length of the properties takes one byte here: there are few.
    const skipped = this.#settings.protocol === "5.0" ? 1 + (body[payloadAt] ?? 0) : 0;
    this.received.push({
      topic: body.toString("utf8", 2, end),
      payload: body.toString("utf8", payloadAt + skipped),
      qos,
      retain: (flags & 1) === 1,
      again: (flags & 8) !== 0,
    });
    if (qos === 0 || this.#settings.silent === true) return;
    this.#send(qos === 1 ? packets.puback : packets.pubrec, 0, [body.subarray(end, end + 2)]);
  }
}
