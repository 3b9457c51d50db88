// Hash of texts and numbers that is the same on every engine: two 32-bit lanes of murmur3 steps with
// different constants. Good enough to tell states apart by chance, not against anyone's will.

/** Takes in texts and arrays one after the other and gives 16 hexadecimal digits. */
export class Fingerprint {
  #first = 0x9e3779b9 | 0;
  #second = 0x7f4a7c15 | 0;

  /** Adds a text with its length. */
  addText(text: string): void {
    this.#add(text.length);
    for (let index = 0; index < text.length; index++) this.#add(text.charCodeAt(index));
  }

  /** Adds the first `length` integers, and how many they are. */
  addInts(data: Int32Array, length: number): void {
    this.#add(length);
    let first = this.#first;
    let second = this.#second;
    for (let index = 0; index < length; index++) {
      first = mixFirst(first, data[index]!);
      second = mixSecond(second, data[index]!);
    }
    this.#first = first;
    this.#second = second;
  }

  /** Adds the bits of the first `length` doubles, and how many they are. */
  addFloats(data: Float64Array, length: number): void {
    this.#add(length);
    const words = new Int32Array(data.buffer, data.byteOffset, 2 * length);
    let first = this.#first;
    let second = this.#second;
    for (let index = 0; index < length; index++) {
      let low = words[2 * index]!;
      let high = words[2 * index + 1]!;
      // The bits of a NaN differ between engines, its being a NaN does not.
      if (Number.isNaN(data[index]!)) {
        low = 0;
        high = 0x7ff80000;
      }
      first = mixFirst(mixFirst(first, low), high);
      second = mixSecond(mixSecond(second, low), high);
    }
    this.#first = first;
    this.#second = second;
  }

  /** The hash of everything added so far. */
  digits(): string {
    const second = this.#second + Math.imul(this.#first, 5);
    return toHex(finish(this.#first ^ this.#second)) + toHex(finish(second));
  }

  #add(word: number): void {
    this.#first = mixFirst(this.#first, word);
    this.#second = mixSecond(this.#second, word);
  }
}

function mixFirst(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function mixSecond(hash: number, word: number): number {
  let k = Math.imul(word, 0x239b961b);
  k = Math.imul((k << 16) | (k >>> 16), 0xab0e9789);
  const h = hash ^ k;
  return (Math.imul((h << 17) | (h >>> 15), 5) + 0x561ccd1b) | 0;
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function toHex(word: number): string {
  return word.toString(16).padStart(8, "0");
}
