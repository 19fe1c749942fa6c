import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import type { HttpRequest } from '../ports/ports.ts';
import type { ElementSchema } from '../schema/definition.ts';

/** `proxy`, as a policy and as a child of `send-request`. */
export const proxyElement: ElementSchema = {
  attributes: {
    url: { type: 'string', required: true, expression: true, nonEmpty: true },
    username: { type: 'string', expression: true },
    password: { type: 'string', expression: true },
  },
};

type Proxy = NonNullable<HttpRequest['proxy']>;

export function validateProxy(element: PolicyElement, compiler: PolicyCompiler): void {
  const url = attributeOf(element, 'url')?.value;
  const problem = url?.kind === 'literal' && !url.unresolved ? proxyProblem(url.text) : undefined;
  if (problem) compiler.report(element, problem, url?.at);
}

/** Compiles a `proxy` element. A URL that is no http URL is an ExpressionValueEvaluationFailure. */
export function compileProxy(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => Proxy {
  const url = compiler.string(element, 'url');
  const username = compiler.string(element, 'username');
  const password = compiler.string(element, 'password');
  return (exchange) => {
    const address = withScheme(url.get(exchange) ?? '');
    const problem = proxyProblem(address);
    if (problem) throw evaluationFailure(problem);
    return { url: address, username: username.get(exchange), password: password.get(exchange) };
  };
}

/** The page writes `hostname-or-ip:port`. */
const withScheme = (text: string): string => (text.includes('://') ? text.trim() : `http://${text.trim()}`);

function proxyProblem(text: string): string | undefined {
  const address = withScheme(text);
  if (/\s/.test(address) || !URL.canParse(address) || new URL(address).protocol !== 'http:')
    return `'${text.slice(0, 200).replace(/[^\x20-\x7e]/g, '?')}' is not the http URL of a proxy.`;
  return undefined;
}
