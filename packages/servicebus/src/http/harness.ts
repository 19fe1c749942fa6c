/** For tests: the HTTP face of a namespace on a socket, over the real broker, with a directory and access of the tests. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createNodeListener, defaultListenerLimits } from '@lazuli/http';
import { selfSigned } from '@lazuli/http/contract';
import { Bench, queue, subscription, topic } from '../broker/harness.ts';
import type { AccessControl, EntityDirectory, EntityProperties, EntityRecord, Right } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { waitingRequests } from './data/take-message.ts';
import type { ServiceBusHttpLimits } from './http-contract.ts';
import { createServiceBusHttp } from './service-bus-http.ts';

const forEver = 'P10675199DT2H48M5.4775807S';
const created = '2026-01-01T00:00:00Z';

const defaults: Readonly<Record<EntityRecord['kind'], EntityProperties>> = {
  queue: {
    lockDuration: 'PT1M',
    maxSizeInMegabytes: 1024,
    requiresDuplicateDetection: false,
    requiresSession: false,
    defaultMessageTimeToLive: forEver,
    deadLetteringOnMessageExpiration: false,
    duplicateDetectionHistoryTimeWindow: 'PT10M',
    maxDeliveryCount: 10,
    enableBatchedOperations: true,
    status: 'Active',
    autoDeleteOnIdle: forEver,
    enablePartitioning: false,
    enableExpress: false,
    maxMessageSizeInKilobytes: 256,
  },
  topic: {
    defaultMessageTimeToLive: forEver,
    maxSizeInMegabytes: 1024,
    requiresDuplicateDetection: false,
    duplicateDetectionHistoryTimeWindow: 'PT10M',
    enableBatchedOperations: true,
    status: 'Active',
    supportOrdering: true,
    autoDeleteOnIdle: forEver,
    enablePartitioning: false,
    enableExpress: false,
    maxMessageSizeInKilobytes: 256,
  },
  subscription: {
    lockDuration: 'PT1M',
    requiresSession: false,
    defaultMessageTimeToLive: forEver,
    deadLetteringOnMessageExpiration: false,
    deadLetteringOnFilterEvaluationExceptions: true,
    maxDeliveryCount: 10,
    enableBatchedOperations: true,
    status: 'Active',
    autoDeleteOnIdle: forEver,
  },
  rule: {},
};

export class DirectoryOfTests implements EntityDirectory {
  readonly #records = new Map<string, EntityRecord>();

  async list(kind: 'queue' | 'topic'): Promise<EntityRecord[]> {
    return [...this.#records.values()].filter((record) => record.kind === kind);
  }

  async subscriptions(topicPath: string): Promise<EntityRecord[]> {
    return this.#below(topicPath, `${topicPath}/Subscriptions/`, 'subscription');
  }

  async rules(topicPath: string, name: string): Promise<EntityRecord[]> {
    const path = `${topicPath}/Subscriptions/${name}`;
    return this.#below(path, `${path}/Rules/`, 'rule');
  }

  #below(parent: string, prefix: string, kind: EntityRecord['kind']): EntityRecord[] {
    if (!this.#records.has(parent.toLowerCase())) throw new ServiceBusError('EntityNotFound', { entity: parent });
    const start = prefix.toLowerCase();
    return [...this.#records].filter(([key, one]) => one.kind === kind && key.startsWith(start)).map(([, one]) => one);
  }

  async get(path: string): Promise<EntityRecord | undefined> {
    return this.#records.get(path.toLowerCase());
  }

  async put(
    path: string,
    kind: EntityRecord['kind'],
    { defaultRule, ...properties }: EntityProperties,
    mode: 'create' | 'update',
  ): Promise<EntityRecord> {
    const key = path.toLowerCase();
    const before = this.#records.get(key);
    if (mode === 'create' && before !== undefined) throw new ServiceBusError('EntityAlreadyExists', { entity: path });
    if (mode === 'update' && before === undefined) throw new ServiceBusError('EntityNotFound', { entity: path });
    const name = kind === 'queue' || kind === 'topic' ? path : path.slice(path.lastIndexOf('/') + 1);
    const whole = { ...defaults[kind], ...properties };
    const record = {
      kind,
      path: before?.path ?? path,
      name,
      properties: whole,
      createdAt: created,
      updatedAt: created,
    };
    this.#records.set(key, record);
    if (kind === 'subscription' && mode === 'create') {
      const first = isDefaultRule(defaultRule)
        ? defaultRule
        : { name: '$Default', properties: { filterType: 'TrueFilter' } };
      await this.put(`${path}/Rules/${first.name}`, 'rule', first.properties, 'create');
    }
    return record;
  }

  async delete(path: string): Promise<void> {
    const key = path.toLowerCase();
    if (!this.#records.delete(key)) throw new ServiceBusError('EntityNotFound', { entity: path });
    for (const other of this.#records.keys())
      if (other.startsWith(`${key}/subscriptions/`)) this.#records.delete(other);
  }
}

function isDefaultRule(value: unknown): value is { name: string; properties: EntityProperties } {
  return typeof value === 'object' && value !== null && 'name' in value && 'properties' in value;
}

/** Tokens of tests: `SharedAccessSignature …` may do everything, any other is a list of rights. */
const access: AccessControl = {
  async verifyToken(token) {
    if (token === 'wrong') throw new ServiceBusError('Unauthorized', { reason: 'InvalidSignature' });
    const isSas = token.startsWith('SharedAccessSignature ');
    const allows = (right: Right) => isSas || token.split(',').includes(right);
    return { path: '', expiresAt: Number.POSITIVE_INFINITY, who: 'test', allows };
  },
  verifyKey: async () => undefined,
};

