import type { AmqpClock } from '@lazuli/amqp';
import type { InboundRequest } from '@lazuli/http';
import type { AccessControl, EntityDirectory, ServedNamespace } from '../contract.ts';

/** A namespace as HTTP clients reach it. */
export interface HttpNamespace {
  readonly directory: EntityDirectory;
  readonly served: ServedNamespace;
  readonly access: AccessControl;
  /** What `/$namespaceinfo` tells. */
  readonly information: NamespaceInformation;
}

export interface NamespaceInformation {
  readonly sku: 'Basic' | 'Standard' | 'Premium';
  /** Of Premium. */
  readonly messagingUnits: number | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface ServiceBusHttpLimits {
  /** Bytes of a description at most. */
  readonly descriptionBytes: number;
  /** Bytes of a batch of messages at most; a message alone may be as long as its entity takes. */
  readonly batchBytes: number;
  /** Messages of a batch at most. */
  readonly batchMessages: number;
  /** Requests that wait for a message, of one namespace. */
  readonly waitingRequests: number;
}

export const defaultServiceBusHttpLimits: ServiceBusHttpLimits = {
  descriptionBytes: 1024 * 1024,
  batchBytes: 4 * 1024 * 1024,
  batchMessages: 4500,
  waitingRequests: 5000,
};

export interface ServiceBusHttpOptions {
  /** By the name in `Host`, lower case, without port; undefined: not served here. */
  readonly namespaces: (hostName: string) => HttpNamespace | undefined;
  readonly clock: AmqpClock;
  readonly log: { error(facts: Readonly<Record<string, unknown>>, message: string): void };
  readonly limits?: Partial<ServiceBusHttpLimits>;
}

/** A request on its way to what answers it. */
export interface HttpCall {
  readonly request: InboundRequest;
  readonly namespace: HttpNamespace;
  /** Name or address with the port, as the client wrote it. */
  readonly authority: string;
  readonly query: URLSearchParams;
  readonly clock: AmqpClock;
  readonly limits: ServiceBusHttpLimits;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: Uint8Array | string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** The client has the answer whole, or has left before. */
  readonly onSent?: (complete: boolean) => void;
}
