import type { JsonValue } from '@lazuli/store';
import type { ReportSource } from './report-source.ts';

/** What the provider asks of the gateways of its services; what is absent is refused. */
export interface GatewayRuntime {
  /** What the processes of a self-hosted gateway last said of themselves; `gatewayId` is the ARM id. */
  readonly heartbeats?: (gatewayId: string) => readonly JsonValue[];
  readonly tracing?: GatewayTracing;
  readonly reports?: ReportSource;
  readonly quotas?: QuotaCounters;
  /** Variables that hold what Azure would read from Key Vault: `LAZULI_NAMED_VALUE_{NAME}`, `LAZULI_CERTIFICATE_{NAME}_DATA`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The counters of quotas, as policies use them. */
export interface QuotaCounters {
  /** The sum of a window after adding, which may be nothing or less; `end` null: the window never ends. */
  addToFixedWindow(key: string, start: number, end: number | null, amount: number): number | Promise<number>;
}

/** Debug credentials and the traces that requests with them leave. `gatewayId` is an ARM id, `…/gateways/managed` too. */
export interface GatewayTracing {
  /** A token with which requests to one API are traced; `revision` null: to all revisions of it. */
  issue(
    gatewayId: string,
    credentials: { readonly api: string; readonly revision: string | null; readonly lifetimeMs: number },
  ): Promise<string>;
  /** Ends all credentials of the gateway. */
  invalidate(gatewayId: string): Promise<void>;
  /** Null: there is none of that id, or not any more. */
  find(gatewayId: string, traceId: string): JsonValue | null;
}
