// Remembers what was found out once per slot (a publisher, a subscription, both) and key of a message: routes, verdicts
// of filters. Derivable, hence outside the arena; bounded, because keys may be many.

/** Most results kept for keys. */
const KEPT_MAX = 20_000;

/** Results by slot, and by key where a slot depends on it. A look-up makes no garbage. */
export class PerKey<Found> {
  readonly #dependsOnKey: readonly boolean[];
  readonly #find: (slot: number, key: string) => Found;
  // Of slots that depend on the key a map per slot: to look up one number made of slot and key would be garbage.
  readonly #fixed = new Map<number, Found>();
  readonly #perKey = new Map<number, Map<number, Found>>();
  #kept = 0;

  /** `dependsOnKey` tells for every slot whether the key matters; `find` gets "" as the key of a message without one. */
  constructor(dependsOnKey: readonly boolean[], find: (slot: number, key: string) => Found) {
    this.#dependsOnKey = dependsOnKey;
    this.#find = find;
  }

  /** What holds for a slot and a key (-1 without one). `keyText` gives the text of a key; hand in the same function each
   *  time: one per message would be garbage. */
  get(slot: number, key: number, keyText: (key: number) => string): Found {
    const dependent = this.#dependsOnKey[slot] === true;
    const known = dependent ? this.#perKey.get(slot)?.get(key) : this.#fixed.get(slot);
    if (known !== undefined) return known;
    const found = this.#find(slot, dependent && key >= 0 ? keyText(key) : "");
    if (dependent) this.#keep(slot, key, found);
    else this.#fixed.set(slot, found);
    return found;
  }

  #keep(slot: number, key: number, found: Found): void {
    if (this.#kept >= KEPT_MAX) {
      this.#perKey.clear();
      this.#kept = 0;
    }
    const ofSlot = this.#perKey.get(slot) ?? new Map<number, Found>();
    this.#perKey.set(slot, ofSlot.set(key, found));
    this.#kept++;
  }
}
