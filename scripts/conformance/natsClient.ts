// A client of NATS' text protocol, as small as the scenarios need it: subscriptions, publications, requests, JetStream's API.

import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** A message as it came. */
export interface NatsMessage {
  readonly subject: string;
  readonly reply: string;
  readonly payload: string;
  /** The status of a reply that is none, such as "503" or "404"; "" otherwise. */
  readonly status: string;
}

/** One connection. */
export class NatsClient {
  /** The port it is connected to. */
  readonly port: number;
  readonly #socket: Socket;
  readonly #handlers = new Map<string, (message: NatsMessage) => void>();
  #buffer = Buffer.alloc(0);
  #next = 1;

  private constructor(socket: Socket, port: number) {
    this.port = port;
    this.#socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, bytes]);
      while (this.#read());
    });
    const options = { verbose: false, headers: true, no_responders: true, protocol: 1 };
    socket.write(`CONNECT ${JSON.stringify(options)}\r\n`);
  }

  static open(port: number): Promise<NatsClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new NatsClient(socket, port)));
      socket.on("error", reject);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  subscribe(subject: string, handle: (message: NatsMessage) => void, queue = ""): void {
    const id = String(this.#next++);
    this.#handlers.set(id, handle);
    this.#socket.write(`SUB ${subject} ${queue} ${id}\r\n`);
  }

  publish(subject: string, payload = "", about: { reply?: string; msgId?: string } = {}): void {
    const { reply = "", msgId } = about;
    const size = Buffer.byteLength(payload);
    if (msgId === undefined) {
      this.#socket.write(`PUB ${subject} ${reply} ${size}\r\n${payload}\r\n`);
      return;
    }
    const head = `NATS/1.0\r\nNats-Msg-Id: ${msgId}\r\n\r\n`;
    const sizes = `${head.length} ${head.length + size}`;
    this.#socket.write(`HPUB ${subject} ${reply} ${sizes}\r\n${head}${payload}\r\n`);
  }

  /** The first answer to a message. */
  async request(subject: string, payload = "", msgId?: string): Promise<NatsMessage> {
    const [answer] = await this.collect(subject, payload, {
      ...(msgId !== undefined && { msgId }),
      most: 1,
      withinMs: 2000,
    });
    if (answer === undefined) throw new Error(`Nobody answers ${subject}.`);
    return answer;
  }

  /** So many answers at most, as far as they come in time. */
  async collect(
    subject: string,
    payload: string,
    about: { readonly most: number; readonly withinMs: number; readonly msgId?: string },
  ): Promise<NatsMessage[]> {
    const inbox = `_INBOX.${this.#next}`;
    const answers: NatsMessage[] = [];
    let isDone = (): void => undefined;
    const done = new Promise<void>((resolve) => (isDone = resolve));
    this.subscribe(inbox, (message) => {
      answers.push(message);
      if (answers.length >= about.most) isDone();
    });
    const msgId = about.msgId === undefined ? {} : { msgId: about.msgId };
    this.publish(subject, payload, { reply: inbox, ...msgId });
    await Promise.race([done, wait(about.withinMs)]);
    return answers;
  }

  /** A call of JetStream's API. */
  async api(subject: string, body: object = {}): Promise<Readonly<Record<string, unknown>>> {
    const { payload } = await this.request(`$JS.API.${subject}`, JSON.stringify(body));
    return parsed(payload);
  }

  /** Reads one message off the buffer; false when there is none. */
  #read(): boolean {
    const end = this.#buffer.indexOf("\r\n");
    if (end < 0) return false;
    const [verb = "", ...words] = this.#buffer.toString("utf8", 0, end).split(" ");
    if (verb === "PING") this.#socket.write("PONG\r\n");
    if (verb !== "MSG" && verb !== "HMSG") {
      this.#buffer = this.#buffer.subarray(end + 2);
      return true;
    }
    const total = Number(words.at(-1));
    const headSize = verb === "HMSG" ? Number(words.at(-2)) : 0;
    if (this.#buffer.length < end + 2 + total + 2) return false;
    const body = this.#buffer.toString("utf8", end + 2, end + 2 + total);
    this.#buffer = this.#buffer.subarray(end + 2 + total + 2);
    const hasReply = words.length > (verb === "HMSG" ? 4 : 3);
    this.#handlers.get(words[1] ?? "")?.({
      subject: words[0] ?? "",
      reply: hasReply ? (words[2] ?? "") : "",
      payload: body.slice(headSize),
      status: /^NATS\/1\.0 (\d+)/u.exec(body.slice(0, headSize))?.[1] ?? "",
    });
    return true;
  }
}

/** The members of a JSON object; none when it is something else. */
export function parsed(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = text === "" ? {} : JSON.parse(text);
  return isMembers(value) ? value : {};
}

/** Whether a value is an object. */
export function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
