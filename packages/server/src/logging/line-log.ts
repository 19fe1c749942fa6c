import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createRingMemory, LineRingInput } from './line-ring.ts';

/** Writes lines to a file descriptor from another thread. */
export interface LineLog {
  /** Takes one line with its line feed; never waits. Says whether there was room for it. */
  write(line: string): boolean;
  /** Lines that found no room, since the start. */
  readonly dropped: number;
  /** Writes what is there and ends the thread. */
  close(): Promise<void>;
}

export function openLineLog(descriptor: number): LineLog {
  const memory = createRingMemory();
  const input = new LineRingInput(memory);
  const worker = new Worker(new URL('./line-writer.ts', import.meta.url), {
    workerData: { memory, descriptor },
    name: 'access-log',
    // It needs neither the flags nor the compile cache of the process.
    execArgv: [],
  });
  worker.unref();
  const ended = once(worker, 'exit');
  // Without the writer the log fills and drops; requests go on.
  worker.on('error', () => {});
  return {
    write: (line) => input.write(line),
    get dropped() {
      return input.dropped;
    },
    async close() {
      input.close();
      worker.ref();
      await ended;
    },
  };
}
