// A client of AMQP 0-9-1, as small as the scenarios need it: channels with declarations, publications in confirm mode, consumers
// and single messages. One call at a time per channel.

import { connect, type Socket } from "node:net";
import {
  type FieldTable,
  flags,
  long,
  longLong,
  longString,
  octet,
  Reader,
  short,
  shortString,
  table,
} from "./amqpWire.ts";

const FRAME_END = 0xce;
const frameTypes = { method: 1, header: 2, body: 3 } as const;

/** Class and method of what is sent and of what is waited for, as one number: class × 1000 + method. */
const methods = {
  connectionStart: 10_010,
  connectionStartOk: 10_011,
  connectionTune: 10_030,
  connectionTuneOk: 10_031,
  connectionOpen: 10_040,
  connectionClose: 10_050,
  channelOpen: 20_010,
  channelClose: 20_040,
  channelCloseOk: 20_041,
  exchangeDeclare: 40_010,
  exchangeDelete: 40_020,
  exchangeBind: 40_030,
  queueDeclare: 50_010,
  queueBind: 50_020,
  queueDelete: 50_040,
  qos: 60_010,
  consume: 60_020,
  publish: 60_040,
  return: 60_050,
  deliver: 60_060,
  get: 60_070,
  getOk: 60_071,
  ack: 60_080,
  nack: 60_120,
  confirmSelect: 85_010,
} as const;

/** Bits of the properties that are written or read here, in the order in which they stand. */
const properties = { headers: 0x2000, mode: 0x1000, priority: 0x0800, expiration: 0x0100 };

/** A message that came. */
export interface AmqpMessage {
  readonly tag: number;
  readonly body: string;
  readonly redelivered: boolean;
  readonly headers: FieldTable;
}

/** What is said of a publication. */
export interface AmqpPublication {
  readonly exchange: string;
  readonly key: string;
  readonly body: string;
  readonly headers?: FieldTable;
  readonly priority?: number;
  /** [ms] */
  readonly expiration?: number;
  readonly mandatory?: boolean;
}

interface Incoming {
  readonly method: number;
  readonly message: Omit<AmqpMessage, "body" | "headers">;
  headers: FieldTable;
  left: number;
  body: string;
}

