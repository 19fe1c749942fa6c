/** An event that waits. */
export interface QueuedEvent {
  readonly body: string;
  readonly partitionId: string | null;
  readonly partitionKey: string | null;
}

/** Events of one place: they can go in one request. */
export interface EventBatch {
  readonly partitionId: string | null;
  readonly partitionKey: string | null;
  readonly bodies: readonly string[];
}

export interface QueueLimits {
  /** Events that may wait. */
  readonly events: number;
  /** UTF-16 code units of their bodies together. */
  readonly characters: number;
  /** Events of one batch. */
  readonly batchEvents: number;
  /** UTF-16 code units of one batch: below what the service takes (1 MB), also in UTF-8 and with the escapes of JSON. */
  readonly batchCharacters: number;
}

export const defaultQueueLimits: QueueLimits = {
  events: 10_000,
  characters: 16 * 1024 * 1024,
  batchEvents: 500,
  batchCharacters: 256 * 1024,
};

/**
 * Events by place, in order within each place; places take turns. Bounded: what does not fit is refused, so that a hub
 * that is away costs a known amount of memory.
 */
export class EventQueue {
  readonly #limits: QueueLimits;
  readonly #places = new Map<string, QueuedEvent[]>();
  #events = 0;
  #characters = 0;

  constructor(limits: QueueLimits = defaultQueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#events;
  }

  /** False: there is no room. */
  add(event: QueuedEvent): boolean {
    const characters = this.#characters + event.body.length;
    if (this.#events >= this.#limits.events || characters > this.#limits.characters) return false;
    const place = JSON.stringify([event.partitionId, event.partitionKey]);
    const waiting = this.#places.get(place);
    if (waiting) waiting.push(event);
    else this.#places.set(place, [event]);
    this.#events++;
    this.#characters = characters;
    return true;
  }

  /** The next events that belong together, or undefined. */
  take(): EventBatch | undefined {
    const [next] = this.#places;
    if (!next) return undefined;
    const [place, waiting] = next;
    const [first] = waiting;
    this.#places.delete(place);
    if (!first) return undefined;
    let count = 0;
    let characters = 0;
    for (const { body } of waiting) {
      if (count > 0 && characters + body.length > this.#limits.batchCharacters) break;
      if (count >= this.#limits.batchEvents) break;
      count++;
      characters += body.length;
    }
    // The rest waits for the other places to have their turn.
    if (count < waiting.length) this.#places.set(place, waiting.slice(count));
    this.#events -= count;
    this.#characters -= characters;
    const { partitionId, partitionKey } = first;
    return { partitionId, partitionKey, bodies: waiting.slice(0, count).map(({ body }) => body) };
  }
}
