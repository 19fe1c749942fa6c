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
    // It was here before: its place is near the front, as a rule.
    index =
      messages[this.#head]!.sequenceNumber > message.sequenceNumber ? this.#head : this.#search(message.sequenceNumber);
    if (index - this.#head < messages.length - index) this.#insertNearFront(index, message);
    else messages.splice(index, 0, message);
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

  /** Moves those before it, which are few, by one to the front: from a million of them as from ten. */
  #insertNearFront(index: number, message: StoredMessage): void {
    let place = index - 1;
    if (this.#head === 0) place += this.#makeRoom();
    const messages = this.#messages;
    for (let at = --this.#head; at < place; at++) messages[at] = messages[at + 1];
    messages[place] = message;
  }

  /** Empty places before the first one, in proportion to how many there are; returns how many. */
  #makeRoom(): number {
    const places = Math.max(64, this.#messages.length >> 4);
    this.#messages = new Array<StoredMessage | undefined>(places).fill(undefined).concat(this.#messages);
    this.#head = places;
    return places;
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
