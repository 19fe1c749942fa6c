import type { InboundRequest } from '@lazuli/http';
import { BodyTooLarge, HeaderList, MessageBody } from '@lazuli/policies';
import { claimRequired } from '../access/unauthorized.ts';
import type { AccessControl, EntityDirectory, Right, ServedNamespace } from '../contract.ts';
import { ServiceBusError, toServiceBusError } from '../errors.ts';
import { listEntities } from './list-entities.ts';
import { peekMessages } from './peek-messages.ts';
import { purgeMessages } from './purge-messages.ts';
import { receiveMessages } from './receive-messages.ts';
import { resubmitDeadLetters } from './resubmit-dead-letters.ts';
import { sendMessages } from './send-messages.ts';

/** A namespace as operators reach it. */
export interface OperatedNamespace {
  readonly served: ServedNamespace;
  readonly directory: EntityDirectory;
  readonly access: AccessControl;
}

export interface OperatorOptions {
  readonly namespaces: (hostName: string) => OperatedNamespace | undefined;
  readonly now: () => number;
}

export interface OperatorCall {
  readonly namespace: OperatedNamespace;
  /** Path of the entity; empty where the operation is of the whole namespace. */
  readonly entity: string;
  readonly query: URLSearchParams;
  readonly now: number;
  /** Aborted when the caller has left. */
  readonly signal: AbortSignal;
  /** JSON; undefined where there is none. @throws {ServiceBusError} */
  body(): Promise<unknown>;
}

interface Operation {
  readonly method: 'GET' | 'POST';
  readonly right: Right;
  run(call: OperatorCall): Promise<object>;
}

/** What `lazuli servicebus` asks for, at `/$operator/{name}?entity={path}`. Long work comes in steps that the caller repeats. */
const operations: Readonly<Record<string, Operation>> = {
  entities: { method: 'GET', right: 'Manage', run: listEntities },
  peek: { method: 'GET', right: 'Listen', run: peekMessages },
  send: { method: 'POST', right: 'Send', run: sendMessages },
  receive: { method: 'POST', right: 'Listen', run: receiveMessages },
  purge: { method: 'POST', right: 'Listen', run: purgeMessages },
  resubmit: { method: 'POST', right: 'Manage', run: resubmitDeadLetters },
};

const prefix = '/$operator/';
const bodyBytes = 4 * 1024 * 1024;

/** Answers requests of operators; false: the path is not one of theirs. */
export function createOperatorHttp(options: OperatorOptions): (request: InboundRequest) => boolean {
  return (request) => {
    if (!request.target.startsWith(prefix)) return false;
    void answer(request, options);
    return true;
  };
}

async function answer(request: InboundRequest, options: OperatorOptions): Promise<void> {
  let status = 200;
  let document: object;
  const headers = new HeaderList(['Content-Type', 'application/json; charset=utf-8', 'Cache-Control', 'no-store']);
  try {
    document = await run(request, options);
  } catch (error) {
    const known = toServiceBusError(error);
    status = known.status === 204 ? 404 : known.status;
    document = { error: { code: known.code, message: known.message } };
    if (status === 401) headers.set('WWW-Authenticate', 'Bearer');
  }
  await request.respond({ status, reason: '', headers }, Buffer.from(JSON.stringify(document)));
}

async function run(request: InboundRequest, options: OperatorOptions): Promise<object> {
  const { pathname, searchParams: query } = new URL(request.target, 'http://host');
  const operation = operations[pathname.slice(prefix.length)];
  if (operation === undefined || operation.method !== request.method)
    throw new ServiceBusError('BadRequest', {
      reason: `There is no operation ${request.method} ${pathname.slice(0, 200)}; there are ${Object.keys(operations).join(', ')}.`,
    });
  const host = hostOf(request.authority);
  const namespace = options.namespaces(host);
  if (namespace === undefined) throw new ServiceBusError('EntityNotFound', { entity: request.authority });
  const entity = query.get('entity') ?? '';
  const claim = await namespace.access.verifyToken(request.headers.get('Authorization') ?? '', entity);
  const now = options.now();
  if (!claim.allows(operation.right, entity)) throw claimRequired(operation.right, host, entity, now);
  const body = () => readJson(request);
  return operation.run({ namespace, entity, query, now, signal: request.cancellation.signal, body });
}

function hostOf(authority: string): string {
  return authority.replace(/:\d+$/, '');
}

async function readJson(request: InboundRequest): Promise<unknown> {
  if (request.body === null) return undefined;
  try {
    return JSON.parse(Buffer.from(await MessageBody.fromSource(request.body).buffer(bodyBytes)).toString('utf8'));
  } catch (error) {
    const reason =
      error instanceof BodyTooLarge
        ? `The content is longer than ${bodyBytes} bytes.`
        : `The content is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new ServiceBusError('BadRequest', { reason }, { cause: error });
  }
}

/** A whole number of the query. @throws {ServiceBusError} `BadRequest` */
export function numberOf(query: URLSearchParams, name: string, fallback: number, most: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0 || value > most)
    throw new ServiceBusError('BadRequest', { reason: `'${name}' must be a whole number from 0 to ${most}.` });
  return value;
}
