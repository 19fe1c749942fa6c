import { randomUUID } from 'node:crypto';
import type { InboundRequest, ResponseOutcome } from '@lazuli/http';
import { endToEndHeaders } from '@lazuli/http';
import {
  BackendUrl,
  type ClockPort,
  closeExchange,
  createExchange,
  crossDomainPath,
  type Exchange,
  type ExchangeLimits,
  type ExchangeResponse,
  type HeaderList,
  MessageBody,
  type Pipeline,
  PolicyError,
  type Ports,
  type RouteMatch,
  runPipeline,
} from '@lazuli/policies';
import type { Api, Operation } from '@lazuli/resources';
import { affinityCookieOf, upgradeOf, wantUpgrade } from '../backends/backend-call.ts';
import type { BackendRegistry } from '../backends/backend-registry.ts';
import { type RequestTarget, splitTarget } from '../routing/request-path.ts';
import type { RouteOutcome } from '../routing/router.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { presentedKey } from '../subscriptions/presented-key.ts';
import { type AccessRecord, accessRecordOf } from './access-record.ts';
import { operationNotFound, subscriptionKeyInvalid, subscriptionKeyNotFound } from './built-in-errors.ts';
import type { GatewayNames } from './gateway-names.ts';
import { noApi, noOperation } from './no-match.ts';
import { OriginalUrl } from './original-url.ts';
import { answerPreflight, isPreflight } from './preflight.ts';
import type { RequestTrace, RequestTracing } from './request-tracing.ts';
import { continueTrace } from './trace-context.ts';
import { joinSockets } from './upgrade.ts';

/** A snapshot with what stands behind its ports. */
export interface ServingSnapshot {
  readonly snapshot: Snapshot;
  readonly registry: BackendRegistry;
  readonly ports: Ports;
  /** Display name of a group. */
  readonly groupName: (name: string) => string;
  /** When it went live: milliseconds since 1970. */
  readonly since: number;
}

export interface RequestSettings {
  readonly names: GatewayNames;
  readonly limits: ExchangeLimits;
  readonly clock: ClockPort;
  readonly onComplete: ((record: AccessRecord) => void) | null;
  readonly tracing: RequestTracing | null;
}

/** One request from its head to the last byte of its answer. */
export class GatewayRequest {
  readonly #settings: RequestSettings;
  readonly #current: ServingSnapshot;
  readonly #inbound: InboundRequest;
  readonly #startedAt: number;
  readonly #started = performance.now();
  readonly #target: RequestTarget;
  readonly #headers: HeaderList;
  readonly #traceId: string;
  #trace: RequestTrace | null = null;

