import { randomUUID } from 'node:crypto';
import { noteCacheHit } from '../cache/response-cache.ts';
import { restoredResponse } from '../cache/restored-response.ts';
import { isEventStream, storeResponse } from '../cache/store-response.ts';
import { type Embedding, embeddingOf, VectorIndex } from '../cache/vector-index.ts';
import type { PolicyCompiler, Value } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { decodeText } from '../message/body-text.ts';
import { callBackend } from '../outgoing/call-backend.ts';
import type { CachePort } from '../ports/ports.ts';
import { textElement } from '../schema/child-schemas.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { reportRepetition } from '../schema/only-once.ts';
import { readRequestBody } from './llm-request.ts';
import { isRecord } from './prompt.ts';
import { promptMessages } from './prompt-text.ts';

/** What the lookup leaves for the store. */
interface Ticket {
  readonly partition: string;
  readonly vector: Embedding;
}

const ticketNote: unique symbol = Symbol('semantic-cache-lookup');
const embeddingsTimeoutMs = 30_000;
/** Of Azure OpenAI; a backend entity with `api-version` among its query parameters has its own. */
const embeddingsQuery = 'api-version=2024-10-21';
const identityResource = 'https://cognitiveservices.azure.com';

/** `llm-semantic-cache-lookup` under either of its names. */
export function semanticCacheLookup(name: string): PolicyDefinition {
  return {
    name,
    sections: ['inbound'],
    scopes: ['global', 'product', 'api', 'operation'],
    element: {
      attributes: {
        'score-threshold': { type: 'double', required: true, expression: false, min: 0, max: 1 },
        'embeddings-backend-id': { type: 'string', required: true, expression: true, nonEmpty: true },
        'embeddings-backend-auth': {
          type: 'enum',
          values: ['system-assigned', 'header'],
          default: 'system-assigned',
          expression: false,
        },
        'ignore-system-messages': { type: 'boolean', default: 'false', expression: false },
        'max-message-count': { type: 'int', expression: false, min: 0 },
        'cache-id': { type: 'string', expression: false, note: 'undocumented; there is one cache' },
      },
      children: {
        kind: 'sequence',
        items: [textElement('vary-by', { required: true })],
      },
    },
    validate(element, compiler) {
      reportRepetition(element, compiler, 'section');
      const backend = attributeOf(element, 'embeddings-backend-id')?.value;
      if (backend?.kind === 'literal' && !backend.unresolved && !compiler.environment.backends.has(backend.text))
        compiler.report(element, `Backend with id '${backend.text}' could not be found.`, backend.at);
    },
    compile: compileLookup,
    notes:
      'Embeddings are asked of the backend entity (POST of { "input": … } to its URL); with system-assigned a token of the gateway\'s identity goes along when one can be had, and credentials of the entity replace it. score-threshold is a distance (1 less the cosine): lower is stricter. The vectors are kept in the memory of each gateway (with several workers, of each worker), 1,000 for each API, operation, model and set of vary-by values; responses are in the cache. A request is neither looked up nor stored when it has more messages than max-message-count. When no embedding can be had, the request goes on without the cache.',
  };
}

/** `llm-semantic-cache-store` under either of its names. */
export function semanticCacheStore(name: string): PolicyDefinition {
  return {
    name,
    sections: ['outbound'],
    scopes: ['global', 'product', 'api', 'operation'],
    element: {
      attributes: {
        duration: { type: 'int', required: true, expression: true, min: 0 },
        'cache-response': { type: 'boolean', expression: true },
      },
    },
    validate: (element, compiler) => reportRepetition(element, compiler, 'section'),
    compile(element, compiler) {
      const duration = compiler.int(element, 'duration');
      const cacheResponse = compiler.has(element, 'cache-response')
        ? compiler.boolean(element, 'cache-response')
        : null;
      return async (exchange) => {
        const ticket = ticketOf(exchange);
        const { response } = exchange;
        if (!ticket || !response || isEventStream(response)) return undefined;
        if (response.status !== 200 && !(cacheResponse?.get(exchange) ?? false)) return undefined;
        const seconds = duration.get(exchange);
        if (seconds <= 0) return undefined;
        const key = `semantic:${randomUUID()}`;
        if (!(await storeResponse(exchange, response, key, seconds))) return undefined;
        const { cache, clock } = exchange.ports;
        const now = clock.now();
        indexOf(cache).add(ticket.partition, ticket.vector, key, now + seconds * 1000, now);
        return undefined;
      };
    },
    notes: 'Needs a lookup before it. Event streams and responses above 2 MiB are passed on without being stored.',
  };
}

