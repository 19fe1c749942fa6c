import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import WebSocket from 'ws';
import { rootKey, type ServiceBusProcess } from './service-bus-process.ts';

/** The ways in which clients of Azure reach a namespace. */
export const transports = ['AMQP', 'AMQP over TLS', 'AMQP over WebSockets'] as const;
export type ClientTransport = (typeof transports)[number];

export type NamedKey = { readonly name: string; readonly key: string };

/** A failure is a failure at once: what is refused is not asked for again. */
const once = { maxRetries: 0, timeoutInMs: 20_000 };

/** `@azure/service-bus` as its users set it up, without retries. */
export function connect(
  bus: ServiceBusProcess,
  transport: ClientTransport = 'AMQP',
  options: ServiceBusClientOptions = {},
  key: NamedKey = rootKey,
): ServiceBusClient {
  trust(bus);
  const webSocketOptions = { webSocketOptions: { webSocket: WebSocket } };
  return new ServiceBusClient(connectionString(bus, transport === 'AMQP', key), {
    retryOptions: once,
    ...(transport === 'AMQP over WebSockets' ? webSocketOptions : {}),
    ...options,
  });
}

export function connectionString(bus: ServiceBusProcess, plain: boolean, { name, key }: NamedKey = rootKey): string {
  const emulator = plain ? ';UseDevelopmentEmulator=true' : '';
  return `Endpoint=sb://localhost:${bus.port};SharedAccessKeyName=${name};SharedAccessKey=${key}${emulator}`;
}

const trusted = new Set<string>();

/** What `NODE_EXTRA_CA_CERTS` does at the start of a process: the client has no option for it. */
export function trust({ authority }: ServiceBusProcess): void {
  if (trusted.has(authority)) return;
  trusted.add(authority);
  setDefaultCACertificates([...getCACertificates('default'), authority]);
}
