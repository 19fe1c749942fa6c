import type { UpstreamClient, UpstreamOrigin, UpstreamRequest } from '@lazuli/http';
import { endToEndHeaders } from '@lazuli/http';
import {
  type BackendPort,
  type BaseUrl,
  type BodySource,
  BodyTooLarge,
  type ClockPort,
  type Exchange,
  type ForwardOptions,
  type HeaderList,
  type HttpResponse,
  type OriginalUrlParts,
  PolicyError,
  parseBaseUrl,
} from '@lazuli/policies';
import { noteAffinityCookie, noteCall, upgradeOf } from './backend-call.ts';
import type { BackendPool } from './backend-pool.ts';
import type { BackendRegistry } from './backend-registry.ts';
import { authority, namesOf } from './base-names.ts';
import { applyCredentials } from './credentials.ts';
import { outcomeOf, toPolicyError, unavailable } from './http-failure.ts';
import type { PlainOrigins } from './plain-origins.ts';
import { maxRedirects, redirectOf } from './redirects.ts';
import type { SingleBackend } from './single-backend.ts';

/** Sends exchanges to their backends: the base URL that policies chose, a backend entity, or a member of a pool. */
export function createBackendPort(
  registry: BackendRegistry,
  upstream: UpstreamClient,
  clock: ClockPort,
  origins: PlainOrigins,
): BackendPort {
  return {
    has: (backendId) => registry.has(backendId),
    async forward(exchange, options) {
      const target = targetOf(exchange, registry, clock.now());
      const started = clock.now();
      let answered = 0;
      try {
        const response = await send(exchange, options, target, upstream, origins);
        answered = response.status;
        target.backend?.record(
          { kind: 'response', status: response.status, retryAfter: response.headers.get('Retry-After') },
          clock.now(),
        );
        return response;
      } catch (error) {
        const outcome = outcomeOf(error);
        if (outcome) target.backend?.record(outcome, clock.now());
        throw toPolicyError(error, options.timeoutMs);
      } finally {
        noteCall(exchange, {
          url: namesOf(target.base).url + exchange.request.url.path,
          status: answered === 0 ? null : answered,
          milliseconds: clock.now() - started,
        });
      }
    },
  };
}

interface Target {
  readonly base: BaseUrl;
  /** Null for a base URL without an entity. */
  readonly backend: SingleBackend | null;
}

function targetOf(exchange: Exchange, registry: BackendRegistry, now: number): Target {
  const choice = exchange.backend;
  if (choice?.kind !== 'entity') {
    const { base } = exchange.request.url;
    if (!base)
      throw new PolicyError(
        'BackendConnectionFailure',
        `The API '${exchange.match.api.name}' has no service URL and no policy chose a backend.`,
        { status: 500, message: 'Internal server error', activityId: true },
      );
    return { base, backend: null };
  }
  const { backendId } = choice;
  exchange.backendId = backendId;
  const pool = registry.pool(backendId);
  const backend = pool ? memberFor(exchange, pool, backendId, now) : registry.single(backendId);
  if (!backend?.base)
    throw new PolicyError('BackendNotFound', `Backend with id '${backendId}' has no URL.`, {
      status: 500,
      message: 'Internal server error',
      activityId: true,
    });
  if (!pool && backend.isOpen(now)) throw unavailable('Backend', backendId, backend.closesIn(now));
  exchange.backendId = backend.entity.name;
  return { base: backend.base, backend };
}

function memberFor(exchange: Exchange, pool: BackendPool, backendId: string, now: number): SingleBackend {
  const sticky = pool.memberOf(exchange.request.headers.getAll('Cookie'));
  const member = pool.pick(now, sticky);
  if (!member) throw unavailable('Backend pool', backendId, pool.opensIn(now));
  const cookie = member === sticky ? null : pool.cookieFor(member);
  if (cookie !== null) noteAffinityCookie(exchange, cookie);
  return member;
}

