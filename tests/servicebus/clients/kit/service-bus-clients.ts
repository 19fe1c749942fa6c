import tls from 'node:tls';
import { ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import type { EntityProperties } from '@lazuli/servicebus';
import WebSocket from 'ws';
import { type NamespaceOfTests, type NamespaceOfTestsOptions, serveNamespace } from './serve-namespace.ts';

/** Ways in which `@azure/service-bus` reaches a namespace. */
export const transports = ['plain', 'TLS', 'WebSockets'] as const;
export type TransportName = (typeof transports)[number];

/** A namespace with clients of `@azure/service-bus`; every test makes entities of its own. */
export class ClientsOfTests {
  readonly namespace: NamespaceOfTests;
  readonly #transport: TransportName;
  readonly #clients: ServiceBusClient[] = [];
  #names = 0;

  private constructor(namespace: NamespaceOfTests, transport: TransportName) {
    this.namespace = namespace;
    this.#transport = transport;
  }

  static async open(transport: TransportName, options?: NamespaceOfTestsOptions): Promise<ClientsOfTests> {
    const namespace = await serveNamespace(options);
    tls.setDefaultCACertificates([...tls.getCACertificates('bundled'), namespace.certificatePem]);
    return new ClientsOfTests(namespace, transport);
  }

  /** One that gives up soon where it is refused. */
  client(options: ServiceBusClientOptions = {}, connectionString?: string): ServiceBusClient {
    const { connectionString: plain, secureConnectionString } = this.namespace;
    const client = new ServiceBusClient(
      connectionString ?? (this.#transport === 'plain' ? plain : secureConnectionString),
      {
        retryOptions: { maxRetries: 0, timeoutInMs: 10_000 },
        ...(this.#transport === 'WebSockets' ? { webSocketOptions: { webSocket: WebSocket } } : {}),
        ...options,
      },
    );
    this.#clients.push(client);
    return client;
  }

  async queue(properties: EntityProperties = {}): Promise<string> {
    const name = `queue-${++this.#names}`;
    await this.namespace.directory.put(name, 'queue', properties, 'create');
    return name;
  }

  /** A topic with one subscription, `s`. */
  async topic(subscription: EntityProperties = {}): Promise<string> {
    const name = `topic-${++this.#names}`;
    await this.namespace.directory.put(name, 'topic', {}, 'create');
    await this.namespace.directory.put(`${name}/Subscriptions/s`, 'subscription', subscription, 'create');
    return name;
  }

  async closeClients(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
  }

  async close(): Promise<void> {
    await this.closeClients();
    await this.namespace.close();
  }
}