export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
  readonly text: string;
}

export interface Served {
  readonly bench: Bench;
  readonly directory: DirectoryOfTests;
  readonly port: number;
  readonly logged: object[];
  /** Requests that wait for a message. */
  readonly waiting: number;
  send(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: string | Uint8Array; signal?: AbortSignal },
  ): Promise<Answer>;
  close(): Promise<void>;
}

export async function serve(
  isSecure: boolean,
  more: { readonly limits?: Partial<ServiceBusHttpLimits> } = {},
): Promise<Served> {
  const bench = await Bench.with([
    queue('q'),
    queue('sessions', { requiresSession: true }),
    topic('t'),
    subscription('t', 's'),
  ]);
  const directory = new DirectoryOfTests();
  const logged: object[] = [];
  const namespace = {
    directory,
    served: bench.namespace,
    access,
    information: { sku: 'Premium', messagingUnits: 1, createdAt: created, updatedAt: created },
  } as const;
  const tls = isSecure ? { ...(await selfSigned('localhost')), requestClientCertificate: false, http2: false } : null;
  const listener = createNodeListener({
    host: '127.0.0.1',
    port: 0,
    tls,
    limits: defaultListenerLimits,
    onRefused: () => undefined,
    handler: createServiceBusHttp({
      namespaces: (name) => (name === 'localhost' ? namespace : undefined),
      clock: bench.clock,
      log: { error: (facts) => logged.push(facts) },
      ...more,
    }),
  });
  const { port } = await listener.listen();
  return {
    bench,
    directory,
    port,
    logged,
    get waiting() {
      return waitingRequests(bench.namespace);
    },
    send: (method, path, { headers = {}, body, signal } = {}) =>
      new Promise((resolve, reject) => {
        const given = { Authorization: 'Bearer Manage,Send,Listen', Host: `localhost:${port}`, ...headers };
        const make = isSecure ? httpsRequest : httpRequest;
        const request = make(
          { host: '127.0.0.1', port, method, path, headers: given, signal, agent: false, rejectUnauthorized: false },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('end', () => {
              const bytes = Buffer.concat(chunks);
              resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes, text: `${bytes}` });
            });
          },
        );
        request.on('error', reject);
        // As bytes: Node would write the head in the encoding of a text.
        request.end(body === undefined ? undefined : Buffer.from(body));
      }),
    close: () => listener.drain(0),
  };
}
