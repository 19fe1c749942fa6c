import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { defaultListenerLimits, type ListenerAddress, type RequestHandler, type TlsOptions } from '@lazuli/http';
import type { ManagementTokens } from '@lazuli/management';
import {
  type AmqpFront,
  applyEmulatorConfiguration,
  type ConfiguredNamespace,
  createAmqpFront,
  createOperatorHttp,
  createServiceBusHttp,
  developmentNamespace,
  type EntityRuntime,
  makeDevelopmentNamespace,
  type NamespaceRecord,
  readEmulatorConfiguration,
  readNamespaces,
  ServiceBusListener,
} from '@lazuli/servicebus';
import type { Store, Subscription } from '@lazuli/store';
import type { Logger } from 'pino';
import { httpImplementationOf } from '../http-implementation.ts';
import type { HttpImplementation } from '../server-options.ts';
import { createNamespaceAccess } from './namespace-access.ts';
import { type HostedNamespace, NamespaceHost } from './namespace-host.ts';
import { namespaceMetrics } from './namespace-metrics.ts';
import { amqpClock } from './system-clock.ts';

export interface ServiceBusOptions {
  /** Port for AMQP, AMQP over TLS and WebSockets, HTTP and HTTPS; 0 for any free one. */
  readonly port: number;
  /** Another for the same, where clients of Azure look for TLS (5671); null: none. */
  readonly tlsPort: number | null;
  /** A `Config.json` of Azure's emulator: what it names is made at the start. */
  readonly configurationFile: string | null;
}

