import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { parseQuery, queryValue, sameName } from '../http/query-string.ts';
import type { AttributeSchema } from '../schema/definition.ts';
import { TokenError } from './token-error.ts';

/** Where a token is taken from. */
export const tokenSourceAttributes: Readonly<Record<string, AttributeSchema>> = {
  'header-name': { type: 'string', expression: true, nonEmpty: true },
  'query-parameter-name': { type: 'string', expression: true, nonEmpty: true },
  'token-value': { type: 'string', expression: true },
  'require-scheme': { type: 'string', expression: true },
};

/** Exactly one of the attributes must be there. */
export function validateTokenSource(element: PolicyElement, compiler: PolicyCompiler, names: readonly string[]): void {
  if (names.filter((name) => attributeOf(element, name)).length !== 1)
    compiler.report(element, `Exactly one of the attributes '${names.join("', '")}' is required.`);
}

/** Gives the token's text. The compiled function throws {@link TokenError} TokenNotPresent. */
export function compileTokenSource(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => string {
  const value = compiler.string(element, 'token-value');
  const parameter = compiler.string(element, 'query-parameter-name');
  const header = compiler.string(element, 'header-name');
  const scheme = compiler.string(element, 'require-scheme');

  return (exchange) => {
    if (compiler.has(element, 'token-value')) return present(withoutScheme(value.get(exchange) ?? ''));
    if (compiler.has(element, 'query-parameter-name')) {
      const name = parameter.get(exchange) ?? '';
      const pair = parseQuery(exchange.request.originalUrl.query).find((one) => sameName(one.name, name));
      return present(pair ? queryValue(pair) : '');
    }
    const name = header.get(exchange) ?? 'Authorization';
    const sent = exchange.request.headers.get(name)?.trim() ?? '';
    const wanted = name.toLowerCase() === 'authorization' ? scheme.get(exchange) : null;
    // The scheme is looked at for the Authorization header only (page).
    if (wanted && !sent.toLowerCase().startsWith(`${wanted.toLowerCase()} `)) return present('');
    return present(withoutScheme(sent));
  };
}

/** `Bearer eyJ...`: a token has no blanks, so that it is what stands behind the last one. */
const withoutScheme = (text: string): string => text.trim().replace(/^.*\s/s, '');

function present(text: string): string {
  if (text === '') throw new TokenError('TokenNotPresent', 'JWT not present.');
  return text;
}
