import type { Logger } from 'pino';
import type { SentTrace } from '../tracing/remote-trace.ts';
import type { Trace } from '../tracing/trace-store.ts';
import type { ConfigurationClient } from './configuration-client.ts';

/** Traces on their way at a time; more are dropped. */
const underWayAtMost = 16;

/** Sends finished traces to the management plane, where they are read. */
export class TraceReporter {
  readonly #client: ConfigurationClient;
  readonly #logger: Logger;
  #underWay = 0;

  constructor(client: ConfigurationClient, logger: Logger) {
    this.#client = client;
    this.#logger = logger;
  }

  report(trace: Trace, location: string | null): void {
    if (this.#underWay >= underWayAtMost) {
      this.#lost(trace, 'too many traces are on their way');
      return;
    }
    this.#underWay++;
    const sent: SentTrace = { location, document: trace.document() };
    this.#client
      .post('/traces', sent)
      .catch((error: unknown) => this.#lost(trace, error instanceof Error ? error.message : String(error)))
      .finally(() => {
        this.#underWay--;
      });
  }

  #lost({ traceId }: Trace, reason: string): void {
    this.#logger.warn({ traceId, reason }, 'a trace could not be sent to the management plane');
  }
}