  constructor(settings: RequestSettings, current: ServingSnapshot, inbound: InboundRequest) {
    this.#settings = settings;
    this.#current = current;
    this.#inbound = inbound;
    this.#startedAt = settings.clock.now();
    this.#target = splitTarget(inbound.target);
    this.#headers = endToEndHeaders(inbound.headers);
    if (!this.#headers.has('Host')) this.#headers.set('Host', inbound.authority);
    this.#traceId = continueTrace(this.#headers);
  }

  run(): void {
    const { snapshot } = this.#current;
    const { method } = this.#inbound;
    const route = snapshot.router.match(method, this.#target, this.#headers);
    if (route.kind !== 'operation') {
      if (isPreflight(method, this.#headers) && this.#preflight()) return;
      if (this.#target.path === crossDomainPath && this.#crossDomainFile()) return;
      this.#refuse(route, operationNotFound());
      return;
    }
    const { api } = route;
    const key = presentedKey(api, this.#headers, this.#target.query);
    const authorization = snapshot.authorizer.authorize(api, key);
    if (authorization.kind !== 'granted') {
      const realm = `${this.#inbound.scheme}://${this.#inbound.authority}`;
      const refusal = authorization.kind === 'key-missing' ? subscriptionKeyNotFound : subscriptionKeyInvalid;
      this.#refuse(route, refusal(api, realm));
      return;
    }
    const { product, subscription, user } = authorization;
    const exchange = this.#exchange({
      api,
      operation: route.operation,
      matchedParameters: route.matchedParameters,
      operationPath: route.operationPath,
      product,
      subscription,
      subscriptionKey: subscription ? key : '',
      user,
    });
    if (this.#inbound.isUpgrade) wantUpgrade(exchange);
    this.#pass(exchange, snapshot.pipeline(api, route.operation, product));
  }

  /** Answers a preflight by the `cors` policies that are in force for the method it asks about; false: none answered. */
  #preflight(): boolean {
    const { snapshot } = this.#current;
    const asked = this.#headers.get('Access-Control-Request-Method') ?? '';
    const route = snapshot.router.match(asked.toUpperCase(), this.#target, this.#headers);
    if (route.kind === 'no-api') return false;
    const operation = route.kind === 'operation' ? route.operation : null;
    const product = snapshot.authorizer.openProductOf(route.api);
    const exchange = this.#exchange(this.#anonymousMatch(route.api, operation, route.operationPath));
    const pipeline = snapshot.pipeline(route.api, operation, product);
    try {
      if (!answerPreflight(pipeline, exchange)) return false;
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.#pass(exchange, pipeline, error);
      return true;
    }
    this.#respond(exchange);
    return true;
  }

  /** `cross-domain` of the global document; false: there is none. */
  #crossDomainFile(): boolean {
    const exchange = this.#exchange(this.#anonymousMatch(null, null, this.#target.path));
    if (!answerPreflight(this.#current.snapshot.pipeline(null, null, null), exchange)) return false;
    this.#respond(exchange);
    return true;
  }

  #refuse(route: RouteOutcome, error: PolicyError): void {
    const api = route.kind === 'no-api' ? null : route.api;
    const operation = route.kind === 'operation' ? route.operation : null;
    const operationPath = route.kind === 'no-api' ? this.#target.path : route.operationPath;
    const exchange = this.#exchange(this.#anonymousMatch(api, operation, operationPath));
    this.#pass(exchange, this.#current.snapshot.pipeline(api, operation, null), error);
  }

  #anonymousMatch(api: Api | null, operation: Operation | null, operationPath: string): RouteMatch {
    return {
      api: api ?? noApi,
      operation: operation ?? noOperation,
      matchedParameters: noParameters,
      operationPath,
      product: null,
      subscription: null,
      subscriptionKey: '',
      user: null,
    };
  }

  #exchange(match: RouteMatch): Exchange {
    const inbound = this.#inbound;
    const { ports, groupName, snapshot } = this.#current;
    const { path, query } = this.#target;
    const { tracing } = this.#settings;
    if (tracing?.isActive) {
      const { model } = snapshot;
      this.#trace = tracing.begin({ headers: this.#headers, match, hasApi: match.api !== noApi, model });
    }
    const trace = this.#trace;
    return createExchange({
      id: randomUUID(),
      startedAt: this.#startedAt,
      match,
      request: {
        method: inbound.method,
        httpVersion: inbound.httpVersion,
        originalUrl: new OriginalUrl(inbound, path, query),
        url: new BackendUrl(snapshot.baseUrl(match.api), match.operationPath, query),
        headers: this.#headers,
        body: inbound.body ? MessageBody.fromSource(inbound.body) : null,
        ipAddress: inbound.remoteAddress,
        certificate: () => inbound.clientCertificate(),
      },
      ports: trace ? trace.ports(ports) : ports,
      gateway: this.#settings.names.at(inbound.scheme, inbound.authority),
      limits: this.#settings.limits,
      cancellation: inbound.cancellation,
      groupName,
      onTrace: trace ? trace.onTrace : null,
    });
  }

  #pass(exchange: Exchange, pipeline: Pipeline, builtInError?: PolicyError): void {
    const traced = this.#trace ? this.#trace.pipeline(pipeline, exchange) : pipeline;
    const waiting = runPipeline(traced, exchange, builtInError ? { builtInError } : {});
    if (waiting) void waiting.then(() => this.#respond(exchange));
    else this.#respond(exchange);
  }

  #respond(exchange: Exchange): void {
    const { response } = exchange;
    this.#trace?.respond(exchange);
    const socket = upgradeOf(exchange)?.socket ?? null;
    const finish = (outcome: ResponseOutcome | null) => this.#finish(exchange, response, outcome);
    if (socket && response?.status === 101) {
      void joinSockets(this.#inbound.acceptUpgrade(response), socket).then(finish);
      return;
    }
    socket?.destroy();
    if (response) void this.#send(exchange, response).then(finish);
    else finish(null);
  }

  #finish(exchange: Exchange, response: ExchangeResponse | null, outcome: ResponseOutcome | null): void {
    closeExchange(exchange);
    this.#trace?.end(exchange, outcome);
    const { onComplete } = this.#settings;
    if (!onComplete) return;
    onComplete(
      accessRecordOf(exchange, {
        traceId: this.#traceId,
        path: this.#target.path,
        response,
        outcome,
        milliseconds: performance.now() - this.#started,
        hasApi: exchange.match.api !== noApi,
        hasOperation: exchange.match.operation !== noOperation,
      }),
    );
  }

  #send(exchange: Exchange, response: ExchangeResponse): Promise<ResponseOutcome> {
    const cookie = affinityCookieOf(exchange);
    if (cookie !== null) response.headers.append('Set-Cookie', cookie);
    const { status, reason, headers } = response;
    return this.#inbound.respond({ status, reason, headers }, response.body?.take() ?? null);
  }
}

const noParameters: ReadonlyMap<string, string> = new Map();
