import { randomUUID } from 'node:crypto';
import type { InboundRequest, RequestHandler } from '@lazuli/http';
import { BodyTooLarge, HeaderList, MessageBody } from '@lazuli/policies';
import { StoreError } from '@lazuli/store';
import type { ArmResponse, Principal } from '../contract.ts';
import { ArmError, armError } from '../errors.ts';
import { isGuid } from '../schema/formats.ts';
import type { Call, ManagementLog, Method } from '../services.ts';
import { pathSegments } from './path.ts';
import { parseQuery } from './query.ts';
import type { RateLimits } from './rate-limits.ts';

/** A path that is served without a token and outside of Resource Manager: sign-in, discovery. */
export type OpenHandler = (request: OpenRequest) => Promise<OpenResponse | undefined>;

export interface OpenRequest {
  readonly method: string;
  readonly segments: readonly string[];
  readonly query: ReturnType<typeof parseQuery>;
  readonly headers: HeaderList;
  readonly baseUrl: string;
  readonly clientAddress: string;
  readonly now: number;
  /** @throws {ArmError} `RequestContentTooLarge` */
  readBody(limit: number): Promise<Uint8Array>;
}

export interface OpenResponse {
  readonly status: number;
  readonly body?: unknown;
  /** Instead of `body`, which is answered as JSON. */
  readonly text?: { readonly contentType: string; readonly content: string };
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FrontOptions {
  /** Tried in order before anything else. */
  readonly open: readonly OpenHandler[];
  /** Who the token of a request belongs to. @throws {ArmError} 401 */
  authenticate(request: InboundRequest, baseUrl: string): Promise<Principal>;
  dispatch(call: Call): Promise<ArmResponse>;
  readonly rateLimits: RateLimits;
  readonly log: ManagementLog;
  readonly now: () => number;
  /** Bytes of a request body at most. */
  readonly bodyBytes: number;
}

const jsonType = 'application/json; charset=utf-8';

const methods: readonly Method[] = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'];

/** Makes the handler of the listener: every answer is JSON in Azure's form and carries the ids of the request. */
export function createFront(options: FrontOptions): RequestHandler {
  return (request) => {
    void serve(request, options);
  };
}

async function serve(request: InboundRequest, options: FrontOptions): Promise<void> {
  const requestId = randomUUID();
  const given = request.headers.get('x-ms-correlation-request-id');
  const correlationId = given !== undefined && isGuid(given) ? given.toLowerCase() : requestId;
  let response: OpenResponse;
  try {
    response = await answer(request, options, correlationId);
  } catch (error) {
    response = errorResponse(error, request, correlationId, options.log);
  }
  const headers = responseHeaders(request, response, requestId, correlationId);
  const { body, text = body === undefined ? undefined : { contentType: jsonType, content: JSON.stringify(body) } } =
    response;
  const bytes = text === undefined ? null : Buffer.from(text.content);
  if (text !== undefined) headers.set('Content-Type', text.contentType);
  const isHead = request.method === 'HEAD';
  await request.respond({ status: response.status, reason: '', headers }, isHead ? null : (bytes ?? new Uint8Array(0)));
}

async function answer(request: InboundRequest, options: FrontOptions, correlationId: string): Promise<OpenResponse> {
  const [path = '', ...rest] = request.target.split('?');
  const query = parseQuery(rest.join('?'));
  const segments = pathSegments(path);
  const baseUrl = `${request.scheme}://${request.authority}`;
  const { headers, remoteAddress: clientAddress } = request;
  const now = options.now();
  const readBody = (limit: number) => readBytes(request, limit);
  const open = { method: request.method, segments, query, headers, baseUrl, clientAddress, now, readBody };
  for (const handler of options.open) {
    const response = await handler(open);
    if (response !== undefined) return response;
  }
  const method = methods.find((one) => one === request.method);
  if (method === undefined) throw armError('MethodNotAllowed', { method: request.method });
  const principal = await options.authenticate(request, baseUrl);
  const limits = options.rateLimits.take(principal.objectId, method);
  const call: Call = {
    method,
    segments,
    query,
    headers,
    principal,
    now,
    baseUrl,
    correlationId,
    clientAddress,
    readBody: (limit = options.bodyBytes) => {
      requireJson(headers);
      return readBytes(request, limit);
    },
  };
  const response = await options.dispatch(call);
  return { ...response, headers: { ...limits, ...response.headers } };
}

async function readBytes(request: InboundRequest, limit: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array(0);
  try {
    return await MessageBody.fromSource(request.body).buffer(limit);
  } catch (error) {
    if (error instanceof BodyTooLarge) throw armError('RequestContentTooLarge', { limit });
    throw armError('InvalidRequestContent', { reason: 'The content ended before it was complete.' }, { cause: error });
  }
}

function requireJson(headers: HeaderList): void {
  const contentType = headers.get('Content-Type');
  if (contentType === undefined) return;
  const mediaType = (contentType.split(';')[0] as string).trim().toLowerCase();
  if (mediaType === '' || /^(application|text)\/([\w.-]+\+)?json$/.test(mediaType)) return;
  throw armError('UnsupportedMediaType', { mediaType });
}

/** What the store does not take is the caller's, not ours. */
const tooMuch: ReadonlySet<string> = new Set(['BodyTooLarge', 'BodyTooDeep', 'BatchTooLarge', 'InvalidSecret']);

function errorResponse(
  error: unknown,
  request: InboundRequest,
  correlationId: string,
  log: ManagementLog,
): OpenResponse {
  if (error instanceof ArmError) return { status: error.status, body: { error: error.body }, headers: error.headers };
  if (error instanceof StoreError && tooMuch.has(error.code)) {
    const { status, body } = armError('InvalidRequestBody', { reason: error.message });
    return { status, body: { error: body } };
  }
  const facts = { correlationId, method: request.method, error: error instanceof Error ? error.stack : String(error) };
  log.error(facts, 'A management request failed.');
  const isBusy = error instanceof StoreError && (error.code === 'StoreBusy' || error.code === 'StoreUnavailable');
  const known = isBusy ? armError('ServiceUnavailable') : armError('InternalServerError', { correlationId });
  return { status: known.status, body: { error: known.body } };
}

function responseHeaders(
  request: InboundRequest,
  response: OpenResponse,
  requestId: string,
  correlationId: string,
): HeaderList {
  const headers = HeaderList.from(Object.entries(response.headers ?? {}));
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-cache');
  headers.set('x-ms-request-id', requestId);
  headers.set('x-ms-correlation-request-id', correlationId);
  headers.set('X-Content-Type-Options', 'nosniff');
  const clientRequestId = request.headers.get('x-ms-client-request-id');
  if (clientRequestId !== undefined && /^[\w-]{1,100}$/.test(clientRequestId))
    headers.set('x-ms-client-request-id', clientRequestId);
  headers.set('Date', new Date().toUTCString());
  return headers;
}
