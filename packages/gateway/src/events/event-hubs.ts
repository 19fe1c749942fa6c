import type { ClockPort, EventPort, HttpPort, LogPort, TokenPort } from '@lazuli/policies';
import type { Logger, NamedValue } from '@lazuli/resources';
import { eventHubAddress } from './event-hub-address.ts';
import { EventHubSender } from './event-hub-sender.ts';

export interface EventHubsOptions {
  readonly http: HttpPort;
  readonly clock: ClockPort;
  readonly log: LogPort;
  readonly tokens: TokenPort;
}

/**
 * The event hubs of a service's loggers. A new configuration takes over the senders whose logger and address have not
 * changed, with what waits in them; the others send what they have and are let go.
 */
export class EventHubs {
  readonly #options: EventHubsOptions;
  #senders = new Map<string, EventHubSender>();
  /** Senders that are going: {@link drain} waits for them too. */
  readonly #leaving = new Set<Promise<void>>();

  constructor(options: EventHubsOptions) {
    this.#options = options;
  }

  /** The port over these loggers. Loggers that are no event hub are not there. */
  serve(loggers: readonly Logger[], namedValues: readonly NamedValue[]): EventPort {
    const senders = new Map<string, EventHubSender>();
    const byName = new Map<string, EventHubSender>();
    for (const logger of loggers) {
      const address = eventHubAddress(logger, namedValues);
      if (!address) continue;
      const key = JSON.stringify([logger.name, address]);
      const sender = this.#senders.get(key) ?? new EventHubSender({ ...this.#options, loggerId: logger.name, address });
      senders.set(key, sender);
      byName.set(logger.name, sender);
    }
    for (const [key, sender] of this.#senders) if (!senders.has(key)) this.#leave(sender);
    this.#senders = senders;
    return {
      has: (loggerId) => byName.has(loggerId),
      send: (loggerId, event) => byName.get(loggerId)?.send(event),
    };
  }

  /** Sends what waits. Hubs that are away are not waited for: their events are logged as lost. */
  async drain(): Promise<void> {
    await Promise.all([...[...this.#senders.values()].map((sender) => sender.drain()), ...this.#leaving]);
  }

  /** Requests that began with the former configuration may still send: the sender goes on working, unretried. */
  #leave(sender: EventHubSender): void {
    const leaving = sender.drain().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}
