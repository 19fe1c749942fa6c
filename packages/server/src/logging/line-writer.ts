/** The thread that writes the access log: takes lines from shared memory and writes them to a file descriptor. */
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { type LineRingMemory, LineRingOutput } from './line-ring.ts';

const { memory, descriptor } = workerData as { readonly memory: LineRingMemory; readonly descriptor: number };
const pause = new Int32Array(new SharedArrayBuffer(4));
let isBroken = false;

new LineRingOutput(memory).drain((bytes) => {
  for (let at = 0; at < bytes.length && !isBroken; ) {
    try {
      at += writeSync(descriptor, bytes, at, bytes.length - at);
    } catch (error) {
      // A reader that is slow: only this thread waits for it. One that is gone: the lines have nowhere to go.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') Atomics.wait(pause, 0, 0, 5);
      else isBroken = true;
    }
  }
});
parentPort?.close();
