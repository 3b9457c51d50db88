// An outbox of the naive engine: a list of rows that are not marked as published, and a relay that looks through it.

import { createSampler, type Sampler } from "../../kernel/distributions.ts";
import type { ValuesOf } from "../../base/fields.ts";
import type { outboxFields } from "../../nodes/patterns/outbox.ts";
import type { PublishConnection } from "../../model/scenario.ts";
import type { Figures } from "./figures.suite.ts";
import type { Message } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

interface Row {
  readonly link: PublishConnection;
  readonly message: Message;
  readonly id: number;
  wasTried: boolean;
  isWaiting: boolean;
}

/** The outbox of one service. */
export class NaiveOutbox {
  readonly #world: NaiveWorld;
  readonly #values: ValuesOf<typeof outboxFields>;
  readonly #isUp: () => boolean;
  readonly #lag: Sampler;
  #rows: Row[] = [];
  #ids = 0;
  #lastId = 0;
  #crashes = 0;
  #willPoll = false;
  #inserted = 0;
  #repeated = 0;
  #skipped = 0;

  constructor(
    world: NaiveWorld,
    service: string,
    values: ValuesOf<typeof outboxFields>,
    isUp: () => boolean,
  ) {
    this.#world = world;
    this.#values = values;
    this.#isUp = isUp;
    this.#lag = createSampler(values.outboxLag, world.random(service, "outbox"));
  }

  isOn(): boolean {
    return this.#values.outbox !== "none";
  }

  /** A job's transaction begins, unless it has one. */
  begin(job: { transaction: number }): void {
    if (this.isOn() && job.transaction === 0) job.transaction = ++this.#ids;
  }

  /** An event is committed in a transaction; the relay sees it after a delay. */
  insert(link: PublishConnection, message: Message, of: { id: number; delayNs: number }): void {
    const row: Row = { link, message, id: of.id, wasTried: false, isWaiting: false };
    this.#inserted++;
    if (!this.#polls()) {
      this.#rows.push(row);
      const lagNs = Math.round(this.#lag.sample() * 1e6);
      this.#world.events.after(Math.max(lagNs, of.delayNs), () => this.#publish(row));
    } else if (of.delayNs === 0) this.#appears(row);
    else {
      this.#rows.push(row);
      this.#world.events.after(of.delayNs, () => this.#appears(row));
    }
  }

  /** A poll finds a row from now on, unless the relay is past its number already. */
  #appears(row: Row): void {
    if (this.#values.outboxMemory === "flag" || row.id > this.#lastId) return this.#wait(row);
    this.#skipped++;
    this.#rows = this.#rows.filter((one) => one !== row);
    this.#world.release(row.message);
  }

  crash(): void {
    this.#crashes++;
  }

  restart(): void {
    this.#planPoll();
  }

  /** What the report says of it. */
  figures(): Figures {
    const [inserted, repeated, skipped] = [this.#inserted, this.#repeated, this.#skipped];
    return { inserted, repeated, skipped, waiting: this.#rows.length };
  }

  #polls(): boolean {
    return this.#values.outbox === "polling";
  }

  /** Behind those that have waited with the same number. */
  #wait(row: Row): void {
    row.isWaiting = true;
    this.#rows = [...this.#rows.filter((one) => one !== row), row];
    if (this.#isUp()) this.#planPoll();
  }

  #planPoll(): void {
    if (!this.#polls() || this.#willPoll || !this.#rows.some(({ isWaiting }) => isWaiting)) return;
    this.#willPoll = true;
    const everyNs = Math.round(this.#values.outboxInterval * 1e6);
    this.#world.events.after(everyNs - (this.#world.now() % everyNs), () => this.#poll());
  }

  #poll(): void {
    this.#willPoll = false;
    if (!this.#isUp()) return;
    const waiting = this.#rows.filter((row) => row.isWaiting).toSorted((a, b) => a.id - b.id);
    const batch = waiting.slice(0, this.#values.outboxBatch);
    for (const row of batch) row.isWaiting = false;
    for (const row of batch) {
      this.#lastId = Math.max(this.#lastId, row.id);
      this.#publish(row);
    }
    this.#planPoll();
  }

  #publish(row: Row): void {
    const { link, message } = row;
    const crashes = this.#crashes;
    if (row.wasTried) this.#repeated++;
    else this.#world.retain(message);
    const event = row.wasTried ? this.#world.createMessage(link, message.key, message) : message;
    row.wasTried = true;
    event.onOutcome = (failure) => {
      if (failure === "" && (!this.#polls() || crashes === this.#crashes)) {
        this.#rows = this.#rows.filter((one) => one !== row);
        this.#world.release(message);
      } else if (this.#polls()) this.#wait(row);
      else this.#world.events.after(100e6, () => this.#publish(row));
    };
    this.#world.publish(link, event);
  }
}
