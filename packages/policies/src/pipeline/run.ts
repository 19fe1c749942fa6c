import type { Exchange } from '../exchange.ts';
import { HeaderList } from '../http/header-list.ts';
import type { PolicyError } from '../policy-error.ts';
import type { Pipeline } from './assemble.ts';
import { answerError, asPolicyError } from './failure.ts';
import { ClientGone, failedStep, runSteps } from './run-steps.ts';
import type { CompiledStep, Flow, Section } from './step.ts';

export interface RunOptions {
  /** What the gateway refuses the request for before inbound (no operation, no key): on-error runs at once. */
  readonly builtInError?: PolicyError;
}

/**
 * Takes a request through its pipeline: inbound, backend, outbound; on-error after an error. Afterwards
 * `exchange.response` is what to send, or null when the client is gone. Synchronous until a step waits. Never throws.
 */
export function runPipeline(pipeline: Pipeline, exchange: Exchange, options: RunOptions = {}): void | Promise<void> {
  const waiting = options.builtInError
    ? onError(pipeline, exchange, options.builtInError)
    : runFrom(pipeline, exchange, 'inbound', 0);
  return waiting ? waiting.then(() => finish(exchange)) : finish(exchange);
}

/** After the response was sent or given up: lets go of what the exchange holds. Call it once for every exchange. */
export function closeExchange(exchange: Exchange): void {
  const { onClose } = exchange;
  if (onClose.length === 0) return;
  for (const callback of onClose.splice(0)) {
    try {
      callback();
    } catch (error) {
      logDefect(exchange, 'A policy failed while it let go of an exchange.', error);
    }
  }
}

type Waiting = void | Promise<void>;

const nextSection = { inbound: 'backend', backend: 'outbound', outbound: null, 'on-error': null } as const;

function runFrom(pipeline: Pipeline, exchange: Exchange, section: Section, start: number): Waiting {
  exchange.section = section;
  if (section === 'outbound') exchange.response ??= emptyResponse();
  let flow: Flow | Promise<Flow>;
  try {
    flow = runSteps(pipeline.sections[section], exchange, start);
  } catch (error) {
    return onError(pipeline, exchange, error);
  }
  if (flow instanceof Promise)
    return flow.then(
      (result) => follow(pipeline, exchange, section, result),
      (error: unknown) => onError(pipeline, exchange, error),
    );
  return follow(pipeline, exchange, section, flow);
}

function follow(pipeline: Pipeline, exchange: Exchange, section: Section, flow: Flow): Waiting {
  if (flow === 'respond') {
    exchange.response ??= emptyResponse();
    return;
  }
  if (flow === 'cache-hit') return runFrom(pipeline, exchange, 'outbound', afterCacheStore(pipeline.sections.outbound));
  const next = nextSection[section];
  if (next) return runFrom(pipeline, exchange, next, 0);
}

/**
 * Where outbound goes on after a cache hit: behind the first `cache-store`, of whatever cache, that stands directly in the flattened section
 * (Azure allows one); at its beginning when there is none.
 */
function afterCacheStore(outbound: readonly CompiledStep[]): number {
  let start = startAfterHit.get(outbound);
  if (start === undefined) {
    start = outbound.findIndex((step) => /(^|-)cache-store$/.test(step.info.source)) + 1;
    startAfterHit.set(outbound, start);
  }
  return start;
}

const startAfterHit = new WeakMap<readonly CompiledStep[], number>();

function onError(pipeline: Pipeline, exchange: Exchange, thrown: unknown): Waiting {
  if (!fail(exchange, thrown)) return;
  exchange.section = 'on-error';
  const steps = pipeline.sections['on-error'];
  let flow: Flow | Promise<Flow>;
  try {
    flow = runSteps(steps, exchange);
  } catch (error) {
    fail(exchange, error);
    return;
  }
  if (flow instanceof Promise)
    return flow.then(
      () => undefined,
      (error: unknown) => {
        // An error of on-error itself ends it, with that error's answer.
        fail(exchange, error);
      },
    );
}

/** Turns what was thrown into `lastError` and a response. False: the client is gone and nothing is to be answered. */
function fail(exchange: Exchange, thrown: unknown): boolean {
  const info = failedStep(exchange, thrown);
  const error = asPolicyError(thrown);
  if (thrown instanceof ClientGone || exchange.cancellation.isCancelled || error.reason === 'ClientConnectionFailure') {
    exchange.response?.body?.discard();
    exchange.response = null;
    exchange.lastError = {
      source: info?.source ?? '',
      reason: 'ClientConnectionFailure',
      message: 'The client closed the connection.',
      scope: info?.scope ?? '',
      section: exchange.section,
      path: info?.path ?? '',
      policyId: info?.policyId ?? '',
      httpErrorCode: 0,
    };
    return false;
  }
  if (error.reason === 'InternalServerError') logDefect(exchange, `The policy '${info?.source ?? ''}' failed.`, thrown);
  answerError(exchange, error, info);
  exchange.trace(info, error.message, exchange.lastError);
  return true;
}

/** The callbacks run also when the client is gone: what it asked for counts. */
function finish(exchange: Exchange): Waiting {
  const callbacks = exchange.atEnd;
  for (let i = 0; i < callbacks.length; i++) {
    try {
      const waiting = callbacks[i]?.();
      if (waiting instanceof Promise) return finishWaiting(exchange, i, waiting);
    } catch (error) {
      logDefect(exchange, 'A policy failed at the end of an exchange.', error);
    }
  }
}

async function finishWaiting(exchange: Exchange, at: number, first: Promise<void>): Promise<void> {
  let waiting: Waiting = first;
  for (let i = at; i < exchange.atEnd.length; ) {
    try {
      await waiting;
      i++;
      waiting = exchange.atEnd[i]?.();
    } catch (error) {
      logDefect(exchange, 'A policy failed at the end of an exchange.', error);
      waiting = undefined;
    }
  }
}

function emptyResponse() {
  return { status: 200, reason: 'OK', headers: new HeaderList(), body: null };
}

function logDefect(exchange: Exchange, message: string, error: unknown): void {
  exchange.ports.log.write('error', message, {
    requestId: exchange.id,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
