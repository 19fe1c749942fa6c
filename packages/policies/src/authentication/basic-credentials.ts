import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import type { ElementSchema } from '../schema/definition.ts';

export const authenticationBasicElement: ElementSchema = {
  attributes: {
    username: { type: 'string', required: true, expression: true },
    password: { type: 'string', required: true, expression: true },
  },
};

/** Compiles `authentication-basic` to the value of an Authorization header (RFC 7617, UTF-8). A null is an empty text. */
export function compileBasicCredentials(
  element: PolicyElement,
  compiler: PolicyCompiler,
): (exchange: Exchange) => string {
  const username = compiler.string(element, 'username');
  const password = compiler.string(element, 'password');
  return (exchange) => basicCredentials(username.get(exchange) ?? '', password.get(exchange) ?? '');
}

const basicCredentials = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
