import { parseQuery, queryValue, sameName } from '../http/query-string.ts';
import { isJsonType } from '../message/media-type.ts';
import { rewriteText } from '../message/rewrite-text.ts';
import { PolicyError } from '../policy-error.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** A dotted JavaScript name, with indexes in brackets: nothing that could run by itself. */
const callback = /^[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*|\[\d{1,9}\])*$/u;
const longestCallback = 128;

/** Wraps a JSON response in a call of the function that the caller names in the query. */
export const jsonp: PolicyDefinition = {
  name: 'jsonp',
  sections: ['outbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: { 'callback-parameter-name': { type: 'string', required: true, expression: true, nonEmpty: true } },
  },
  compile(element, compiler) {
    const parameter = compiler.string(element, 'callback-parameter-name');
    compiler.reads('response');
    const wrap = rewriteText('response', (exchange, json) => {
      const name = callbackOf(exchange.request.originalUrl.query, parameter.get(exchange) ?? '');
      if (name === null) return null;
      // Line separators end a statement in older JavaScript, though not a string in JSON.
      const script = json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
      return { text: `${name}(${script});`, contentType: 'application/javascript; charset=utf-8' };
    });
    return (exchange) => {
      const name = callbackOf(exchange.request.originalUrl.query, parameter.get(exchange) ?? '');
      if (name === null || !isJsonType(exchange.response?.headers.get('Content-Type'))) return undefined;
      if (name.length > longestCallback || !callback.test(name))
        throw new PolicyError(
          'CallbackParameterInvalid',
          'The callback parameter is not a valid JavaScript function name.',
          { status: 400, message: 'The callback parameter is not a valid JavaScript function name.' },
        );
      exchange.response?.headers.set('X-Content-Type-Options', 'nosniff');
      return wrap(exchange);
    };
  },
  notes:
    'Only JSON responses are wrapped, when the parameter is in the query that the caller sent. The callback must be a JavaScript name of at most 128 characters; otherwise the caller gets 400.',
};

function callbackOf(query: string, parameter: string): string | null {
  const pair = parseQuery(query).find((one) => sameName(one.name, parameter));
  const value = pair ? queryValue(pair) : '';
  return value === '' ? null : value;
}
