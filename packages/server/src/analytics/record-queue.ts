import type { AccessRecord } from '@lazuli/gateway';
import type { RequestHistory } from './request-history.ts';

/** A process that cannot keep up with its own counting loses records rather than memory. */
const waitingAtMost = 100_000;

/** Finished requests that wait to be counted, so that the path of requests does no more than append. */
export class RecordQueue {
  /** Records and times by turns. */
  #waiting: (AccessRecord | number)[] = [];
  #counted = 0;

  add(record: AccessRecord, at: number): void {
    if (this.#waiting.length < 2 * waitingAtMost) this.#waiting.push(record, at);
  }

  /** Counts the oldest ones, `most` of them; true: there are more. */
  count(history: RequestHistory, most = waitingAtMost): boolean {
    const waiting = this.#waiting;
    const end = Math.min(waiting.length, this.#counted + 2 * most);
    for (let i = this.#counted; i + 1 < end; i += 2) {
      const [record, at] = [waiting[i], waiting[i + 1]];
      if (typeof record === 'object' && typeof at === 'number') history.add(record, at);
    }
    this.#counted = end;
    if (end < waiting.length) return true;
    this.#waiting = [];
    this.#counted = 0;
    return false;
  }
}
