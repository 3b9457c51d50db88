// Values that a test collects by the hundred thousand, and the sums that it takes of them.

/** A growing list of numbers. */
export class Samples {
  #values = new Float64Array(1024);
  #size = 0;

  /** Takes one more. */
  add(value: number): void {
    if (this.#size === this.#values.length) {
      const larger = new Float64Array(this.#size * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#size++] = value;
  }

  /** Takes all of another list. */
  addAll(other: Samples): void {
    for (const value of other.values()) this.add(value);
  }

  /** How many there are. */
  count(): number {
    return this.#size;
  }

  /** Their sum. */
  sum(): number {
    let sum = 0;
    for (const value of this.values()) sum += value;
    return sum;
  }

  /** Sum of their squares. */
  sumOfSquares(): number {
    let sum = 0;
    for (const value of this.values()) sum += value * value;
    return sum;
  }

  /** How many are at most a limit. */
  countUpTo(limit: number): number {
    let count = 0;
    for (const value of this.values()) if (value <= limit) count++;
    return count;
  }

  /** All of them, in their order. */
  values(): Float64Array {
    return this.#values.subarray(0, this.#size);
  }
}