async function send(
  exchange: Exchange,
  options: ForwardOptions,
  { base, backend }: Target,
  upstream: UpstreamClient,
  origins: PlainOrigins,
): Promise<HttpResponse> {
  const { request } = exchange;
  const url = request.url;
  const path = `${base.path}${url.path}` || '/';
  let query = url.query;
  const headers = request.headers.clone();
  setHost(headers, exchange, base);
  headers.append('X-Forwarded-For', request.ipAddress);
  if (backend) query = await applyCredentials(backend.entity, headers, query, exchange.ports.tokens);
  const origin = originFor(exchange, base, backend, origins);
  const upgrade = upgradeOf(exchange);
  const outgoing: UpstreamRequest = {
    method: request.method,
    origin,
    target: query === '' ? path : `${path}?${query}`,
    headers,
    body: upgrade ? null : await bodyOf(exchange, options),
    timeoutMs: options.timeoutMs,
    continueTimeoutMs: options.continueTimeoutMs,
    httpVersion: options.httpVersion,
    cancellation: exchange.cancellation,
  };
  if (upgrade) {
    const answer = await upstream.upgrade(outgoing);
    if (answer.accepted) upgrade.socket = answer.socket;
    return withoutHopByHop(answer.response);
  }
  const response = await upstream.request(outgoing);
  const followed = options.followRedirects
    ? await follow(outgoing, response, base, secretHeaders(exchange, backend), upstream, origins)
    : response;
  return withoutHopByHop(followed);
}

/** The backend's own host, unless a policy changed the header that the caller sent. */
function setHost(headers: HeaderList, exchange: Exchange, base: BaseUrl): void {
  const given = headers.get('Host');
  if (given !== undefined && !isAsSent(given, exchange.request.originalUrl)) return;
  headers.set('Host', namesOf(base).host);
}

function isAsSent(given: string, original: OriginalUrlParts): boolean {
  if (given === original.authority) return true;
  const { host, port, scheme } = original;
  const lower = given.toLowerCase();
  return (
    lower === authority(host, port) || lower === authority(host, port === (scheme === 'https' ? 443 : 80) ? null : port)
  );
}

function originFor(
  exchange: Exchange,
  base: BaseUrl,
  backend: SingleBackend | null,
  origins: PlainOrigins,
): UpstreamOrigin {
  const { certificate, proxy } = exchange.connection;
  const origin = backend ? backend.origin(base) : origins.find(base);
  return certificate || proxy ? origins.variant(origin, certificate, proxy) : origin;
}

async function bodyOf(exchange: Exchange, options: ForwardOptions): Promise<Uint8Array | BodySource | null> {
  const { body } = exchange.request;
  if (!body) return null;
  if (options.bufferRequestBody) {
    try {
      await body.buffer(exchange.limits.policyBodyBytes);
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) throw error;
      throw new PolicyError('RequestBodyTooLarge', error.message, {
        status: 413,
        message: 'Request body is too large.',
      });
    }
  }
  return body.take();
}

/** Headers that are meant for this backend or this gateway: another origin that a redirect names does not get them. */
function secretHeaders(exchange: Exchange, backend: SingleBackend | null): readonly string[] {
  const ownKey = exchange.match.api.subscriptionKeyParameterNames.header;
  return ['Authorization', 'Cookie', ownKey, ...(backend?.entity.credentials?.header.keys() ?? [])];
}

/** A body that was streamed is gone: a redirect that wants it again is the answer then. */
async function follow(
  first: UpstreamRequest,
  answer: HttpResponse,
  base: BaseUrl,
  secrets: readonly string[],
  upstream: UpstreamClient,
  origins: PlainOrigins,
): Promise<HttpResponse> {
  let request = first;
  let response = answer;
  let from = `${base.scheme}://${authority(base.host, base.port)}${first.target}`;
  for (let i = 0; i < maxRedirects; i++) {
    const redirect = redirectOf(response.status, response.headers.get('Location'), request.method, from);
    if (!redirect) return response;
    const isReplayable = request.body === null || request.body instanceof Uint8Array;
    if (redirect.keepsBody && !isReplayable) return response;
    response.body?.abort(new Error('A redirect is followed.'));
    const { url } = redirect;
    const next = parseBaseUrl(url.origin);
    const headers = request.headers.clone();
    headers.set('Host', url.host);
    const sameOrigin = new URL(from).origin === url.origin;
    if (!sameOrigin) for (const name of secrets) headers.remove(name);
    if (!redirect.keepsBody) for (const name of ['Content-Type', 'Content-Encoding']) headers.remove(name);
    request = {
      ...request,
      method: redirect.method,
      origin: sameOrigin ? request.origin : origins.find(next),
      target: `${url.pathname}${url.search}`,
      headers,
      body: redirect.keepsBody ? request.body : null,
    };
    from = url.href;
    response = await upstream.request(request);
  }
  return response;
}

function withoutHopByHop(response: HttpResponse): HttpResponse {
  return {
    status: response.status,
    reason: response.reason,
    headers: endToEndHeaders(response.headers),
    body: response.body,
  };
}
