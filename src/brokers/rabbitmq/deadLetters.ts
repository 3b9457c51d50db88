// What becomes of copies that leave their queue for good: published again to a dead-letter exchange, or dropped, with the
// record of x-death and the detection of circles.

import { type DeathLists, type DeathReason, deathReasons, EXPIRED } from "../mechanisms/deaths.ts";
import type { Disuse } from "./disuse.ts";
import type { Parts, Queues } from "./queues.ts";
import type { Router } from "./routing.ts";
import {
  DEAD_LETTERS_MISSING,
  NO_DEAD_LETTERS,
  type QueueSettings,
  type Settings,
} from "./settings.ts";
import type { Account, BrokerContext } from "../technology.ts";

/** A copy that leaves its queue for good, from a consumer's hands when there is a delivery (not -1). */
export interface Death {
  readonly copy: number;
  readonly delivery: number;
  readonly reason: DeathReason;
}

/** How a copy leaves the books of its queue. */
interface Leaving {
  readonly message: number;
  readonly delivery: number;
  readonly how: "dead" | "expired" | "dropped";
  readonly reason: string;
}

/** Enters in the books how a copy leaves its queue: from a consumer's hands when there is a delivery (not -1). */
export function leaveBooks(context: BrokerContext, account: Account, about: Leaving): void {
  const { message, delivery, how, reason } = about;
  if (delivery >= 0) {
    if (how === "dead") context.rejected(delivery, reason);
    else context.discarded(delivery, reason);
  } else if (how === "dead") context.deadLettered(account, message, reason);
  else if (how === "expired") context.expired(account, message, reason);
  else context.dropped(account, message, reason);
}

/** The dead letters of one broker. */
export class DeadLetters {
  readonly #context: BrokerContext;
  readonly #settings: Settings;
  readonly #router: Router;
  readonly #queues: Queues;
  readonly #disuse: Disuse;
  readonly #deaths: DeathLists;
  /** Deaths of this instant that wait for their turn; empty between events, hence it is not in the arena. */
  readonly #dying: (Death & { readonly queue: number })[] = [];

  constructor(parts: Parts, queues: Queues, deaths: DeathLists) {
    this.#context = parts.context;
    this.#settings = parts.settings;
    this.#router = parts.router;
    this.#disuse = parts.disuse;
    this.#queues = queues;
    this.#deaths = deaths;
  }

  /** A copy leaves its queue for good: published again to the dead-letter exchange if there is one that has a place
   *  for it, dropped otherwise. Frees the copy. One death may lead to others at the same instant, through any number
   *  of queues: they take their turn in a list instead of calling each other. */
  die(queue: number, about: Death): void {
    this.#dying.push({ queue, ...about });
    if (this.#dying.length > 1) return;
    // Grows while it is walked over.
    for (const death of this.#dying) this.#bury(death.queue, death);
    this.#dying.length = 0;
  }

  #bury(queue: number, about: Death): void {
    const { copy, delivery, reason } = about;
    const settings = this.#settings.queues[queue]!;
    const name = deathReasons[reason];
    const targets = this.#deadLetterTargets(settings, copy);
    const deaths = this.#deaths.add(this.#queues.copies.deaths(copy), queue, reason);
    const message = this.#queues.copies.message(copy);
    const refusal = (target: number) => this.#refusal(target, message, deaths);
    const open = targets.filter((target) => refusal(target) === "");
    if (settings.deadLetterAt === NO_DEAD_LETTERS) {
      const how = reason === EXPIRED ? "expired" : "dropped";
      this.#leave(queue, copy, { delivery, how, reason: name });
    } else if (open.length === 0) {
      const first = targets.length > 0 ? refusal(targets[0]!) : "unroutable";
      const why = settings.deadLetterAt === DEAD_LETTERS_MISSING ? "exchange-missing" : first;
      this.#leave(queue, copy, { delivery, how: "dropped", reason: `dead-letter-${why}` });
    } else {
      this.#leave(queue, copy, { delivery, how: "dead", reason: name });
      this.#context.stored(settings.deadLetterChannel, message, -1, -1);
      for (const target of open) this.#republish(target, queue, { copy, reason });
    }
    this.#deaths.free(deaths);
    this.#queues.letGo(queue, copy);
  }

  #deadLetterTargets(settings: QueueSettings, copy: number): readonly number[] {
    if (settings.deadLetterAt < 0) return [];
    if (settings.deadLetterQueues !== undefined)
      return this.#disuse.present(settings.deadLetterQueues);
    const template = this.#deadLetterTemplate(settings, copy);
    return this.#queues.route(settings.deadLetterAt, template, this.#queues.copies.message(copy));
  }

  #deadLetterTemplate(settings: QueueSettings, copy: number): number {
    const own = this.#queues.copies.template(copy);
    const { deadLetterKey: key } = settings;
    return key < 0 ? own : this.#router.deadLetterTemplate(own, key);
  }

  /** Why a queue does not get a dead letter, "" when it does. */
  #refusal(target: number, message: number, deaths: number): string {
    if (this.#deaths.isCycle(deaths, target)) return "cycle";
    const answer = this.#queues.wouldTake(target, message);
    const forwards = this.#settings.queues[target]!.overflow === "reject-publish-dlx";
    return answer === "taken" || answer === "waits" || forwards ? "" : answer;
  }

  #republish(target: number, from: number, about: { copy: number; reason: DeathReason }): void {
    const { copy, reason } = about;
    const message = this.#queues.copies.message(copy);
    const traits = {
      template: this.#deadLetterTemplate(this.#settings.queues[from]!, copy),
      persistent: this.#queues.copies.isPersistent(copy),
      lifetimeNs: Infinity,
      deaths: this.#deaths.add(this.#queues.copies.deaths(copy), from, reason),
      plain: false,
    };
    const answer = this.#queues.offer(target, message, traits, -1);
    if (answer === "queue-node-down" || answer === "maxlen")
      this.#context.lost(this.#settings.queues[target]!.channel, message, `dead-letter-${answer}`);
  }

  #leave(queue: number, copy: number, about: Omit<Leaving, "message">): void {
    const message = this.#queues.copies.message(copy);
    leaveBooks(this.#context, this.#queues.accounts[queue]!, { message, ...about });
  }
}
