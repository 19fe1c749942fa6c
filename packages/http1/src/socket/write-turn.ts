/** Has text for the kernel. */
export interface WaitingWriter {
  flush(): void;
}

/**
 * What the connections of this thread write during one turn of the event loop leaves at its end, one write after the
 * other. A write to a sleeping peer wakes it, which costs the writer more than the bytes; while the writes follow each other
 * closely, the peer is still awake. And neither the kernel's code nor ours is pushed out of the processor's cache for each
 * message. (`bench/README.md` has the figures.)
 */
class WriteTurn {
  #waiting: WaitingWriter[] = [];
  #spare: WaitingWriter[] = [];

  add(writer: WaitingWriter): void {
    if (this.#waiting.push(writer) === 1) setImmediate(this.#flush);
  }

  #flush = (): void => {
    const writers = this.#waiting;
    this.#waiting = this.#spare;
    for (const writer of writers) writer.flush();
    writers.length = 0;
    this.#spare = writers;
  };
}

export const writeTurn = new WriteTurn();
