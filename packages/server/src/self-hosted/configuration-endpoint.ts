import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { InboundRequest } from '@lazuli/http';
import { readGatewayToken } from '@lazuli/management';
import { BodyTooLarge, HeaderList, MessageBody } from '@lazuli/policies';
import type { ChangeNotice, JsonObject, JsonValue, Store, Subscription } from '@lazuli/store';
import type { Logger } from 'pino';
import type { Analytics } from '../analytics/analytics.ts';
import { readUsageBatch } from '../analytics/usage-batch.ts';
import type { PublishedService } from '../management/publisher.ts';
import { debugKeyType } from '../tracing/debug-keys.ts';
import type { ServiceTracing } from '../tracing/service-tracing.ts';
import { assignedFiles } from './assigned-files.ts';
import { type WrittenConfiguration, writeConfiguration } from './gateway-configuration.ts';
import { Heartbeats } from './heartbeats.ts';
import { Waiters } from './waiters.ts';

/** Where self-hosted gateways reach the management listener. */
export const configurationPath = '/configuration';

export interface ConfigurationEndpointOptions {
  readonly store: Store;
  readonly logger: Logger;
  readonly now: () => number;
  readonly tracing: Pick<ServiceTracing, 'readKey' | 'keepRemote'>;
  readonly analytics: Pick<Analytics, 'merge'>;
}

interface ServedService {
  readonly service: PublishedService;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A gateway that has proved who it is. */
interface KnownGateway {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** Id of its service in lower case. */
  readonly serviceKey: string;
}

const gatewaysType = 'microsoft.apimanagement/service/gateways';
const longestWaitSeconds = 60;
const heartbeatBytes = 16 * 1024;
const traceBytes = 2 * 1024 * 1024;
const usageBytes = 16 * 1024 * 1024;

/**
 * Gives self-hosted gateways their configuration: `GET /configuration` with `Authorization: GatewayKey {token}`. A gateway
 * that has the newest version (`If-None-Match`) is answered when there is another, or after the seconds that it is willing
 * to wait (`Prefer: wait=10`, RFC 7240). `POST /configuration/heartbeat` takes what a gateway says of itself.
 */
export class ConfigurationEndpoint {
  readonly #options: ConfigurationEndpointOptions;
  readonly #services = new Map<string, ServedService>();
  readonly #waiters = new Waiters();
  readonly #heartbeats: Heartbeats;
  /** The last configuration of each gateway, by its id in lower case, with what it was made of. */
  readonly #written = new Map<
    string,
    { readonly of: string; readonly files: object; readonly written: WrittenConfiguration }
  >();
  #subscription: Subscription | null = null;

  constructor(options: ConfigurationEndpointOptions) {
    this.#options = options;
    this.#heartbeats = new Heartbeats(options.now);
  }

