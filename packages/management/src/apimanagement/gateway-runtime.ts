import type { JsonValue } from '@lazuli/store';

/** What the provider asks of the gateways of its services; what is absent is refused. */
export interface GatewayRuntime {
  /** What the processes of a self-hosted gateway last said of themselves; `gatewayId` is the ARM id. */
  readonly heartbeats?: (gatewayId: string) => readonly JsonValue[];
  readonly tracing?: GatewayTracing;
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
