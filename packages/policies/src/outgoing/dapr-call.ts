import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { HeaderList } from '../http/header-list.ts';
import type { Step } from '../pipeline/step.ts';
import type { AttributeSchema } from '../schema/definition.ts';
import { errorStatus, isRequestError } from './error-status.ts';
import { receivedResponse } from './received-response.ts';

/** Attributes that the policies for Dapr share. */
export const daprAttributes: Readonly<Record<string, AttributeSchema>> = {
  'response-variable-name': { type: 'string', expression: false, nonEmpty: true },
  timeout: { type: 'int', default: '5', expression: true, min: 0, note: 'seconds' },
  'ignore-error': { type: 'boolean', default: 'false', expression: false },
  template: { type: 'enum', values: ['none', 'liquid', 'Liquid'], default: 'none', expression: false },
};

/** The content of the element is a Liquid template. */
export const isLiquid = (element: PolicyElement, compiler: PolicyCompiler): boolean =>
  compiler.choice(element, 'template').constant?.toLowerCase() === 'liquid';

export interface DaprRequest {
  /** Segments of the path below `/v1.0`. */
  readonly path: readonly string[];
  readonly body: Uint8Array;
}

/** Where the sidecar listens. */
const sidecar = 'http://localhost:3500/v1.0';

/** Compiles a call of the Dapr sidecar: a POST of JSON, whose answer goes to a variable. An error status is an error. */
export function compileDaprCall(
  element: PolicyElement,
  compiler: PolicyCompiler,
  request: (exchange: Exchange) => DaprRequest,
): Step {
  const variable = compiler.string(element, 'response-variable-name').constant ?? null;
  const timeout = compiler.int(element, 'timeout');
  const ignoreError = compiler.boolean(element, 'ignore-error').constant === true;

  return async (exchange) => {
    const { path, body } = request(exchange);
    let answer: unknown = null;
    try {
      const response = await exchange.ports.http.send({
        method: 'POST',
        url: `${sidecar}/${path.map(encodeURIComponent).join('/')}`,
        headers: HeaderList.from([['Content-Type', 'application/json']]),
        body,
        timeoutMs: timeout.get(exchange) * 1000,
        signal: exchange.signal,
      });
      answer = await receivedResponse(exchange, response);
      if (response.status < 200 || response.status > 299) throw errorStatus(response.status);
    } catch (error) {
      exchange.signal.throwIfAborted();
      if (!ignoreError || !isRequestError(error)) throw error;
      exchange.trace(compiler.info, 'The Dapr sidecar gave no good answer; ignore-error lets the pipeline go on.', {
        reason: error.reason,
        message: error.message,
      });
    }
    if (variable !== null) exchange.variables.set(variable, answer);
    return undefined;
  };
}
