import type { GatewayTracing } from '@lazuli/management';
import type { JsonValue, Store } from '@lazuli/store';
import type { PublishedService } from '../management/publisher.ts';
import { traceUrl } from './answer-trace.ts';
import { DebugKeys } from './debug-keys.ts';
import { writeDebugToken } from './debug-token.ts';
import { readTrace } from './remote-trace.ts';
import { RequestTracer } from './request-tracer.ts';
import type { TraceStore } from './trace-store.ts';

export interface ServiceTracingOptions {
  readonly store: Store;
  readonly traces: TraceStore;
  readonly now: () => number;
  /** Where the management plane is reached, without a slash at the end. */
  readonly baseUrl: () => string;
  readonly onError: (error: unknown) => void;
}

/** Debug credentials and traces of all services of a process, and those that self-hosted gateways send. */
export class ServiceTracing implements GatewayTracing {
  readonly #options: ServiceTracingOptions;
  readonly #keys: DebugKeys;

  constructor(options: ServiceTracingOptions) {
    this.#options = options;
    this.#keys = new DebugKeys(options.store, options.onError);
  }

  start(): Promise<void> {
    return this.#keys.start();
  }

  close(): Promise<void> {
    return this.#keys.close();
  }

  /** For the managed gateway of a service. */
  tracerFor({ id, name }: PublishedService): RequestTracer {
    const { now, traces, baseUrl } = this.#options;
    const gatewayId = `${id}/gateways/managed`;
    return new RequestTracer({
      serviceName: name,
      now,
      debugKey: () => this.#keys.of(gatewayId),
      keep: (trace, location) => traces.put(gatewayId, trace, location),
      locationUrl: (location) => traceUrl(baseUrl(), location),
    });
  }

  async issue(
    gatewayId: string,
    {
      api,
      revision,
      lifetimeMs,
    }: { readonly api: string; readonly revision: string | null; readonly lifetimeMs: number },
  ): Promise<string> {
    const key = await this.#keys.make(gatewayId);
    return writeDebugToken(key, { api, revision, expiry: this.#options.now() + lifetimeMs });
  }

  invalidate(gatewayId: string): Promise<void> {
    return this.#keys.renew(gatewayId);
  }

  find(gatewayId: string, traceId: string): JsonValue | null {
    const document = this.#options.traces.get(gatewayId, traceId);
    return document === null ? null : JSON.parse(JSON.stringify(document));
  }

  /** Key of a self-hosted gateway's debug credentials, as it stands in the store. */
  readKey(gatewayId: string): Promise<string | null> {
    return this.#keys.read(gatewayId);
  }

  /** Keeps what a self-hosted gateway sent; false: it is no trace. */
  keepRemote(gatewayId: string, sent: Readonly<Record<string, unknown>> | null): boolean {
    const trace = readTrace(sent);
    if (!trace) return false;
    this.#options.traces.put(gatewayId, trace, trace.location);
    return true;
  }
}