  /** Follows the change feed, so that a gateway notices at once what concerns it alone. */
  async start(): Promise<void> {
    const { store, logger } = this.#options;
    this.#subscription = store.subscribe(await store.sequence(), (notice) => this.#note(notice), {
      epoch: store.epoch,
      onError: (error) => logger.error({ error: String(error) }, 'changes of self-hosted gateways cannot be followed'),
    });
  }

  /** Answers everybody who waits: call it before the listener drains. */
  async close(): Promise<void> {
    this.#waiters.close();
    await this.#subscription?.close();
  }

  /** A service has a new configuration, which can be served. */
  publish(service: PublishedService, files: ReadonlyMap<string, Uint8Array>): void {
    this.#services.set(service.id.toLowerCase(), { service, files });
    this.#waiters.wake(service.id.toLowerCase());
  }

  remove({ id }: PublishedService): void {
    this.#services.delete(id.toLowerCase());
    this.#waiters.wake(id.toLowerCase());
  }

  heartbeats(gatewayId: string): readonly JsonValue[] {
    return this.#heartbeats.of(gatewayId).map((beat) => ({ ...beat }));
  }

  /** True: the request was one to this endpoint and is answered. */
  take(request: InboundRequest): boolean {
    const path = request.target.split('?', 1)[0] ?? '';
    if (path !== configurationPath && !path.startsWith(`${configurationPath}/`)) return false;
    this.#serve(request, path).catch((error: unknown) => {
      this.#options.logger.error({ error: String(error) }, 'a request for a configuration failed');
      answer(request, 500, 'Internal Server Error', 'The configuration could not be read.');
    });
    return true;
  }

  async #serve(request: InboundRequest, path: string): Promise<void> {
    const { method } = request;
    const below = path.slice(configurationPath.length);
    if (!['', '/heartbeat', '/traces', '/usage'].includes(below))
      return answer(request, 404, 'Not Found', 'There is nothing here.');
    const expected = below === '' ? 'GET' : 'POST';
    if (method !== expected) return answer(request, 405, 'Method Not Allowed', `Expected ${expected}.`);
    const gateway = await this.#authenticate(request);
    if (typeof gateway === 'string') return refuse(request, gateway);
    if (below === '/heartbeat') return this.#takeHeartbeat(request, gateway);
    if (below === '/traces') return this.#takeTrace(request, gateway);
    if (below === '/usage') return this.#takeUsage(request, gateway);
    return this.#configure(request, gateway);
  }

  async #configure(request: InboundRequest, first: KnownGateway): Promise<void> {
    const known = request.headers.get('If-None-Match');
    const until = performance.now() + waitOf(request) * 1000;
    let gateway = first;
    for (;;) {
      // Before the store is read: what changes from here on wakes the waiter.
      const waiting = this.#waiters.wait(gateway.serviceKey, until - performance.now());
      const written = await this.#write(gateway);
      if (!written) {
        waiting.cancel();
        return refuse(request, 'The service of the gateway is gone.');
      }
      const headers = new HeaderList(['ETag', written.etag, 'Cache-Control', 'no-store']);
      if (written.etag !== known) {
        waiting.cancel();
        headers.append('Content-Type', 'application/json; charset=utf-8');
        const isPacked = /\bgzip\b/i.test(request.headers.get('Accept-Encoding') ?? '');
        if (isPacked) headers.append('Content-Encoding', 'gzip');
        const body = isPacked ? await packed(written) : Buffer.from(written.text);
        await request.respond({ status: 200, reason: 'OK', headers }, body);
        return;
      }
      const isOver = request.cancellation.isCancelled || !(await waiting.woken);
      if (isOver) {
        waiting.cancel();
        await request.respond({ status: 304, reason: 'Not Modified', headers }, null);
        return;
      }
      // The key may be another by now, or the gateway gone.
      const again = await this.#authenticate(request);
      if (typeof again === 'string') return refuse(request, again);
      gateway = again;
    }
  }

  async #write({ id, name, region, serviceKey }: KnownGateway): Promise<WrittenConfiguration | null> {
    const apis = await this.#assigned(id);
    const served = this.#services.get(serviceKey);
    if (!served) return null;
    const debugKey = await this.#options.tracing.readKey(id);
    const of = [region, debugKey, ...[...apis].sort()].join('/');
    const key = id.toLowerCase();
    const last = this.#written.get(key);
    if (last?.of === of && last.files === served.files) return last.written;
    const written = writeConfiguration({
      gateway: { id: name, region },
      service: { name: served.service.name, id: served.service.id },
      debugKey,
      files: Object.fromEntries(assignedFiles(served.files, apis)),
    });
    this.#written.set(key, { of, files: served.files, written });
    return written;
  }

  /** Names, in lower case, of the APIs that are assigned to a gateway. */
  async #assigned(gatewayId: string): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    let after: string | undefined;
    do {
      const page = await this.#options.store.list({
        parent: gatewayId,
        type: `${gatewaysType}/apis`,
        limit: 5000,
        after,
      });
      for (const { key } of page.items) names.add(key.slice(key.lastIndexOf('/') + 1));
      after = page.next;
    } while (after !== undefined);
    return names;
  }

  /** The gateway that the token is of, or why it is of none. */
  async #authenticate(request: InboundRequest): Promise<KnownGateway | string> {
    const given = /^GatewayKey +(\S.*)$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
    if (given === undefined) return "The header 'Authorization: GatewayKey {token}' is missing.";
    const token = readGatewayToken(given.trim());
    if (!token) return 'The token is not one of a gateway.';
    const { store } = this.#options;
    for (const [serviceKey, served] of this.#services) {
      const record = await store.get(`${served.service.id}/gateways/${token.gateway}`);
      if (!record) continue;
      const secrets = await store.readSecrets(record.id, keyFields);
      if (!token.isSignedBy(keyFields.map((field) => secrets.get(field) ?? ''))) continue;
      if (token.expiry <= this.#options.now()) return 'The token has expired.';
      return {
        id: record.id,
        name: record.id.slice(record.id.lastIndexOf('/') + 1),
        region: regionOf(record.body),
        serviceKey,
      };
    }
    return 'The token is of no gateway, or its key is another by now.';
  }

  async #takeHeartbeat(request: InboundRequest, { id }: KnownGateway): Promise<void> {
    const beat = await readJson(request, heartbeatBytes);
    const text = (name: string) => (typeof beat?.[name] === 'string' ? beat[name].slice(0, 1000) : null);
    const instanceId = text('instanceId');
    if (instanceId === null)
      return answer(request, 400, 'Bad Request', "Expected JSON with 'instanceId' and 'status'.");
    const configuration = text('configuration');
    this.#heartbeats.take(id, {
      instanceId,
      configuration,
      status: text('status') ?? 'Healthy',
      isCurrent: configuration !== null && configuration === this.#written.get(id.toLowerCase())?.written.etag,
    });
    await request.respond({ status: 204, reason: 'No Content', headers: new HeaderList() }, null);
  }

  async #takeTrace(request: InboundRequest, { id }: KnownGateway): Promise<void> {
    if (!this.#options.tracing.keepRemote(id, await readJson(request, traceBytes)))
      return answer(request, 400, 'Bad Request', 'Expected a trace.');
    await request.respond({ status: 204, reason: 'No Content', headers: new HeaderList() }, null);
  }

  async #takeUsage(request: InboundRequest, { serviceKey }: KnownGateway): Promise<void> {
    const batch = readUsageBatch(await readJson(request, usageBytes), this.#options.now());
    if (!batch) return answer(request, 400, 'Bad Request', 'Expected counts of requests.');
    this.#options.analytics.merge(serviceKey, batch);
    await request.respond({ status: 204, reason: 'No Content', headers: new HeaderList() }, null);
  }

  #note(notice: ChangeNotice): void {
    if (notice.kind === 'reload') {
      for (const key of this.#services.keys()) this.#waiters.wake(key);
      return;
    }
    for (const { key, type, operation, id } of notice.changes) {
      const lower = type.toLowerCase();
      // Which service it is of is not in its id; there are few such changes.
      if (lower === debugKeyType.toLowerCase())
        for (const service of this.#services.keys()) this.#waiters.wake(service);
      if (!lower.startsWith(gatewaysType)) continue;
      if (lower === gatewaysType && operation === 'delete') {
        this.#heartbeats.forget(id);
        this.#written.delete(key);
      }
      this.#waiters.wake(key.slice(0, key.indexOf('/gateways/')));
    }
  }
}

