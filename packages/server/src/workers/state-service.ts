import { createServer, type Server, type Socket } from 'node:net';
import { type CachePort, type CounterPort, entryFromBytes, entryToBytes, type MetricPort } from '@lazuli/policies';
import { answers, type FrameReader, FrameWriter, frameSplitter, operations } from './frames.ts';

export interface ServedState {
  readonly counters: CounterPort;
  readonly cache: CachePort;
  readonly metrics: MetricPort;
}

export interface StateService {
  readonly path: string;
  close(): Promise<void>;
}

/** Gives the counters and the cache of this process to its workers, at a Unix socket that only this user can open. */
export async function serveState(path: string, state: ServedState): Promise<StateService> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveWorker(socket, state);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
  return {
    path,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function serveWorker(socket: Socket, state: ServedState): void {
  const output = new FrameWriter();
  const inside = new Map<string, number>();
  let isFlushing = false;
  const flush = (): void => {
    isFlushing = false;
    if (!output.isEmpty && !socket.destroyed) socket.write(output.take());
  };
  const sendSoon = (): void => {
    if (isFlushing) return;
    isFlushing = true;
    setImmediate(flush);
  };
  const answer = (id: number, write: (frame: FrameWriter) => void): void => {
    write(output.begin(id, answers.done));
    output.end();
    sendSoon();
  };
  const fail = (id: number, error: unknown): void => {
    output
      .begin(id, answers.failed)
      .text(error instanceof Error ? error.message : String(error))
      .end();
    sendSoon();
  };
  const handle = (id: number, operation: number, read: FrameReader): void => {
    try {
      const answering = perform(state, inside, operation, read);
      if (answering === undefined) return;
      if (answering instanceof Promise)
        answering.then(
          (write) => answer(id, write),
          (error: unknown) => fail(id, error),
        );
      else answer(id, answering);
    } catch (error) {
      fail(id, error);
    }
  };
  const split = frameSplitter(handle);
  socket.on('data', (chunk: Buffer) => {
    try {
      split(chunk);
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => socket.destroy());
  // A worker that died leaves what it was in: nobody else would.
  socket.once('close', () => {
    for (const [key, count] of inside) for (let i = 0; i < count; i++) state.counters.leave(key);
  });
}

type Answer = (frame: FrameWriter) => void;

const nothing: Answer = () => {};

/** Does what was asked; undefined: no answer is wanted. */
function perform(
  { counters, cache, metrics }: ServedState,
  inside: Map<string, number>,
  operation: number,
  read: FrameReader,
): Answer | undefined | Promise<Answer> {
  switch (operation) {
    case operations.slidingWindow: {
      const [limit, periodMs, amount] = [read.number(), read.number(), read.number()];
      return after(counters.slidingWindow(read.text(), limit, periodMs, amount), (window) => (frame) => {
        frame.byte(Number(window.allowed)).number(window.remaining).number(window.retryAfterMs);
      });
    }
    case operations.addToSlidingWindow: {
      const [periodMs, amount] = [read.number(), read.number()];
      return after(counters.addToSlidingWindow(read.text(), periodMs, amount), () => nothing);
    }
    case operations.addToFixedWindow: {
      const [start, end, amount] = [read.number(), read.number(), read.number()];
      const windowEnd = Number.isNaN(end) ? null : end;
      return after(counters.addToFixedWindow(read.text(), start, windowEnd, amount), (sum) => (frame) => {
        frame.number(sum);
      });
    }
    case operations.enter: {
      const max = read.number();
      const key = read.text();
      return after(counters.enter(key, max), (entered) => {
        if (entered) inside.set(key, (inside.get(key) ?? 0) + 1);
        return (frame) => {
          frame.byte(Number(entered));
        };
      });
    }
    case operations.leave: {
      const key = read.text();
      const count = inside.get(key) ?? 0;
      if (count === 0) return undefined;
      if (count === 1) inside.delete(key);
      else inside.set(key, count - 1);
      counters.leave(key);
      return undefined;
    }
    case operations.get:
      return after(cache.get(read.text()), (entry) => (frame) => {
        const bytes = entry && entryToBytes(entry);
        frame.byte(Number(bytes !== undefined));
        if (bytes) frame.bytes(bytes);
      });
    case operations.set: {
      const ttlMs = read.number();
      const key = read.text();
      // The frame's memory is shared with its neighbours; what is kept gets its own.
      const entry = entryFromBytes(Buffer.from(read.rest()));
      return after(entry ? cache.set(key, entry, ttlMs) : undefined, () => nothing);
    }
    case operations.remove:
      return after(cache.remove(read.text()), (removed) => (frame) => {
        frame.byte(Number(removed));
      });
    case operations.metric: {
      const [namespace, name, value] = [read.text(), read.text(), read.number()];
      metrics.emit({ namespace, name, value, dimensions: JSON.parse(read.text()) });
      return undefined;
    }
    default:
      throw new RangeError(`The operation ${operation} is not known.`);
  }
}

function after<T>(value: T | Promise<T>, then: (value: T) => Answer): Answer | Promise<Answer> {
  return value instanceof Promise ? value.then(then) : then(value);
}