/** One connection. */
export class AmqpClient {
  readonly #socket: Socket;
  readonly #channels: AmqpChannel[] = [];
  readonly #ready: Promise<void>;
  #buffer = Buffer.alloc(0);
  #open = (): void => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#ready = new Promise((resolve) => (this.#open = resolve));
    socket.on("data", (bytes: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, bytes]);
      while (this.#readFrame());
    });
    socket.write(Buffer.from("AMQP\0\0\u0009\u0001", "latin1"));
  }

  static async open(port: number): Promise<AmqpClient> {
    const client = await new Promise<AmqpClient>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new AmqpClient(socket)));
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("The connection was closed.")));
    });
    await client.#ready;
    return client;
  }

  /** Ends the connection without a word, as a process that dies. */
  close(): void {
    this.#socket.destroy();
  }

  async channel(): Promise<AmqpChannel> {
    const number = this.#channels.length + 1;
    const channel = new AmqpChannel((type, ...parts) => this.#write(type, number, parts));
    this.#channels.push(channel);
    await channel.call(methods.channelOpen, shortString(""));
    return channel;
  }

  #write(type: number, channel: number, parts: readonly Buffer[]): void {
    const payload = Buffer.concat(parts);
    const head = [octet(type), short(channel), long(payload.length)];
    this.#socket.write(Buffer.concat([...head, payload, octet(FRAME_END)]));
  }

  /** Reads one frame off the buffer; false when there is none. */
  #readFrame(): boolean {
    if (this.#buffer.length < 8) return false;
    const size = this.#buffer.readUInt32BE(3);
    if (this.#buffer.length < size + 8) return false;
    const [type, channel] = [this.#buffer.readUInt8(0), this.#buffer.readUInt16BE(1)];
    const payload = this.#buffer.subarray(7, 7 + size);
    this.#buffer = this.#buffer.subarray(size + 8);
    if (channel === 0) this.#negotiate(new Reader(payload));
    else this.#channels[channel - 1]?.take(type, payload);
    return true;
  }

  #negotiate(reader: Reader): void {
    const method = reader.short() * 1000 + reader.short();
    const answer = (to: number, ...parts: Buffer[]) =>
      this.#write(frameTypes.method, 0, [methodHead(to), ...parts]);
    if (method === methods.connectionStart) {
      // Without these a broker would not say that it gives up a consumer or confirms negatively.
      const capabilities = { publisher_confirms: true, "basic.nack": true };
      answer(
        methods.connectionStartOk,
        table({ capabilities }),
        shortString("PLAIN"),
        longString("\0guest\0guest"),
        shortString("en_US"),
      );
    } else if (method === methods.connectionTune) {
      const [channels, frame] = [reader.short(), reader.long()];
      answer(methods.connectionTuneOk, short(channels), long(frame), short(0));
      answer(methods.connectionOpen, shortString("/"), shortString(""), flags(false));
    } else if (method === methods.connectionClose) {
      const reason = `${reader.short()} ${reader.shortString()}`;
      for (const channel of this.#channels) channel.fail(reason);
    } else this.#open();
  }
}

function methodHead(method: number): Buffer {
  return Buffer.concat([short(Math.floor(method / 1000)), short(method % 1000)]);
}

/** One channel of a connection. */
export class AmqpChannel {
  /** What its consumers were sent, in order. */
  readonly delivered: AmqpMessage[] = [];
  /** What became of each publication, by its number from 1: ack, nack; bodies of what was returned. */
  readonly confirms = new Map<number, "ack" | "nack">();
  readonly returned: string[] = [];
  readonly #write: (type: number, ...parts: Buffer[]) => void;
  #waiting: { resolve: (reply: Incoming | undefined) => void; reject: (error: Error) => void }[] =
    [];
  #incoming: Incoming | undefined;
  #published = 0;
  /** Why it was closed by the broker. */
  closed: string | undefined;

  constructor(write: (type: number, ...parts: Buffer[]) => void) {
    this.#write = write;
  }

  /** Calls a method and waits for its answer; fails when the broker closes the channel instead. */
  call(method: number, ...parts: Buffer[]): Promise<Incoming | undefined> {
    if (this.closed !== undefined) return Promise.reject(new Error(this.closed));
    this.#write(frameTypes.method, methodHead(method), ...parts);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  fail(reason: string): void {
    this.closed = reason;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(reason));
  }

  declareExchange(name: string, type: string, args: FieldTable = {}) {
    const names = [short(0), shortString(name), shortString(type)];
    return this.call(methods.exchangeDeclare, ...names, flags(false, true), table(args));
  }

  deleteExchange(name: string) {
    return this.call(methods.exchangeDelete, short(0), shortString(name), flags());
  }

  declareQueue(name: string, args: FieldTable = {}) {
    const head = [short(0), shortString(name), flags(false, true)];
    return this.call(methods.queueDeclare, ...head, table(args));
  }

  deleteQueue(name: string) {
    return this.call(methods.queueDelete, short(0), shortString(name), flags());
  }

  /** Binds an exchange to a queue, or to another exchange. */
  bind(from: string, to: string, about: { key: string; headers: FieldTable; toExchange: boolean }) {
    const method = about.toExchange ? methods.exchangeBind : methods.queueBind;
    const names = [short(0), shortString(to), shortString(from), shortString(about.key)];
    return this.call(method, ...names, flags(false), table(about.headers));
  }

  confirmSelect() {
    return this.call(methods.confirmSelect, flags(false));
  }

  /** The number under which the publication will be confirmed. */
  publish(publication: AmqpPublication): number {
    const { exchange, key, body, headers, priority, expiration, mandatory } = publication;
    const bytes = Buffer.from(body);
    const names = [short(0), shortString(exchange), shortString(key)];
    this.#write(
      frameTypes.method,
      methodHead(methods.publish),
      ...names,
      flags(mandatory ?? false),
    );
    const present = [
      { bit: properties.headers, bytes: headers && table(headers) },
      { bit: properties.mode, bytes: octet(2) },
      { bit: properties.priority, bytes: priority === undefined ? undefined : octet(priority) },
      {
        bit: properties.expiration,
        bytes: expiration === undefined ? undefined : shortString(String(expiration)),
      },
    ].flatMap((one) => (one.bytes === undefined ? [] : [{ bit: one.bit, bytes: one.bytes }]));
    const bits = present.reduce((sum, { bit }) => sum + bit, 0);
    const head = [short(60), short(0), longLong(bytes.length), short(bits)];
    this.#write(frameTypes.header, ...head, ...present.map((one) => one.bytes));
    if (bytes.length > 0) this.#write(frameTypes.body, bytes);
    return ++this.#published;
  }

  /** `isGlobal`: for all consumers of the channel together. */
  prefetch(count: number, isGlobal = false) {
    return this.call(methods.qos, long(0), short(count), flags(isGlobal));
  }

  consume(queue: string, about: { args?: FieldTable; noAck?: boolean } = {}) {
    const head = [short(0), shortString(queue), shortString("")];
    const bits = flags(false, about.noAck ?? false);
    return this.call(methods.consume, ...head, bits, table(about.args ?? {}));
  }

  /** The next message of a queue, acknowledged unless `keeps`; undefined when there is none. */
  async get(queue: string, keeps = false): Promise<AmqpMessage | undefined> {
    const found = await this.call(methods.get, short(0), shortString(queue), flags(!keeps));
    return found && { ...found.message, body: found.body, headers: found.headers };
  }

  ack(tag: number, multiple = false): void {
    this.#write(frameTypes.method, methodHead(methods.ack), longLong(tag), flags(multiple));
  }

  nack(tag: number, about: { requeue: boolean; multiple?: boolean }): void {
    const bits = flags(about.multiple ?? false, about.requeue);
    this.#write(frameTypes.method, methodHead(methods.nack), longLong(tag), bits);
  }

  close() {
    return this.call(methods.channelClose, short(200), shortString(""), short(0), short(0));
  }

  /** Takes a frame that came for this channel. */
  take(type: number, payload: Buffer): void {
    const reader = new Reader(payload);
    if (type === frameTypes.method) this.#takeMethod(reader);
    else if (this.#incoming === undefined) return;
    else if (type === frameTypes.header) {
      reader.long();
      this.#incoming.left = reader.longLong();
      this.#incoming.headers = headersOf(reader);
    } else {
      this.#incoming.body += payload.toString("utf8");
      this.#incoming.left -= payload.length;
    }
    const found = this.#incoming;
    if (type !== frameTypes.method && found?.left === 0) this.#complete(found);
  }

  #takeMethod(reader: Reader): void {
    const method = reader.short() * 1000 + reader.short();
    const empty = { headers: {}, left: 0, body: "" };
    if (method === methods.channelClose) {
      const reason = `${reader.short()} ${reader.shortString()}`;
      this.#write(frameTypes.method, methodHead(methods.channelCloseOk));
      this.fail(reason);
    } else if (method === methods.ack || method === methods.nack)
      this.#confirm(reader, method === methods.ack ? "ack" : "nack");
    else if (method === methods.deliver || method === methods.getOk) {
      if (method === methods.deliver) reader.shortString();
      const message = { tag: reader.longLong(), redelivered: reader.octet() !== 0 };
      this.#incoming = { method, message, ...empty };
    } else if (method === methods.return)
      this.#incoming = { method, message: { tag: 0, redelivered: false }, ...empty };
    else this.#waiting.shift()?.resolve(undefined);
  }

  #confirm(reader: Reader, outcome: "ack" | "nack"): void {
    const tag = reader.longLong();
    const isMultiple = reader.octet() % 2 === 1;
    for (let one = isMultiple ? 1 : tag; one <= tag; one++)
      if (!this.confirms.has(one)) this.confirms.set(one, outcome);
  }

  #complete(found: Incoming): void {
    this.#incoming = undefined;
    const { method, message, headers, body } = found;
    if (method === methods.deliver) this.delivered.push({ ...message, headers, body });
    else if (method === methods.return) this.returned.push(body);
    else this.#waiting.shift()?.resolve(found);
  }
}

/** Headers of a message; those are the third of its properties, behind two short strings. */
function headersOf(reader: Reader): FieldTable {
  const bits = reader.short();
  for (const bit of [0x8000, 0x4000]) if ((bits & bit) !== 0) reader.shortString();
  return (bits & properties.headers) === 0 ? {} : reader.table();
}