function compileLookup(element: PolicyElement, compiler: PolicyCompiler) {
  const threshold = compiler.double(element, 'score-threshold').constant ?? 0;
  const backend = compiler.string(element, 'embeddings-backend-id');
  const usesIdentity = compiler.choice(element, 'embeddings-backend-auth').constant === 'system-assigned';
  const ignoresSystem = compiler.boolean(element, 'ignore-system-messages').constant === true;
  const mostMessages = compiler.has(element, 'max-message-count')
    ? (compiler.int(element, 'max-message-count').constant ?? null)
    : null;
  const vary = compiler.children(element, 'vary-by').map((child) => compiler.text(child));

  return async (exchange: Exchange) => {
    const body = await requestBody(exchange);
    const messages = promptMessages(body).filter(({ role }) => !ignoresSystem || !systemRoles.has(role));
    if (messages.length === 0) return undefined;
    if (mostMessages !== null && messages.length > mostMessages) {
      exchange.trace(compiler.info, `The prompt has ${messages.length} messages: the semantic cache is not used.`);
      return undefined;
    }
    const text = messages.map((message) => `${message.role}: ${message.text}`).join('\n');
    const vector = await embedding(exchange, backend.get(exchange) ?? '', text, usesIdentity);
    if (!vector) return undefined;
    const partition = partitionOf(exchange, body, vary);
    const { cache, clock } = exchange.ports;
    const index = indexOf(cache);
    const near = index.nearest(partition, vector, threshold, clock.now());
    const entry = near ? await cache.get(near.key) : undefined;
    if (near && entry?.kind === 'response') {
      exchange.response = restoredResponse(entry, clock.now());
      noteCacheHit(exchange);
      exchange.trace(compiler.info, 'The semantic cache has an answer to a prompt that is near enough.', {
        distance: near.distance,
      });
      return 'cache-hit' as const;
    }
    if (near) index.remove(partition, near.key);
    exchange.notes.set(ticketNote, { partition, vector } satisfies Ticket);
    return undefined;
  };
}

const systemRoles: ReadonlySet<string> = new Set(['system', 'developer']);

function ticketOf(exchange: Exchange): Ticket | undefined {
  // Only the lookup writes under this symbol.
  return exchange.notes.get(ticketNote) as Ticket | undefined;
}

async function requestBody(exchange: Exchange): Promise<unknown> {
  const content = await readRequestBody(exchange);
  if (!(content instanceof Uint8Array)) return null;
  try {
    return JSON.parse(decodeText(content, null));
  } catch {
    return null;
  }
}

/** Null, after the log was told, when there is none: a cache never fails a request. */
async function embedding(
  exchange: Exchange,
  backendId: string,
  input: string,
  usesIdentity: boolean,
): Promise<Embedding | null> {
  try {
    const answer = await callBackend(exchange, {
      backendId,
      path: '',
      query: embeddingsQuery,
      json: { input },
      authorization: usesIdentity ? await identityToken(exchange) : null,
      timeoutMs: embeddingsTimeoutMs,
    });
    const [first] = isRecord(answer) && Array.isArray(answer.data) ? answer.data : [];
    const vector = embeddingOf(isRecord(first) ? first.embedding : null);
    if (!vector) throw new TypeError(`The backend '${backendId}' did not answer with an embedding.`);
    return vector;
  } catch (error) {
    exchange.ports.log.write('warn', 'The semantic cache cannot be used: no embedding was obtained.', {
      requestId: exchange.id,
      backend: backendId,
      error: error instanceof Error ? error.message : String(error),
    });
    return null;
  }
}

/** Null where the gateway has no identity: the backend entity may have credentials of its own. */
async function identityToken(exchange: Exchange): Promise<string | null> {
  try {
    return `Bearer ${(await exchange.ports.tokens.acquire(identityResource, null)).accessToken}`;
  } catch (error) {
    exchange.trace(null, 'No token for the embeddings backend was obtained.', {
      error: error instanceof Error ? error.message : String(error),
    });
    return null;
  }
}

/** Answers of other APIs, models and kinds of answers, and of other vary-by values, are never given. */
function partitionOf(exchange: Exchange, body: unknown, vary: readonly Value<string | null>[]): string {
  const { api, operation } = exchange.match;
  const { model, stream } = isRecord(body) ? body : {};
  return JSON.stringify([
    exchange.gateway.serviceName,
    `${api.name};rev=${api.revision}`,
    operation.name,
    exchange.request.url.path,
    typeof model === 'string' ? model : null,
    stream === true,
    vary.map((value) => value.get(exchange)),
  ]);
}

const indexes = new WeakMap<CachePort, VectorIndex>();

/** Beside each cache: what the one forgets, the other must not find. */
function indexOf(cache: CachePort): VectorIndex {
  let index = indexes.get(cache);
  if (!index) {
    index = new VectorIndex();
    indexes.set(cache, index);
  }
  return index;
}
