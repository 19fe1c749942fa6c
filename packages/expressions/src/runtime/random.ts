import { netType } from './values.ts';

const big = 2_147_483_647;
const seedBase = 161_803_398;

/**
 * `System.Random` with a seed: the subtractive generator of Knuth (The Art of Computer Programming, volume 2, 3.2.2) as
 * .NET seeds and steps it, so that a seed gives .NET's numbers.
 */
export class NetRandom {
  readonly [netType] = 'System.Random';
  readonly #state = new Int32Array(56);
  #next = 0;
  #nextPair = 21;

  constructor(seed: number) {
    const state = this.#state;
    let previous = seedBase - (seed === -2_147_483_648 ? big : Math.abs(seed));
    state[55] = previous;
    let current = 1;
    let place = 0;
    for (let i = 1; i < 55; i++) {
      place = (21 * i) % 55;
      state[place] = current;
      current = previous - current;
      if (current < 0) current += big;
      previous = state[place] ?? 0;
    }
    for (let round = 1; round < 5; round++) {
      for (let i = 1; i < 56; i++) {
        const value = ((state[i] ?? 0) - (state[1 + ((i + 30) % 55)] ?? 0)) | 0;
        state[i] = value < 0 ? value + big : value;
      }
    }
  }

  /** From 0 to int.MaxValue - 1. */
  next(): number {
    this.#next = this.#next >= 55 ? 1 : this.#next + 1;
    this.#nextPair = this.#nextPair >= 55 ? 1 : this.#nextPair + 1;
    let value = ((this.#state[this.#next] ?? 0) - (this.#state[this.#nextPair] ?? 0)) | 0;
    if (value === big) value--;
    if (value < 0) value += big;
    this.#state[this.#next] = value;
    return value;
  }

  /** At least 0 and below 1. */
  sample(): number {
    return this.next() * (1 / big);
  }

  /** From `min` to `max - 1`. */
  below(min: number, max: number): number {
    const range = max - min;
    if (range <= big) return Math.trunc(this.sample() * range) + min;
    return Math.trunc(this.#sampleLargeRange() * range) + min;
  }

  #sampleLargeRange(): number {
    const size = this.next();
    const value = this.next() % 2 === 0 ? -size : size;
    return (value + (big - 1)) / (2 * big - 1);
  }
}
