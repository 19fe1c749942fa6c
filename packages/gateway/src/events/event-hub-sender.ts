import {
  type BodySource,
  type ClockPort,
  HeaderList,
  type HttpPort,
  type LogPort,
  type TokenPort,
} from '@lazuli/policies';
import type { EventHubAddress } from './event-hub-address.ts';
import { type EventBatch, EventQueue, type QueuedEvent, type QueueLimits } from './event-queue.ts';
import { sharedAccessSignature } from './shared-access-signature.ts';

export interface SenderOptions {
  readonly loggerId: string;
  readonly address: EventHubAddress;
  readonly http: HttpPort;
  readonly clock: ClockPort;
  readonly log: LogPort;
  readonly tokens: TokenPort;
  readonly limits?: QueueLimits;
}

const attempts = 5;
const firstDelayMs = 500;
const longestDelayMs = 30_000;
const timeoutMs = 30_000;
const tokenLifeSeconds = 3_600;
/** A token is renewed when less than this is left of it. */
const tokenReserveSeconds = 300;
const mostAnswerBytes = 64 * 1024;

/**
 * Sends events to one hub over HTTPS, in batches, one request at a time: what comes meanwhile goes with the next. A hub
 * that is busy or away is tried again, five times; what cannot be delivered is dropped and logged, never the events
 * themselves. Source: Event Hubs REST, "Send batch events".
 */
export class EventHubSender {
  readonly #options: SenderOptions;
  readonly #queue: EventQueue;
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;
  #dropped = 0;
  #token: { readonly text: string; readonly expiresAt: number } | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#queue = new EventQueue(options.limits);
  }

  /** Returns at once. */
  send(event: QueuedEvent): void {
    if (!this.#queue.add(event)) this.#dropped++;
    this.#running ??= this.#run();
  }

  /** Sends what waits, without waiting for a hub that is away. Resolves when nothing is left. */
  async drain(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Behind whatever is running now: events of one moment go together.
    await Promise.resolve();
    for (let batch = this.#queue.take(); batch; batch = this.#queue.take()) {
      this.#tellDropped();
      await this.#deliver(batch);
    }
    this.#tellDropped();
    this.#running = null;
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const events = this.#dropped;
    this.#dropped = 0;
    this.#failed(events, 'the queue is full');
  }

  async #deliver(batch: EventBatch): Promise<void> {
    let delay = firstDelayMs;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(batch);
      if (outcome === 'sent') return;
      const isLast = !outcome.isTransient || attempt === attempts || this.#stopping.signal.aborted;
      if (isLast) return this.#failed(batch.bodies.length, outcome.reason);
      await this.#options.clock.sleep(outcome.retryAfterMs ?? delay, this.#stopping.signal).catch(() => undefined);
      delay *= 2;
    }
  }

  async #attempt(batch: EventBatch): Promise<'sent' | Failure> {
    try {
      const response = await this.#options.http.send({
        method: 'POST',
        url: this.#urlOf(batch),
        headers: new HeaderList([
          'Authorization',
          await this.#authorization(),
          'Content-Type',
          'application/vnd.microsoft.servicebus.json',
        ]),
        body: Buffer.from(JSON.stringify(batch.bodies.map((body) => messageOf(body, batch.partitionKey)))),
        timeoutMs,
        signal: null,
      });
      if (response.body) discard(response.body);
      const { status } = response;
      if (status >= 200 && status <= 299) return 'sent';
      // A key that was changed meanwhile, or a clock: the next attempt signs again.
      if (status === 401) this.#token = null;
      return {
        reason: `the event hub answered ${status}`,
        isTransient: status === 401 || status === 408 || status === 429 || status >= 500,
        retryAfterMs: retryAfter(response.headers.get('Retry-After')),
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { reason, isTransient: true, retryAfterMs: null };
    }
  }

  #urlOf({ partitionId }: EventBatch): string {
    const place = partitionId === null ? '' : `/partitions/${encodeURIComponent(partitionId)}`;
    return `${this.#options.address.url}${place}/messages?timeout=60&api-version=2014-01`;
  }

  async #authorization(): Promise<string> {
    const { address, clock, tokens } = this.#options;
    const { credential, url } = address;
    if (credential.kind === 'identity') {
      const { accessToken } = await tokens.acquire('https://eventhubs.azure.net', credential.clientId);
      return `Bearer ${accessToken}`;
    }
    const now = Math.floor(clock.now() / 1000);
    if (!this.#token || this.#token.expiresAt - now < tokenReserveSeconds) {
      const expiresAt = now + tokenLifeSeconds;
      this.#token = { text: sharedAccessSignature(url, credential.keyName, credential.key, expiresAt), expiresAt };
    }
    return this.#token.text;
  }

  #failed(events: number, reason: string): void {
    this.#options.log.write('error', 'Events were not delivered.', {
      logger: this.#options.loggerId,
      events,
      reason,
    });
  }
}

interface Failure {
  readonly reason: string;
  readonly isTransient: boolean;
  readonly retryAfterMs: number | null;
}

const messageOf = (body: string, partitionKey: string | null) =>
  partitionKey === null ? { Body: body } : { Body: body, BrokerProperties: { PartitionKey: partitionKey } };

function retryAfter(text: string | undefined): number | null {
  const seconds = text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null;
  return seconds === null ? null : Math.min(seconds * 1000, longestDelayMs);
}

/** Reads a short answer to its end, so that the connection can be used again. */
function discard(body: BodySource): void {
  let size = 0;
  body.start({
    data(chunk) {
      size += chunk.length;
      if (size > mostAnswerBytes) body.abort(new Error('The answer of the event hub is too long.'));
    },
    end() {},
    error() {},
  });
}
