import type { Exchange } from '../exchange.ts';
import { HeaderList } from '../http/header-list.ts';
import type {
  BackendPort,
  CacheEntry,
  CachePort,
  ClockPort,
  CounterPort,
  HttpRequest,
  HttpResponse,
  Ports,
} from '../ports/ports.ts';
import { sourceOf } from './body-source.ts';

/** What a fake backend or remote server answers; a 200 without a body when nothing is said. */
export interface FakeResponse {
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

export type FakeServer = (request: FakeRequest) => FakeResponse | Promise<FakeResponse>;

/** What arrived at a fake server. */
export interface FakeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderList;
  readonly body: string;
  readonly bytes: Uint8Array;
}

/** A clock that stands still until it is moved, and moves by itself when somebody sleeps. */
export class FakeClock implements ClockPort {
  time: number;
  /** What {@link random} gives. */
  nextRandom = 0.5;
  readonly slept: number[] = [];
  constructor(time = Date.UTC(2026, 0, 2, 3, 4, 5)) {
    this.time = time;
  }
  now(): number {
    return this.time;
  }
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.slept.push(ms);
    this.time += ms;
  }
  random(): number {
    return this.nextRandom;
  }
}

/** Ports for tests: in memory, recording what went through them. Any can be replaced. */
export interface FakePorts extends Ports {
  readonly clock: FakeClock;
  readonly logged: {
    readonly level: string;
    readonly message: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
  readonly emitted: {
    readonly namespace: string;
    readonly name: string;
    readonly value: number;
    readonly dimensions: readonly (readonly [string, string])[];
  }[];
  readonly sentEvents: {
    readonly loggerId: string;
    readonly body: string;
    readonly partitionId: string | null;
    readonly partitionKey: string | null;
  }[];
  /** Requests that the backend got. */
  readonly backendRequests: FakeRequest[];
  /** Requests that others got (send-request, key sets). */
  readonly httpRequests: HttpRequest[];
}

export interface FakePortsInit {
  readonly backend?: FakeServer;
  readonly http?: FakeServer;
  readonly backends?: readonly string[];
  readonly loggers?: readonly string[];
  readonly certificates?: Readonly<
    Record<string, { readonly certificatePem: string; readonly privateKeyPem: string | null }>
  >;
  /** One clock for several requests. */
  readonly clock?: FakeClock;
  /** Instead of the fakes; the clock is always a fake one. */
  readonly ports?: Partial<Omit<Ports, 'clock'>>;
}

export function fakePorts(init: FakePortsInit = {}): FakePorts {
  const clock = init.clock ?? new FakeClock();
  const logged: FakePorts['logged'] = [];
  const emitted: FakePorts['emitted'] = [];
  const events: FakePorts['sentEvents'] = [];
  const backendRequests: FakeRequest[] = [];
  const httpRequests: HttpRequest[] = [];
  const certificates = init.certificates ?? {};
  return {
    logged,
    emitted,
    sentEvents: events,
    backendRequests,
    httpRequests,
    backend: fakeBackend(init, backendRequests),
    http: {
      async send(request) {
        httpRequests.push(request);
        const bytes = await bytesOf(request.body);
        const { method, url, headers } = request;
        const answer = await (init.http ?? (() => ({})))({
          method,
          url,
          headers,
          bytes,
          body: Buffer.from(bytes).toString(),
        });
        return responseOf(answer);
      },
    },
    cache: new FakeCache(),
    counters: new FakeCounters(clock),
    certificates: {
      names: () => Object.keys(certificates),
      find: (id) => certificates[id],
    },
    log: { write: (level, message, fields) => logged.push({ level, message, fields }) },
    metrics: { emit: (metric) => emitted.push(metric) },
    events: {
      has: (id) => init.loggers?.includes(id) ?? false,
      send: (loggerId, event) => events.push({ loggerId, ...event }),
    },
    tokens: { acquire: (resource) => ({ accessToken: `token-for-${resource}`, expiresOn: clock.now() + 3_600_000 }) },
    ...init.ports,
    clock,
  };
}

function fakeBackend(init: FakePortsInit, requests: FakeRequest[]): BackendPort {
  return {
    has: (id) => init.backends?.includes(id) ?? false,
    async forward(exchange: Exchange) {
      const { method, headers, url, body } = exchange.request;
      const bytes = body ? await bytesOf(body.take()) : new Uint8Array(0);
      const base = url.base;
      const host = base?.host.includes(':') ? `[${base.host}]` : base?.host;
      const text = base ? `${base.scheme}://${host}:${base.port}${url.target}` : url.target;
      const request = { method, url: text, headers: headers.clone(), bytes, body: Buffer.from(bytes).toString() };
      requests.push(request);
      return responseOf(await (init.backend ?? (() => ({})))(request));
    },
  };
}

async function bytesOf(body: HttpRequest['body']): Promise<Uint8Array> {
  if (!body) return new Uint8Array(0);
  if (body instanceof Uint8Array) return body;
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    body.start({ data: (chunk) => chunks.push(chunk), end: () => resolve(Buffer.concat(chunks)), error: reject });
  });
}

function responseOf({ status = 200, reason, headers = {}, body }: FakeResponse): HttpResponse {
  const list = new HeaderList();
  for (const [name, value] of Object.entries(headers)) list.set(name, value);
  return {
    status,
    reason: reason ?? (status === 200 ? 'OK' : ''),
    headers: list,
    body: body === undefined ? null : sourceOf(body),
  };
}

class FakeCache implements CachePort {
  readonly entries = new Map<string, CacheEntry>();
  get(key: string): CacheEntry | undefined {
    return this.entries.get(key);
  }
  set(key: string, entry: CacheEntry): void {
    this.entries.set(key, entry);
  }
  remove(key: string): boolean {
    this.entries.delete(key);
    return true;
  }
}

class FakeCounters implements CounterPort {
  readonly #clock: ClockPort;
  readonly #hits = new Map<string, { readonly at: number; readonly amount: number }[]>();
  readonly #windows = new Map<string, number>();
  readonly #running = new Map<string, number>();
  constructor(clock: ClockPort) {
    this.#clock = clock;
  }
  slidingWindow(key: string, limit: number, periodMs: number, amount: number) {
    const now = this.#clock.now();
    const hits = (this.#hits.get(key) ?? []).filter((hit) => hit.at > now - periodMs);
    this.#hits.set(key, hits);
    const used = hits.reduce((sum, hit) => sum + hit.amount, 0);
    const allowed = used + Math.max(amount, 1) <= limit;
    if (allowed && amount > 0) hits.push({ at: now, amount });
    const remaining = Math.max(0, limit - used - (allowed ? amount : 0));
    return { allowed, remaining, retryAfterMs: remaining > 0 ? 0 : (hits[0]?.at ?? now) + periodMs - now };
  }
  addToSlidingWindow(key: string, _periodMs: number, amount: number): void {
    const hits = this.#hits.get(key) ?? [];
    hits.push({ at: this.#clock.now(), amount });
    this.#hits.set(key, hits);
  }
  addToFixedWindow(key: string, windowStart: number, _windowEnd: number | null, amount: number): number {
    const id = `${key}@${windowStart}`;
    const sum = (this.#windows.get(id) ?? 0) + amount;
    this.#windows.set(id, sum);
    return sum;
  }
  enter(key: string, max: number): boolean {
    const running = this.#running.get(key) ?? 0;
    if (running >= max) return false;
    this.#running.set(key, running + 1);
    return true;
  }
  leave(key: string): void {
    this.#running.set(key, (this.#running.get(key) ?? 1) - 1);
  }
}
