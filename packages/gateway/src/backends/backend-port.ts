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
    forward(exchange, options) {
      const started = clock.now();
      let target: Target;
      try {
        target = targetOf(exchange, registry, started);
      } catch (error) {
        return Promise.reject(error);
      }
      const { backend, base } = target;
      const note = (status: number | null): number => {
        const now = clock.now();
        const url = namesOf(base).url + exchange.request.url.path;
        noteCall(exchange, { url, status, milliseconds: now - started });
        return now;
      };
      return send(exchange, options, target, upstream, origins).then(
        (response) => {
          const { status } = response;
          const answer = withoutHopByHop(response);
          const now = note(status);
          backend?.record({ kind: 'response', status, retryAfter: answer.headers.get('Retry-After') }, now);
          return answer;
        },
        (error: unknown) => {
          const now = note(null);
          const outcome = outcomeOf(error);
          if (outcome) backend?.record(outcome, now);
          throw toPolicyError(error, options.timeoutMs);
        },
      );
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

/** Most requests leave at once: those without a body, to a backend that wants no credentials. */
function send(
  exchange: Exchange,
  options: ForwardOptions,
  target: Target,
  upstream: UpstreamClient,
  origins: PlainOrigins,
): Promise<HttpResponse> {
  const { request } = exchange;
  const { base, backend } = target;
  const headers = request.headers.clone();
  setHost(headers, exchange, base);
  headers.append('X-Forwarded-For', request.ipAddress);
  const waits = request.body !== null || options.followRedirects || Boolean(backend?.entity.credentials);
  if (waits || upgradeOf(exchange)) return sendLater(exchange, options, target, headers, upstream, origins);
  const origin = originFor(exchange, base, backend, origins);
  return upstream.request(outgoingOf(exchange, options, base, origin, headers, request.url.query, null));
}

async function sendLater(
  exchange: Exchange,
  options: ForwardOptions,
  { base, backend }: Target,
  headers: HeaderList,
  upstream: UpstreamClient,
  origins: PlainOrigins,
): Promise<HttpResponse> {
  let { query } = exchange.request.url;
  if (backend) query = await applyCredentials(backend.entity, headers, query, exchange.ports.tokens);
  const origin = originFor(exchange, base, backend, origins);
  const upgrade = upgradeOf(exchange);
  const body = upgrade ? null : await bodyOf(exchange, options);
  const outgoing = outgoingOf(exchange, options, base, origin, headers, query, body);
  if (upgrade) {
    const answer = await upstream.upgrade(outgoing);
    if (answer.accepted) upgrade.socket = answer.socket;
    return answer.response;
  }
  const response = await upstream.request(outgoing);
  return options.followRedirects
    ? follow(outgoing, response, base, secretHeaders(exchange, backend), upstream, origins)
    : response;
}

function outgoingOf(
  { request, cancellation }: Exchange,
  options: ForwardOptions,
  base: BaseUrl,
  origin: UpstreamOrigin,
  headers: HeaderList,
  query: string,
  body: Uint8Array | BodySource | null,
): UpstreamRequest {
  const path = `${base.path}${request.url.path}` || '/';
  return {
    method: request.method,
    origin,
    target: query === '' ? path : `${path}?${query}`,
    headers,
    body,
    timeoutMs: options.timeoutMs,
    continueTimeoutMs: options.continueTimeoutMs,
    httpVersion: options.httpVersion,
    cancellation,
  };
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
