// Publish steps of the naive engine: how many events, under which keys, how late, and who waits for the confirmations.

import { createSampler } from "../../kernel/distributions.ts";
import { spreadingOf } from "../../model/elements.ts";
import type { PublishConnection } from "../../model/scenario.ts";
import type { SpreadValues } from "../../nodes/spreading.ts";
import { cancel, type Timer } from "./eventArray.suite.ts";
import type { Job } from "./jobs.suite.ts";
import type { NaiveOutbox } from "./outbox.suite.ts";
import { keyNumbers } from "./producer.suite.ts";
import type { Key, Message } from "./things.suite.ts";
import type { NaiveWorld } from "./world.suite.ts";

/** What one service publishes. */
export class NaivePublishing {
  readonly #world: NaiveWorld;
  readonly #outbox: NaiveOutbox;
  readonly #ownKeys = new Map<string, () => number>();
  /** Events that have not left yet, with their timers. */
  readonly #delayed = new Map<Message, Timer>();

  constructor(world: NaiveWorld, outbox: NaiveOutbox) {
    this.#world = world;
    this.#outbox = outbox;
  }

  /** Publishes what a step of a job makes of its message; what came of it is "" when all is done, or is told later. */
  publish(link: PublishConnection, job: Job, came: (failure: string) => void): string {
    const values = spreadingOf(this.#world.scenario, link);
    if (this.#outbox.isOn()) this.#outbox.begin(job);
    const copies = this.#copies(link, values);
    // What its job waits for, until one of them fails.
    const round = { left: 0, failure: "", isHandedOver: false };
    job.publication = round;
    for (let copy = 0; copy < copies; copy++) {
      const key = values === undefined ? job.message.key : this.#key(link, values, { job, copy });
      const event = this.#world.createMessage(link, key, job.message);
      event.told = job.knows.told;
      const delayNs = values === undefined ? 0 : this.#delayNs(link, values);
      event.bornNs += delayNs;
      if (this.#outbox.isOn()) this.#outbox.insert(link, event, { id: job.transaction, delayNs });
      else if (delayNs > 0) this.#later(link, event, delayNs);
      else {
        round.left++;
        event.onOutcome = (failure) => {
          if (job.publication !== round) return;
          round.left--;
          if (failure !== "") round.failure = `publish-${failure}`;
          if (failure === "" && round.left > 0) return;
          if (!round.isHandedOver && round.failure === "") return;
          job.publication = undefined;
          if (round.isHandedOver) came(round.failure);
        };
        this.#world.publish(link, event);
      }
    }
    round.isHandedOver = true;
    if (round.failure !== "" || round.left === 0) {
      job.publication = undefined;
      return round.failure;
    }
    return "under way";
  }

  /** What has not left yet is lost. */
  crash(): void {
    for (const [event, timer] of this.#delayed) {
      cancel(timer);
      this.#world.neverLeft(event);
    }
    this.#delayed.clear();
  }

  #later(link: PublishConnection, event: Message, delayNs: number): void {
    event.onOutcome = () => {
      // Nobody waits for it.
    };
    const timer = this.#world.events.after(delayNs, () => {
      this.#delayed.delete(event);
      this.#world.publish(link, event);
    });
    this.#delayed.set(event, timer);
  }

  #copies({ id }: PublishConnection, values: SpreadValues | undefined): number {
    const copies = values?.copies ?? 1;
    if (typeof copies === "number") return copies;
    const drawn = createSampler(copies, this.#world.random(id, "copies")).sample();
    return Math.max(1, Math.min(1000, Math.ceil(drawn)));
  }

  #delayNs({ id }: PublishConnection, { publishDelay: delay }: SpreadValues): number {
    if (delay.distribution === "constant" && delay.value === 0) return 0;
    return Math.round(createSampler(delay, this.#world.random(id, "delay")).sample() * 1e6);
  }

  #key(
    link: PublishConnection,
    values: SpreadValues,
    { job, copy }: { readonly job: Job; readonly copy: number },
  ): Key | undefined {
    const { keyBy, ownKeyName } = values;
    const producer = link.id;
    if (keyBy === "cause") return job.message.key;
    if (keyBy === "copy") return { producer, number: copy, text: `${ownKeyName}-${copy}` };
    const next = this.#ownKeys.get(link.id) ?? this.#source(link, values);
    this.#ownKeys.set(link.id, next);
    const number = next();
    const text = keyBy === "fresh" ? `new-${number + 1}` : `${number}`;
    return { producer, number, text: `${ownKeyName}-${text}` };
  }

  #source({ id }: PublishConnection, values: SpreadValues): () => number {
    let made = 0;
    if (values.keyBy === "fresh") return () => made++;
    return keyNumbers(
      {
        keys: values.ownKeys,
        keyChoice: values.ownKeyChoice,
        zipfExponent: values.ownZipfExponent,
        hotKeys: values.ownHotKeys,
        hotShare: values.ownHotShare,
      },
      this.#world.random(id, "keys"),
    );
  }
}
