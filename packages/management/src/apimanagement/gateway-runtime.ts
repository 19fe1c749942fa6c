import type { JsonValue } from '@lazuli/store';

/** What the provider asks of the gateways of its services; what is absent is refused. */
export interface GatewayRuntime {
  /** What the processes of a self-hosted gateway last said of themselves; `gatewayId` is the ARM id. */
  readonly heartbeats?: (gatewayId: string) => readonly JsonValue[];
}