export interface ServiceBusContext {
  readonly options: ServiceBusOptions;
  readonly host: string;
  readonly store: Store;
  readonly storeUrl: string;
  readonly dataFolder: string;
  readonly subscriptionId: string;
  /** Null: no TLS. */
  readonly tls: TlsOptions | null;
  /** Who has a bearer token, and what roles give; null: keys only. */
  readonly tokens: ManagementTokens | null;
  readonly http: HttpImplementation | undefined;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface ServiceBus {
  readonly addresses: readonly { readonly name: string; readonly url: string }[];
  /** Where a host name of Azure's is served here. */
  find(hostName: string): { readonly host: string; readonly port: number } | undefined;
  /** Of an entity, by the ARM id of its namespace. */
  runtime(namespaceId: string, path: string): EntityRuntime | undefined;
  /** Where clients reach a namespace; undefined: under no name that everybody resolves. */
  endpoint(namespaceName: string): { readonly host: string; readonly isPlain: boolean } | undefined;
  /** The namespace, or entities below it, were written to the store: resolves when that is served. */
  changed(namespaceId: string, ids: readonly string[]): Promise<void>;
  metrics(): Promise<string>;
  /** Lets clients finish for at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** @throws an error that names the port, the file or the database that is to blame */
export async function openServiceBus(context: ServiceBusContext): Promise<ServiceBus> {
  const bus = new RunningServiceBus(context, await readConfiguration(context.options.configurationFile));
  try {
    await bus.open();
    return bus;
  } catch (error) {
    await bus.close(0);
    throw error;
  }
}

/** Between two attempts to listen. */
const againAfterMs = 1000;
const namespaceType = 'microsoft.servicebus/namespaces';
const anyAddresses: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1', '[::1]', '']);

class RunningServiceBus implements ServiceBus {
  readonly #context: ServiceBusContext;
  readonly #configured: readonly ConfiguredNamespace[];
  /** By ARM id in lower case. */
  readonly #hosts = new Map<string, NamespaceHost>();
  readonly #front: AmqpFront;
  readonly #serveHttp: RequestHandler;
  #listeners: ServiceBusListener[] = [];
  #addresses: ListenerAddress[] = [];
  #http: { drain(graceMs: number): Promise<void> }[] = [];
  #following: Subscription | undefined;
  #followed: Promise<void> = Promise.resolve();
  /** One change of the listeners at a time. */
  #listening: Promise<void> = Promise.resolve();
  /** Why it does not listen, or does not have what the configuration asks for. */
  #problem: unknown;
  #isClosing = false;

  constructor(context: ServiceBusContext, configured: readonly ConfiguredNamespace[]) {
    const { logger, now } = context;
    this.#context = context;
    this.#configured = configured;
    const clock = amqpClock({ now });
    const namespaces = (hostName: string) => this.#find(hostName);
    this.#front = createAmqpFront({ namespaces, clock, log: logger });
    const operator = createOperatorHttp({ namespaces, now });
    const http = createServiceBusHttp({
      namespaces: (hostName) => {
        const found = this.#find(hostName);
        return found === undefined ? undefined : { ...found, information: informationOf(found.record) };
      },
      clock,
      log: logger,
    });
    this.#serveHttp = (request) => {
      if (!operator(request)) http(request);
    };
  }

  get addresses(): ServiceBus['addresses'] {
    return this.#addresses.map(({ host, port }) => ({
      name: 'Service Bus',
      url: `sb://${loopbackNames.has(host) || host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`,
    }));
  }

  async open(): Promise<void> {
    const { host, logger, store, subscriptionId } = this.#context;
    const from = await store.sequence();
    const wanted = new Set(this.#configured.map(({ name }) => name.toLowerCase()));
    const there = new Set((await readNamespaces(store)).map(({ name }) => name.toLowerCase()));
    const missing = this.#configured.filter(({ name }) => !there.has(name.toLowerCase())).map(({ name }) => name);
    if (wanted.size === 0 && there.size === 0) missing.push(developmentNamespace);
    for (const name of missing)
      await makeDevelopmentNamespace(store, {
        resourceGroupId: `/subscriptions/${subscriptionId}/resourceGroups/lazuli`,
        name,
        // A key that everybody knows is for this machine only.
        hasWellKnownKey: loopbackNames.has(host),
      });
    await this.#follow();
    this.#following = store.subscribe(
      from,
      async (notice) => {
        const isConcerned =
          notice.kind === 'reload' || notice.changes.some(({ type }) => type.toLowerCase() === namespaceType);
        if (isConcerned) await this.#follow();
      },
      { onError: (error) => logger.error({ err: error }, 'namespaces cannot be followed') },
    );
    await Promise.all([...this.#hosts.values()].map(({ settled }) => settled));
    await this.#listening;
    // At the start somebody looks: what is wrong is told and not tried for ever.
    if (this.#problem !== undefined) throw this.#problem;
  }

  find(hostName: string): { readonly host: string; readonly port: number } | undefined {
    const [address] = this.#addresses;
    if (address === undefined || !/^[^.]+\.servicebus\./i.test(hostName)) return undefined;
    const isServed = this.#hosted().some(({ record }) => isNamed(record, hostName));
    const { host } = address;
    return isServed
      ? { host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port: address.port }
      : undefined;
  }

  runtime(namespaceId: string, path: string): EntityRuntime | undefined {
    return this.#hosts.get(namespaceId.toLowerCase())?.current?.served.runtime(path);
  }

  endpoint(namespaceName: string): { readonly host: string; readonly isPlain: boolean } | undefined {
    const [address] = this.#addresses;
    if (address === undefined) return undefined;
    const isPlain = loopbackNames.has(address.host);
    const host = isPlain || anyAddresses.has(address.host) ? 'localhost' : address.host;
    const found = this.#find(host);
    return found?.record.name.toLowerCase() === namespaceName.toLowerCase()
      ? { host: `${host}:${address.port}`, isPlain }
      : undefined;
  }

  async changed(namespaceId: string, ids: readonly string[]): Promise<void> {
    const key = namespaceId.toLowerCase();
    const below = ids.filter((id) => id.toLowerCase() !== key);
    if (below.length < ids.length || !this.#hosts.has(key)) {
      await this.#follow();
      await this.#hosts.get(key)?.settled.catch(() => undefined);
      await this.#listening;
    }
    if (below.length > 0) await this.#hosts.get(key)?.current?.directory.refresh(below);
  }

  metrics(): Promise<string> {
    return namespaceMetrics(this.#hosted());
  }

  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    await this.#following?.close();
    await this.#listening;
    await this.#stopListening(graceMs);
    this.#front.close();
    await Promise.all([...this.#hosts.values()].map((host) => host.close()));
  }

  #hosted(): HostedNamespace[] {
    return [...this.#hosts.values()].flatMap(({ current }) => current ?? []);
  }

  /** The namespace that a host name begins with; where there is none, the development one, or the only one. */
  #find(hostName: string): HostedNamespace | undefined {
    const hosted = this.#hosted();
    const named = hosted.find(({ record }) => isNamed(record, hostName));
    if (named !== undefined) return named;
    // A name of Azure's means one namespace and no other.
    if (/\.servicebus\./i.test(hostName)) return undefined;
    return hosted.find(({ record }) => record.name.toLowerCase() === developmentNamespace) ?? hosted[0];
  }

  /** Brings the hosts in line with the namespaces in the store; one at a time, for two would open a namespace twice. */
  #follow(): Promise<void> {
    const run = this.#followed.then(() => this.#followOnce());
    this.#followed = run.catch(() => undefined);
    return run;
  }

  async #followOnce(): Promise<void> {
    const { dataFolder, logger, now, store, storeUrl, tokens } = this.#context;
    const records = new Map((await readNamespaces(store)).map((record) => [record.id.toLowerCase(), record]));
    for (const [id, host] of this.#hosts)
      if (!records.has(id)) {
        this.#hosts.delete(id);
        await host.close();
      }
    for (const [id, record] of records) {
      this.#hosts.get(id)?.update(record);
      if (this.#hosts.has(id) || this.#isClosing) continue;
      const journalUrl = await journalUrlOf(storeUrl, dataFolder, record.name);
      const host: NamespaceHost = new NamespaceHost({
        store,
        record,
        journalUrl,
        clock: amqpClock({ now }),
        logger,
        createAccess: (namespace, directory) => createNamespaceAccess({ record: namespace, directory, tokens, now }),
        onChange: () => this.#hostChanged(host),
      });
      this.#hosts.set(id, host);
    }
  }

  #hostChanged(host: NamespaceHost): void {
    const { current, record } = host;
    const configured = this.#configured.find(({ name }) => name.toLowerCase() === record.name.toLowerCase());
    this.#listening = this.#listening
      .then(async () => {
        if (current !== undefined && configured !== undefined)
          await applyEmulatorConfiguration(
            current.directory,
            configured,
            this.#context.options.configurationFile ?? '',
          );
        if (this.#isClosing) return;
        if (this.#hosted().length > 0) await this.#startListening();
        else await this.#stopListening(0);
      })
      .then(
        () => {
          this.#problem = undefined;
        },
        (error: unknown) => {
          this.#problem = error;
          if (this.#isClosing) return;
          this.#context.logger.error({ err: error }, 'Service Bus cannot listen; it is tried again');
          setTimeout(() => this.#hostChanged(host), againAfterMs).unref();
        },
      );
  }

  async #startListening(): Promise<void> {
    if (this.#listeners.length > 0) return;
    const { host, http, logger, options, tls } = this.#context;
    const { createListener } = httpImplementationOf(http);
    const unbound = (secure: TlsOptions | null) =>
      createListener({
        host,
        port: 0,
        tls: secure,
        limits: defaultListenerLimits,
        handler: this.#serveHttp,
        onRefused: (refusal) => logger.debug(refusal, 'Service Bus request refused'),
      });
    const plain = unbound(null);
    const secure = tls === null ? null : unbound({ ...tls, http2: false, requestClientCertificate: false });
    this.#http = [plain, ...(secure === null ? [] : [secure])];
    const ports = [options.port, ...(options.tlsPort === null || tls === null ? [] : [options.tlsPort])];
    for (const port of ports) {
      const listener = new ServiceBusListener({
        host,
        port,
        tls,
        amqp: (transport, facts) => this.#front.accept(transport, facts),
        http: plain,
        https: secure,
        onRefused: (facts) => logger.debug(facts, 'Service Bus connection refused'),
      });
      try {
        this.#addresses.push(await listener.listen());
      } catch (error) {
        await this.#stopListening(0);
        throw error;
      }
      this.#listeners.push(listener);
    }
  }

  async #stopListening(graceMs: number): Promise<void> {
    const [listeners, http] = [this.#listeners, this.#http];
    this.#listeners = [];
    this.#addresses = [];
    this.#http = [];
    if (graceMs > 0) this.#front.closeConnections();
    // Both at once: only those for HTTP know which of the connections are idle.
    await Promise.all([...listeners, ...http].map((listener) => listener.drain(graceMs)));
  }
}

function isNamed({ name }: NamespaceRecord, hostName: string): boolean {
  const host = hostName.toLowerCase();
  return host === name.toLowerCase() || host.startsWith(`${name.toLowerCase()}.`);
}

function informationOf({ capacity, createdAt, sku, updatedAt }: NamespaceRecord) {
  return { sku, messagingUnits: sku === 'Premium' ? (capacity ?? 1) : undefined, createdAt, updatedAt };
}

/** Beside the SQLite database of the store, a file for each namespace; in the database of the store where that is PostgreSQL. */
async function journalUrlOf(storeUrl: string, dataFolder: string, name: string): Promise<string> {
  if (!storeUrl.startsWith('sqlite:')) return storeUrl;
  const path = storeUrl.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
  const folder = join(path.startsWith(':') ? dataFolder : dirname(resolve(path)), 'servicebus');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return `sqlite:${join(folder, `${name.toLowerCase()}.db`)}`;
}

async function readConfiguration(file: string | null): Promise<readonly ConfiguredNamespace[]> {
  if (file === null) return [];
  const { namespaces, problems } = readEmulatorConfiguration(await readFile(file, 'utf8'));
  const lines = problems.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`);
  if (lines.length > 0) throw new Error(`The Service Bus configuration cannot be used:\n${lines.join('\n')}`);
  return namespaces;
}
