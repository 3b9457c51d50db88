// From publishers to the service and back: messages gather in publish requests, which are tried again while a zone or the
// quota refuses them. Requests of a client with ordering keys do not overtake one that is tried again.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import { Ring } from "../../kernel/ring.ts";
import { Rows } from "../../kernel/rows.ts";
import { Quotas, retryPauseNs } from "../mechanisms/quotas.ts";
import type { Zones } from "../mechanisms/zones.ts";
import { messageBytesMax } from "./fields.ts";
import type { Settings } from "./settings.ts";
import type { BrokerContext } from "../technology.ts";

/** Timer codes: a batch goes out (publisher, generation); a request arrives, is sent again (row), its answer is back (row). */
export const FLUSH = 1;
export const RECEIVE = 2;
export const AGAIN = 3;
export const ANSWER = 4;

const NONE = -1;

// Integers of a request.
const PUBLISHER = 0;
const FIRST = 1;
const COUNT = 2;
const FAILED = 3;
const INTEGERS = 4;

// Doubles of a request: when it was sent at first [ns], and its size [bytes].
const SENT = 0;
const BYTES = 1;
const DOUBLES = 2;

/** How the client libraries try again: 0.1 s, doubling up to 60 s, until the total timeout is over. */
const retry = { retries: Infinity, firstNs: 1e8, mostNs: 6e10 };

/** The publications of one service. */
export class Publications {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #zones: Zones;
  readonly #quotas: Quotas;
  readonly #receive: (publisher: number, message: number) => void;
  readonly #requests: Rows;
  /** Per publisher: first and last message of the batch that gathers, its number of messages, a generation, and one more
   *  than the request that is tried again (0: none). */
  readonly #first: Int32Column;
  readonly #last: Int32Column;
  readonly #count: Int32Column;
  readonly #generation: Int32Column;
  readonly #stalled: Int32Column;
  readonly #bytes: Float64Column;
  /** Per publisher: requests that came while one before them is tried again. */
  readonly #parked: readonly (Ring | undefined)[];