const pack = promisify(gzip);
const packs = new WeakMap<WrittenConfiguration, Promise<Uint8Array>>();

/** Packed once for all processes of a gateway. */
function packed(written: WrittenConfiguration): Promise<Uint8Array> {
  const known = packs.get(written) ?? pack(written.text, { level: 3 });
  packs.set(written, known);
  return known;
}

const keyFields = ['properties/primaryKey', 'properties/secondaryKey'];

function regionOf(body: JsonObject): string {
  const { properties } = body;
  const location = isObject(properties) ? properties.locationData : undefined;
  return isObject(location) && typeof location.name === 'string' ? location.name : 'local';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function waitOf(request: InboundRequest): number {
  const seconds = /(?:^|[,;\s])wait\s*=\s*(\d{1,4})/i.exec(request.headers.get('Prefer') ?? '')?.[1];
  return Math.min(Number(seconds ?? 0), longestWaitSeconds);
}

async function readJson(request: InboundRequest, limit: number): Promise<Readonly<Record<string, unknown>> | null> {
  if (request.body === null) return null;
  try {
    const bytes = await MessageBody.fromSource(request.body).buffer(limit);
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof BodyTooLarge) return null;
    throw error;
  }
}

function refuse(request: InboundRequest, message: string): void {
  answer(request, 401, 'Unauthorized', message, ['WWW-Authenticate', 'GatewayKey']);
}

function answer(
  request: InboundRequest,
  status: number,
  reason: string,
  message: string,
  more: readonly string[] = [],
) {
  const headers = new HeaderList(['Content-Type', 'application/json', 'Cache-Control', 'no-store', ...more]);
  void request.respond(
    { status, reason, headers },
    Buffer.from(JSON.stringify({ error: { code: reason.replace(/ /g, ''), message } })),
  );
}
