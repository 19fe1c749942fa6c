import type { CompiledStep, Exchange, Flow, Pipeline, StepInfo } from '@lazuli/policies';
import { maskHeader } from './masking.ts';

/** Told about every policy of a section that has run: what it changed, or the error that it ended with. */
export type OnStep = (info: StepInfo, data: Readonly<Record<string, unknown>>) => void;

export interface StepObserver {
  onStep: OnStep;
  /** The policy that runs now, for messages that do not name theirs. */
  onBegin(info: StepInfo): void;
}

/** The same pipeline, watched. Costs much more: for requests that are traced. */
export function tracedPipeline(pipeline: Pipeline, observer: StepObserver): Pipeline {
  const watch = (steps: readonly CompiledStep[]) => steps.map((step) => watched(step, observer));
  const { inbound, backend, outbound } = pipeline.sections;
  return {
    ...pipeline,
    sections: {
      inbound: watch(inbound),
      backend: watch(backend),
      outbound: watch(outbound),
      'on-error': watch(pipeline.sections['on-error']),
    },
  };
}

function watched({ run, info }: CompiledStep, { onBegin, onStep }: StepObserver): CompiledStep {
  return {
    info,
    run(exchange) {
      const before = stateOf(exchange);
      const started = performance.now();
      onBegin(info);
      const done = (flow: Flow): Flow => {
        const changes = changesBetween(before, stateOf(exchange));
        onStep(info, { ...placeOf(info), ...outcomeOf(flow), ...changes, milliseconds: since(started) });
        return flow;
      };
      const failed = (error: unknown): never => {
        const message = error instanceof Error ? error.message : String(error);
        onStep(info, { ...placeOf(info), message: 'The policy failed.', error: message, milliseconds: since(started) });
        throw error;
      };
      let flow: Flow | Promise<Flow>;
      try {
        flow = run(exchange);
      } catch (error) {
        return failed(error);
      }
      return flow instanceof Promise ? flow.then(done, failed) : done(flow);
    },
  };
}

function placeOf({ scope, path, policyId }: StepInfo) {
  return { scope, path, ...(policyId === '' ? {} : { policyId }) };
}

function outcomeOf(flow: Flow) {
  if (flow === 'respond') return { message: 'The policy answered the request.' };
  if (flow === 'cache-hit') return { message: 'The response was taken from the cache.' };
  return { message: 'The policy was executed.' };
}

function since(started: number): number {
  return Math.round((performance.now() - started) * 1000) / 1000;
}

interface State {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: ReadonlyMap<string, string>;
  readonly status: string | null;
  readonly responseHeaders: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, unknown>;
}

function stateOf({ request, response, variables }: Exchange): State {
  const { base } = request.url;
  return {
    method: request.method,
    url: `${base ? `${base.scheme}://${base.host}:${base.port}` : ''}${request.url.target}`,
    requestHeaders: headersIn(request.headers.entries()),
    status: response ? `${response.status} ${response.reason}` : null,
    responseHeaders: response ? headersIn(response.headers.entries()) : new Map(),
    variables: new Map(variables),
  };
}

function headersIn(entries: Iterable<readonly [string, string]>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of entries) {
    const before = found.get(name);
    const shown = maskHeader(name, value);
    found.set(name, before === undefined ? shown : `${before}, ${shown}`);
  }
  return found;
}

function changesBetween(before: State, after: State): Readonly<Record<string, unknown>> {
  const changes: Record<string, unknown> = {};
  if (before.method !== after.method) changes.method = after.method;
  if (before.url !== after.url) changes.url = after.url;
  if (before.status !== after.status) changes.status = after.status;
  const add = (name: string, found: Readonly<Record<string, unknown>> | null): void => {
    if (found) changes[name] = found;
  };
  add('requestHeaders', differences(before.requestHeaders, after.requestHeaders));
  // A response that is new is shown by the policy that brought it.
  if (before.status !== null) add('responseHeaders', differences(before.responseHeaders, after.responseHeaders));
  add('variables', differences(before.variables, after.variables));
  return changes;
}

/** What was set, and `null` for what was removed. */
function differences(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): Readonly<Record<string, unknown>> | null {
  const found: [string, unknown][] = [];
  for (const [name, value] of after) if (before.get(name) !== value) found.push([name, shown(value)]);
  for (const name of before.keys()) if (!after.has(name)) found.push([name, null]);
  return found.length === 0 ? null : Object.fromEntries(found);
}

/** Values of the expression language are objects of their own: shown by what they are. */
function shown(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return typeof value === 'bigint' ? String(value) : value;
  return `[${value.constructor?.name ?? 'object'}]`;
}
