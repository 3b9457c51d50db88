// A client of Redis' protocol, as small as the scenarios need it: one command after the other, replies as plain data.

import { connect, type Socket } from "node:net";

/** A reply: text, number, list, nothing, or an error as text that begins with "error: ". */
export type Reply = string | number | null | readonly Reply[];

const NOT_YET = Symbol("more bytes are needed");

/** One connection. */
export class RedisClient {
  /** The port it is connected to. */
  readonly port: number;
  readonly #socket: Socket;
  #buffer = Buffer.alloc(0);
  #at = 0;
  readonly #waiting: ((reply: Reply) => void)[] = [];

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.port = port;
    socket.on("data", (bytes: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, bytes]);
      this.#read();
    });
  }

  static open(port: number): Promise<RedisClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new RedisClient(socket, port)));
      socket.on("error", reject);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  send(...words: (string | number)[]): Promise<Reply> {
    const parts = words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`);
    this.#socket.write(`*${words.length}\r\n${parts.join("")}`);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #read(): void {
    while (this.#waiting.length > 0) {
      this.#at = 0;
      const reply = this.#next();
      if (reply === NOT_YET) return;
      this.#buffer = this.#buffer.subarray(this.#at);
      this.#waiting.shift()?.(reply);
    }
  }

  #next(): Reply | typeof NOT_YET {
    const end = this.#buffer.indexOf("\r\n", this.#at);
    if (end < 0) return NOT_YET;
    const kind = String.fromCharCode(this.#buffer[this.#at] ?? 0);
    const text = this.#buffer.toString("utf8", this.#at + 1, end);
    this.#at = end + 2;
    if (kind === ":") return Number(text);
    if (kind === "-") return `error: ${text}`;
    if (kind === "+") return text;
    const length = Number(text);
    if (length < 0) return null;
    return kind === "$" ? this.#bulk(length) : this.#list(length);
  }

  #bulk(length: number): string | typeof NOT_YET {
    const end = this.#at + length;
    if (this.#buffer.length < end + 2) return NOT_YET;
    const text = this.#buffer.toString("utf8", this.#at, end);
    this.#at = end + 2;
    return text;
  }

  #list(length: number): Reply | typeof NOT_YET {
    const list: Reply[] = [];
    for (let left = length; left > 0; left--) {
      const reply = this.#next();
      if (reply === NOT_YET) return NOT_YET;
      list.push(reply);
    }
    return list;
  }
}
