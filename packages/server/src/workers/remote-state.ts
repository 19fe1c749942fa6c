import { connect, type Socket } from 'node:net';
import {
  type CacheEntry,
  type CachePort,
  type CounterPort,
  entryFromBytes,
  entryToBytes,
  type MetricPort,
  type WindowState,
} from '@lazuli/policies';
import { answers, type FrameReader, FrameWriter, frameSplitter, operations } from './frames.ts';

export interface RemoteState {
  readonly counters: CounterPort;
  readonly cache: CachePort;
  readonly metrics: MetricPort;
  close(): Promise<void>;
}

/**
 * The counters and the cache that another process of this machine holds ({@link serveState}): as exact as if they were
 * here. What requests ask for in one turn of the event loop goes over in one write.
 */
export function connectState(path: string): Promise<RemoteState> {
  return new Promise((resolve, reject) => {
    let client: StateClient | null = null;
    // One buffer for all reads, in place of a new one for each.
    const buffer = Buffer.allocUnsafeSlow(64 * 1024);
    const callback = (size: number): boolean => {
      client?.received(buffer.subarray(0, size));
      return true;
    };
    const socket = connect({ path, onread: { buffer, callback } });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      client = new StateClient(socket);
      resolve(client);
    });
  });
}

interface Waiting {
  readonly answered: (payload: FrameReader) => void;
  readonly reject: (error: Error) => void;
}

class StateClient implements RemoteState {
  readonly #socket: Socket;
  readonly #split = frameSplitter((id, operation, payload) => this.#answered(id, operation, payload));
  readonly #output = new FrameWriter();
  readonly #waiting = new Map<number, Waiting>();
  #isFlushing = false;
  #nextId = 0;
  #gone: Error | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#lost());
  }

  readonly counters: CounterPort = {
    slidingWindow: (key, limit, periodMs, amount) =>
      this.#ask(
        operations.slidingWindow,
        (frame) => frame.number(limit).number(periodMs).number(amount).text(key),
        windowOf,
      ),
    addToSlidingWindow: (key, periodMs, amount) =>
      this.#ask(
        operations.addToSlidingWindow,
        (frame) => frame.number(periodMs).number(amount).text(key),
        () => undefined,
      ),
    addToFixedWindow: (key, start, end, amount) =>
      this.#ask(
        operations.addToFixedWindow,
        (frame) =>
          frame
            .number(start)
            .number(end ?? Number.NaN)
            .number(amount)
            .text(key),
        (read) => read.number(),
      ),
    enter: (key, max) => this.#ask(operations.enter, (frame) => frame.number(max).text(key), isYes),
    leave: (key) => this.#tell(operations.leave, (frame) => frame.text(key)),
  };

  readonly cache: CachePort = {
    get: (key) => this.#ask(operations.get, (frame) => frame.text(key), entryOf),
    set: async (key, entry, ttlMs) => {
      const bytes = entryToBytes(entry);
      if (!bytes) await this.cache.remove(key);
      else
        await this.#ask(
          operations.set,
          (frame) => frame.number(ttlMs).text(key).bytes(bytes),
          () => undefined,
        );
    },
    remove: (key) => this.#ask(operations.remove, (frame) => frame.text(key), isYes),
  };

  readonly metrics: MetricPort = {
    emit: ({ namespace, name, value, dimensions }) =>
      this.#tell(operations.metric, (frame) =>
        frame.text(namespace).text(name).number(value).text(JSON.stringify(dimensions)),
      ),
  };

  /** `chunk` is overwritten after the call. */
  received(chunk: Buffer): void {
    try {
      this.#split(chunk);
    } catch (error) {
      this.#socket.destroy(error instanceof Error ? error : undefined);
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve();
      this.#flush();
      this.#socket.once('close', () => resolve());
      this.#socket.end();
    });
  }

  /** One promise for a question: `understand` reads the answer before it is settled. */
  #ask<T>(
    operation: number,
    write: (frame: FrameWriter) => FrameWriter,
    understand: (read: FrameReader) => T,
  ): Promise<T> {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = this.#nextId;
    this.#nextId = (id + 1) >>> 0;
    write(this.#output.begin(id, operation)).end();
    this.#sendSoon();
    return new Promise((resolve, reject) =>
      this.#waiting.set(id, { answered: (read) => resolve(understand(read)), reject }),
    );
  }

  #tell(operation: number, write: (frame: FrameWriter) => FrameWriter): void {
    if (this.#gone) return;
    write(this.#output.begin(0, operation)).end();
    this.#sendSoon();
  }

  #sendSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushing = false;
    if (!this.#output.isEmpty && !this.#socket.destroyed) this.#socket.write(this.#output.take());
  }

  #answered(id: number, operation: number, read: FrameReader): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    try {
      if (operation === answers.done) waiting.answered(read);
      else waiting.reject(new Error(`The shared state failed: ${read.text()}`));
    } catch (error) {
      waiting.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #lost(): void {
    this.#gone = new Error('The process that holds the shared state is gone.');
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
  }
}

const windowOf = (read: FrameReader): WindowState => ({
  allowed: read.byte() === 1,
  remaining: read.number(),
  retryAfterMs: read.number(),
});

const isYes = (read: FrameReader): boolean => read.byte() === 1;

/** In memory of its own: the frame came in a chunk with others. */
const entryOf = (read: FrameReader): CacheEntry | undefined =>
  read.byte() === 1 ? entryFromBytes(Buffer.from(read.rest())) : undefined;
