/**
 * Lines of text on their way from the thread that serves requests to the one that writes them: segments of one block of
 * shared memory, filled in turn by one side and emptied in turn by the other. Filling never waits: when no segment is
 * free the line is dropped and counted.
 */
export const ringSegments = 16;
export const segmentBytes = 256 * 1024;

/** Words of the control block: the state and the length of each segment, then a word that is woken on. */
const stateAt = (segment: number): number => segment;
const lengthAt = (segment: number): number => ringSegments + segment;
const bell = 2 * ringSegments;
const droppedAt = bell + 1;
const closedAt = bell + 2;
const free = 0;
const sealed = 1;

export interface LineRingMemory {
  readonly control: SharedArrayBuffer;
  readonly text: SharedArrayBuffer;
}

export function createRingMemory(): LineRingMemory {
  return {
    control: new SharedArrayBuffer((closedAt + 1) * Int32Array.BYTES_PER_ELEMENT),
    text: new SharedArrayBuffer(ringSegments * segmentBytes),
  };
}

/** The filling side. */
export class LineRingInput {
  readonly #control: Int32Array;
  readonly #segments: readonly Buffer[];
  #current = 0;
  #used = 0;
  #flush: NodeJS.Timeout | null = null;

  constructor({ control, text }: LineRingMemory) {
    this.#control = new Int32Array(control);
    this.#segments = Array.from({ length: ringSegments }, (_, i) => Buffer.from(text, i * segmentBytes, segmentBytes));
  }

  /** Takes a line with its line feed. Says whether there was room. */
  write(line: string): boolean {
    // Three bytes for a UTF-16 unit at most.
    if (this.#used + line.length * 3 > segmentBytes && !this.#makeRoom(line)) return this.#drop();
    if (this.#used === 0 && Atomics.load(this.#control, stateAt(this.#current)) !== free) return this.#drop();
    this.#used += (this.#segments[this.#current] as Buffer).write(line, this.#used);
    this.#flush ??= setTimeout(() => this.seal(), flushMs).unref();
    return true;
  }

  /** Hands over what is there, full or not. */
  seal(): void {
    if (this.#flush) clearTimeout(this.#flush);
    this.#flush = null;
    if (this.#used === 0) return;
    Atomics.store(this.#control, lengthAt(this.#current), this.#used);
    Atomics.store(this.#control, stateAt(this.#current), sealed);
    this.#current = (this.#current + 1) % ringSegments;
    this.#used = 0;
    Atomics.add(this.#control, bell, 1);
    Atomics.notify(this.#control, bell);
  }

  /** Nothing comes any more: the other side ends when it has written what is there. */
  close(): void {
    this.seal();
    Atomics.store(this.#control, closedAt, 1);
    Atomics.add(this.#control, bell, 1);
    Atomics.notify(this.#control, bell);
  }

  /** Lines that found no room, since the start. */
  get dropped(): number {
    return Atomics.load(this.#control, droppedAt);
  }

  #makeRoom(line: string): boolean {
    this.seal();
    return line.length * 3 <= segmentBytes && Atomics.load(this.#control, stateAt(this.#current)) === free;
  }

  #drop(): false {
    Atomics.add(this.#control, droppedAt, 1);
    return false;
  }
}

/** The emptying side; it may wait, so it belongs to another thread. */
export class LineRingOutput {
  readonly #control: Int32Array;
  readonly #text: Buffer;
  #next = 0;

  constructor({ control, text }: LineRingMemory) {
    this.#control = new Int32Array(control);
    this.#text = Buffer.from(text);
  }

  /** Gives what was handed over to `write`, until the other side closes. Blocks. */
  drain(write: (bytes: Buffer) => void): void {
    for (;;) {
      const rung = Atomics.load(this.#control, bell);
      const isLast = Atomics.load(this.#control, closedAt) === 1;
      while (Atomics.load(this.#control, stateAt(this.#next)) === sealed) {
        const from = this.#next * segmentBytes;
        write(this.#text.subarray(from, from + Atomics.load(this.#control, lengthAt(this.#next))));
        Atomics.store(this.#control, stateAt(this.#next), free);
        this.#next = (this.#next + 1) % ringSegments;
      }
      if (isLast) return;
      Atomics.wait(this.#control, bell, rung);
    }
  }
}

/** How long a line may wait for company. */
const flushMs = 50;
