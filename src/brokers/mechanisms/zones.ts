// A managed service in availability zones. It keeps every message in several zones, so that the failure of one loses
// nothing: until the failure is detected, a share of the requests goes to the zone and fails or is slow, and clients
// try again; then the other zones take over. Knows no protocol.

import type { Float64Column, Int32Column } from "../../kernel/arena.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { BrokerContext } from "../technology.ts";

/** How a service in zones is made. */
export interface ZoneSettings {
  /** Id of the broker: what notes are about. */
  readonly id: string;
  readonly zones: number;
  /** How long requests still go to a zone that has failed or is slow [ns]. */
  readonly detectionNs: number;
}

/** What of a broker's context the zones need. */
export type ZoneContext = Pick<BrokerContext, "arena" | "now" | "note" | "random">;

/** The zones of one service. */
export class Zones {
  readonly #settings: ZoneSettings;
  readonly #context: ZoneContext;
  readonly #random: RandomStream;
  readonly #up: Int32Column;
  readonly #isolated: Int32Column;
  readonly #factor: Float64Column;
  /** Since when it is not as it should be [ns]. */
  readonly #sinceNs: Float64Column;
  /** Cell 0: number of zones that are not as they should be. */
  readonly #impaired: Int32Column;

  constructor(settings: ZoneSettings, context: ZoneContext) {
    const { arena } = context;
    const { id, zones } = settings;
    this.#settings = settings;
    this.#context = context;
    this.#random = context.random("zones");
    this.#up = arena.int32(`${id}.zones.up`, zones);
    this.#isolated = arena.int32(`${id}.zones.isolated`, zones);
    this.#factor = arena.float64(`${id}.zones.factor`, zones);
    this.#sinceNs = arena.float64(`${id}.zones.sinceNs`, zones);
    this.#impaired = arena.int32(`${id}.zones.impaired`, 1);
    this.#up.data.fill(1, 0, zones);
    this.#factor.data.fill(1, 0, zones);
  }

  /** A client's request: 0 when it fails, else how many times as long as usual it takes. Draws a random number only
   *  while a zone is not as it should be. */
  ask(): number {
    if (this.#impaired.data[0] === 0) return 1;
    const { zones } = this.#settings;
    let used = 0;
    for (let zone = 0; zone < zones; zone++) if (this.isUsed(zone)) used++;
    if (used === 0) return 0;
    let which = this.#random.below(used);
    for (let zone = 0; zone < zones; zone++) {
      if (!this.isUsed(zone)) continue;
      if (which-- === 0) return this.#works(zone) ? this.#factor.data[zone]! : 0;
    }
    return 0;
  }

  /** Whether every zone is cut off or down: no request succeeds before one is back. */
  areAllDown(): boolean {
    for (let zone = 0; zone < this.#settings.zones; zone++) if (this.#works(zone)) return false;
    return true;
  }

  /** Whether requests go to a zone: it is well, or nobody has noticed yet that it is not, or there is no better one. */
  isUsed(zone: number): boolean {
    if (this.#isWell(zone)) return true;
    if (this.#context.now() - this.#sinceNs.data[zone]! < this.#settings.detectionNs) return true;
    return this.#works(zone) && !this.#isAnyWell();
  }

  isUp(zone: number): boolean {
    return this.#up.data[zone] === 1;
  }

  crash(zone: number): void {
    this.#change(zone, () => void (this.#up.data[zone] = 0), "is down");
  }

  restart(zone: number): void {
    this.#change(zone, () => void (this.#up.data[zone] = 1), "is up again");
  }

  isolate(zone: number, isolated: boolean): void {
    const act = () => void (this.#isolated.data[zone] = isolated ? 1 : 0);
    this.#change(zone, act, isolated ? "is cut off" : "can be reached again");
  }

  /** What the zone does takes so many times as long; 1: as usual. */
  slow(zone: number, factor: number): void {
    const act = () => void (this.#factor.data[zone] = factor);
    this.#change(zone, act, factor === 1 ? "is as fast as usual" : `is ${factor} times slower`);
  }

  #change(zone: number, act: () => void, what: string): void {
    const before = this.#isWell(zone);
    act();
    const after = this.#isWell(zone);
    if (before !== after) this.#impaired.data[0]! += after ? -1 : 1;
    if (before && !after) this.#sinceNs.data[zone] = this.#context.now();
    const rest = after
      ? ""
      : "; requests to it fail or wait until that is noticed, nothing is lost";
    this.#context.note(this.#settings.id, `zone ${zone + 1} ${what}${rest}`);
  }

  #works(zone: number): boolean {
    return this.#up.data[zone] === 1 && this.#isolated.data[zone] === 0;
  }

  #isWell(zone: number): boolean {
    return this.#works(zone) && this.#factor.data[zone] === 1;
  }

  #isAnyWell(): boolean {
    for (let zone = 0; zone < this.#settings.zones; zone++) if (this.#isWell(zone)) return true;
    return false;
  }
}
