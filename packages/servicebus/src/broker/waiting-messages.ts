import type { StoredMessage } from './stored-message.ts';

/**
 * Messages that wait for a receiver, by sequence number. They come at the end and are taken at the front; what is given back returns
 * to its place among them. A message that goes away otherwise (it expired, was deleted) is left in its place, told by
 * `gone`, and passed over; when such are the greater part they are swept out.
 */
export class WaitingMessages {
  #messages: (StoredMessage | undefined)[] = [];
  #head = 0;
  #gone = 0;

  /** Messages that can be taken. */
  get length(): number {
    return this.#messages.length - this.#head - this.#gone;
  }

  add(message: StoredMessage): void {
    message.isWaiting = true;
    const messages = this.#messages;
    let index = messages.length;
    if (index === this.#head || messages[index - 1]!.sequenceNumber < message.sequenceNumber) {
      messages.push(message);
      return;
    }
    // It was here before: its place is near the front, as a rule just before the first one.
    index = this.#head;
    if (messages[index]!.sequenceNumber > message.sequenceNumber) {
      if (index > 0) {
        messages[--this.#head] = message;
        return;
      }
    } else index = this.#search(message.sequenceNumber);
    messages.splice(index, 0, message);
  }

  take(): StoredMessage | undefined {
    while (this.#head < this.#messages.length) {
      const message = this.#messages[this.#head]!;
      this.#messages[this.#head++] = undefined;
      if (this.#head === this.#messages.length) this.#restart([]);
      else if (this.#head > 1024 && this.#head * 2 > this.#messages.length) {
        this.#restart(this.#messages.slice(this.#head));
      }
      if (message.isWaiting) {
        message.isWaiting = false;
        return message;
      }
      this.#gone--;
    }
    return undefined;
  }

  /** A message that was waiting has gone away. */
  gone(message: StoredMessage): void {
    message.isWaiting = false;
    this.#gone++;
    if (this.#gone > 64 && this.#gone * 2 > this.#messages.length - this.#head) {
      this.#restart(this.#messages.filter((each) => each?.isWaiting));
      this.#gone = 0;
    }
  }

  /** In order. */
  *[Symbol.iterator](): Generator<StoredMessage> {
    for (let index = this.#head; index < this.#messages.length; index++) {
      const message = this.#messages[index];
      if (message?.isWaiting) yield message;
    }
  }

  #restart(messages: (StoredMessage | undefined)[]): void {
    this.#messages = messages;
    this.#head = 0;
  }

  #search(sequenceNumber: number): number {
    let low = this.#head;
    let high = this.#messages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#messages[middle]!.sequenceNumber < sequenceNumber) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
