// Random numbers that are the same on every engine: xoshiro128** with its state in the arena, one
// stream per name. A stream's seed is a hash of the run's seed and the name, so that adding a stream
// leaves all others as they were. Draw unit variates and scale them: then two runs that differ only
// in a rate stay synchronised draw by draw.

import type { Arena } from "./arena.ts";
import { exp, ln } from "./math.ts";

const TWO_32 = 4294967296;

/** 32-bit hash of a text, murmur3 over its UTF-16 units, unsigned. Used for the seeds of streams and
 *  for ids that must not depend on the order of things. Source: A. Appleby, MurmurHash3_x86_32, with
 *  one unit per step instead of four bytes. */
export function hashText(text: string, seed = 0): number {
  let hash = seed | 0;
  for (let index = 0; index < text.length; index++) {
    let k = Math.imul(text.charCodeAt(index), 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    hash ^= k;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A share from 0 to 1 (not 1 itself) that a whole number always draws for a seed, by the finalizer of murmur3. For lots
 *  that must not change when they are drawn again. */
export function lotOf(seed: number, number: number): number {
  let hash = Math.imul((number ^ seed) + 0x9e3779b9, 0xcc9e2d51);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The streams of one run, found by name. Make them all while the run is set up: a stream is a column
 *  of the arena, and a checkpoint cannot be restored into an arena with other columns. */
export class RandomStreams {
  #arena: Arena;
  #seedLow: number;
  #seedHigh: number;
  #streams = new Map<string, RandomStream>();

  /** `seed` is a safe integer; all of its 53 bits count. */
  constructor(arena: Arena, seed: number) {
    if (!Number.isSafeInteger(seed)) throw new Error(`The seed ${seed} is not a safe integer.`);
    this.#arena = arena;
    this.#seedLow = seed >>> 0;
    this.#seedHigh = Math.floor(seed / TWO_32) >>> 0;
  }

  /** The stream of that name; the same object each time. */
  stream(name: string): RandomStream {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    // Four cells never grow, so the stream may keep the array itself.
    const state = this.#arena.int32(`random:${name}`, 4).data;
    const high = hashText(name, this.#seedHigh ^ 0x5bd1e995);
    for (let word = 0; word < 4; word++) {
      const salt = Math.imul(word + 1, 0x9e3779b9);
      state[word] = hashText(`${high}:${name}`, this.#seedLow ^ salt);
    }
    // The one state that xoshiro cannot leave.
    if ((state[0]! | state[1]! | state[2]! | state[3]!) === 0) state[0] = 1;
    const stream = new RandomStream(state);
    this.#streams.set(name, stream);
    return stream;
  }
}

/** One sequence of random numbers. All its state is the four words handed in. */
export class RandomStream {
  /** Register for a double on its way to the caller: see ARCHITECTURE.md on doubles. */
  private value = NaN;
  readonly #state: Int32Array;

  constructor(state: Int32Array) {
    this.#state = state;
  }

  /** Integer 0 … 2^32 - 1. xoshiro128**, D. Blackman and S. Vigna 2018, period 2^128 - 1. */
  uint32(): number {
    const s = this.#state;
    const s1 = s[1]!;
    const fifth = Math.imul(s1, 5);
    const result = Math.imul((fifth << 7) | (fifth >>> 25), 9);
    const s2 = s[2]! ^ s[0]!;
    const s3 = s[3]! ^ s1;
    s[1] = s1 ^ s2;
    s[0] = s[0]! ^ s3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (s3 << 11) | (s3 >>> 21);
    return result >>> 0;
  }

  /** Uniform in [0, 1) with 53 random bits; takes two 32-bit draws. */
  uniform(): number {
    this.drawUniform();
    return this.value;
  }

  private drawUniform(): void {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    this.value = (high * 67108864 + low) / 9007199254740992;
  }

  /** Integer 0 … n - 1, all equally likely, for integer n in 1 … 2^32. Rejects the uneven rest. */
  below(n: number): number {
    if (!(n >= 1 && n <= TWO_32)) throw new Error(`Cannot draw an integer below ${n}.`);
    let draw = this.uint32();
    // The rest is less than n: most draws are known not to fall into it without a division.
    while (draw > TWO_32 - n && draw >= TWO_32 - (TWO_32 % n)) draw = this.uint32();
    return draw % n;
  }

  /** True with probability p. One draw, except where it falls exactly on the 32-bit border. */
  chance(p: number): boolean {
    const scaled = p * TWO_32;
    const whole = Math.floor(scaled);
    const draw = this.uint32();
    if (draw !== whole) return draw < whole;
    return this.uint32() < (scaled - whole) * TWO_32;
  }

  /** Exponential with mean 1, resolution 2^-32 within a layer. Ziggurat, G. Marsaglia and W. W. Tsang
   *  2000, 256 layers, here in its rejection form: the common case is one draw and one product. */
  exponential(): number {
    this.drawExponential();
    return this.value;
  }

  private drawExponential(): void {
    const draw = this.uint32();
    const layer = draw & 255;
    const x = draw * EXP_WIDTH[layer]!;
    this.value = x;
    if (!(x < EXP_EDGE[layer + 1]!)) this.#drawExponentialRest(layer);
  }

  /** Normal with mean 0 and standard deviation 1, resolution 2^-31 within a layer; by ziggurat. */
  normal(): number {
    this.drawNormal();
    return this.value;
  }

  private drawNormal(): void {
    const draw = this.uint32() | 0;
    const layer = draw & 255;
    const x = draw * NORMAL_WIDTH[layer]!;
    this.value = x;
    if (!(Math.abs(x) < NORMAL_EDGE[layer + 1]!)) this.#drawNormalRest(layer);
  }

  /** Wedges and tail, 1 in 90 draws. The tail is an exponential again, shifted. */
  #drawExponentialRest(layer: number): void {
    const x = this.value;
    if (layer === 0) {
      this.value = EXP_TAIL - ln(1 - this.uniform());
      return;
    }
    const low = EXP_HEIGHT[layer]!;
    const high = EXP_HEIGHT[layer + 1]!;
    if (low + this.uniform() * (high - low) < exp(-x)) this.value = x;
    else this.drawExponential();
  }

  /** Wedges and tail, 1 in 80 draws. The tail by Marsaglia's method of 1964. */
  #drawNormalRest(layer: number): void {
    const x = this.value;
    if (layer === 0) {
      const beyond = this.#normalTail();
      this.value = x < 0 ? -beyond : beyond;
      return;
    }
    const low = NORMAL_HEIGHT[layer]!;
    const high = NORMAL_HEIGHT[layer + 1]!;
    if (low + this.uniform() * (high - low) < exp(-0.5 * x * x)) this.value = x;
    else this.drawNormal();
  }

  #normalTail(): number {
    for (;;) {
      const x = -ln(1 - this.uniform()) / NORMAL_TAIL;
      const y = -ln(1 - this.uniform());
      if (y + y > x * x) return NORMAL_TAIL + x;
    }
  }
}

// Ziggurat tables. Layer 0 is the bottom one with the tail; layer i >= 1 reaches from EDGE[i] down the
// curve to EDGE[i + 1], all of equal area. Tail start and area for 256 layers solve "the last edge is
// 0"; the tables follow with our own exp and ln and so are the same everywhere.
const EXP_TAIL = 7.69711747013105;
const EXP_AREA = 0.003949659822581557;
const NORMAL_TAIL = 3.654152885361009;
const NORMAL_AREA = 0.004928673233974655;

const EXP_EDGE = new Float64Array(257);
const EXP_HEIGHT = new Float64Array(257);
const EXP_WIDTH = new Float64Array(256);
const NORMAL_EDGE = new Float64Array(257);
const NORMAL_HEIGHT = new Float64Array(257);
const NORMAL_WIDTH = new Float64Array(256);

function buildExponentialTables(): void {
  EXP_EDGE[0] = EXP_AREA / exp(-EXP_TAIL);
  EXP_EDGE[1] = EXP_TAIL;
  EXP_HEIGHT[1] = exp(-EXP_TAIL);
  for (let layer = 1; layer < 255; layer++) {
    EXP_HEIGHT[layer + 1] = EXP_HEIGHT[layer]! + EXP_AREA / EXP_EDGE[layer]!;
    EXP_EDGE[layer + 1] = -ln(EXP_HEIGHT[layer + 1]!);
  }
  EXP_HEIGHT[256] = 1;
  for (let layer = 0; layer < 256; layer++) EXP_WIDTH[layer] = EXP_EDGE[layer]! / TWO_32;
}

function buildNormalTables(): void {
  NORMAL_EDGE[0] = NORMAL_AREA / exp(-0.5 * NORMAL_TAIL * NORMAL_TAIL);
  NORMAL_EDGE[1] = NORMAL_TAIL;
  NORMAL_HEIGHT[1] = exp(-0.5 * NORMAL_TAIL * NORMAL_TAIL);
  for (let layer = 1; layer < 255; layer++) {
    NORMAL_HEIGHT[layer + 1] = NORMAL_HEIGHT[layer]! + NORMAL_AREA / NORMAL_EDGE[layer]!;
    NORMAL_EDGE[layer + 1] = Math.sqrt(-2 * ln(NORMAL_HEIGHT[layer + 1]!));
  }
  NORMAL_HEIGHT[256] = 1;
  for (let layer = 0; layer < 256; layer++)
    NORMAL_WIDTH[layer] = NORMAL_EDGE[layer]! / (TWO_32 / 2);
}

buildExponentialTables();
buildNormalTables();