  /** `receive` takes a message that the service has accepted. */
  constructor(
    parts: { context: BrokerContext; settings: Settings; zones: Zones },
    receive: (publisher: number, message: number) => void,
  ) {
    const { context, settings } = parts;
    const { arena } = context;
    const { id, bytesPerS } = settings;
    const { length } = settings.publishers;
    const column = (name: string) => arena.int32(`${id}.publications.${name}`, length);
    this.#context = context;
    this.#settings = settings;
    this.#zones = parts.zones;
    this.#receive = receive;
    this.#quotas = new Quotas(context, `${id}.quota`, [
      { perS: bytesPerS, burst: bytesPerS, refill: "steadily" },
    ]);
    this.#requests = new Rows(arena, `${id}.requests`, { integers: INTEGERS, doubles: DOUBLES });
    this.#first = column("first");
    this.#last = column("last");
    this.#count = column("count");
    this.#generation = column("generation");
    this.#stalled = column("stalled");
    this.#bytes = arena.float64(`${id}.publications.bytes`, length);
    this.#parked = settings.publishers.map((publisher, at) =>
      publisher?.hasOrderingKey === true ? new Ring(arena, `${id}.parked${at}`) : undefined,
    );
  }

  /** The application publishes a message: it joins the batch. */
  send(publisher: number, message: number): void {
    const { batchMessages, batchBytes, batchNs } = this.#settings.publishers[publisher]!;
    const size = this.#context.sizeOf(message);
    if (size > messageBytesMax) {
      this.#context.refused(publisher, message, "message-too-large");
      return;
    }
    if (this.#bytes.data[publisher]! + size > messageBytesMax) this.#flush(publisher);
    const count = ++this.#count.data[publisher]!;
    if (count === 1) this.#first.data[publisher] = message;
    else this.#context.link(this.#last.data[publisher]!, message);
    this.#last.data[publisher] = message;
    const gathered = this.#bytes.data[publisher]! + size;
    this.#bytes.data[publisher] = gathered;
    if (count >= batchMessages || gathered >= batchBytes || batchNs === 0) this.#flush(publisher);
    else if (count === 1)
      this.#context.schedule(batchNs, FLUSH, publisher, this.#generation.data[publisher]!);
  }

  /** Handles a timer. */
  wake(code: number, a: number, b: number): void {
    if (code === FLUSH) {
      if (this.#generation.data[a] === b) this.#flush(a);
    } else if (code === RECEIVE) this.#arrive(a);
    else if (code === AGAIN) this.#travel(a);
    else this.#answer(a);
  }

  #flush(publisher: number): void {
    const count = this.#count.data[publisher]!;
    if (count === 0) return;
    const row = this.#requests.take();
    const cells = this.#requests.integers;
    cells[row * INTEGERS + PUBLISHER] = publisher;
    cells[row * INTEGERS + FIRST] = this.#first.data[publisher]!;
    cells[row * INTEGERS + COUNT] = count;
    cells[row * INTEGERS + FAILED] = 0;
    this.#requests.doubles[row * DOUBLES + SENT] = this.#context.now();
    this.#requests.doubles[row * DOUBLES + BYTES] = this.#bytes.data[publisher]!;
    this.#count.data[publisher] = 0;
    this.#bytes.data[publisher] = 0;
    this.#generation.data[publisher] = (this.#generation.data[publisher]! + 1) & 0x7fffffff;
    this.#travel(row);
  }

  #travel(row: number): void {
    const { latencyNs } = this.#settings.publishers[this.#cell(row, PUBLISHER)]!;
    this.#context.schedule(latencyNs, RECEIVE, row, 0);
  }

  /** A request has come to the service. */
  #arrive(row: number): void {
    const publisher = this.#cell(row, PUBLISHER);
    const stalled = this.#stalled.data[publisher]! - 1;
    if (stalled !== NONE && stalled !== row) this.#parked[publisher]!.pushBack(row);
    else this.#take(row);
  }

  #take(row: number): void {
    const publisher = this.#cell(row, PUBLISHER);
    const { latencyNs } = this.#settings.publishers[publisher]!;
    const factor = this.#zones.ask();
    if (factor === 0) return this.#fail(row, "unavailable");
    if (!this.#quotas.take(0, this.#requests.doubles[row * DOUBLES + BYTES]!))
      return this.#fail(row, "resource-exhausted");
    let message = this.#cell(row, FIRST);
    for (let left = this.#cell(row, COUNT); left > 0; left--) {
      const next = left > 1 ? this.#context.linked(message) : NONE;
      this.#receive(publisher, message);
      message = next;
    }
    this.#context.schedule(Math.round(latencyNs * factor), ANSWER, row, 0);
    this.#proceed(publisher, row);
  }

  /** The service has refused a request for the moment: the client tries again until its time is up. */
  #fail(row: number, reason: string): void {
    const publisher = this.#cell(row, PUBLISHER);
    const { latencyNs, timeoutNs } = this.#settings.publishers[publisher]!;
    const failed = ++this.#requests.integers[row * INTEGERS + FAILED]!;
    const pauseNs = latencyNs + retryPauseNs(retry, failed);
    const sentNs = this.#requests.doubles[row * DOUBLES + SENT]!;
    if (this.#context.now() + pauseNs - sentNs <= timeoutNs) {
      if (this.#parked[publisher] !== undefined) this.#stalled.data[publisher] = row + 1;
      this.#context.schedule(pauseNs, AGAIN, row, 0);
      return;
    }
    let message = this.#cell(row, FIRST);
    for (let left = this.#cell(row, COUNT); left > 0; left--) {
      const next = left > 1 ? this.#context.linked(message) : NONE;
      this.#context.refused(publisher, message, reason);
      message = next;
    }
    this.#requests.give(row);
    this.#proceed(publisher, row);
  }

  /** Takes the requests that waited behind one. */
  #proceed(publisher: number, row: number): void {
    if (this.#stalled.data[publisher] !== row + 1) return;
    this.#stalled.data[publisher] = 0;
    const parked = this.#parked[publisher]!;
    while (parked.size() > 0 && this.#stalled.data[publisher] === 0) this.#take(parked.popFront());
  }

  #answer(row: number): void {
    const count = this.#cell(row, COUNT);
    this.#context.confirmedAll(this.#cell(row, PUBLISHER), this.#cell(row, FIRST), count);
    this.#requests.give(row);
  }

  #cell(row: number, field: number): number {
    return this.#requests.integers[row * INTEGERS + field]!;
  }
}
