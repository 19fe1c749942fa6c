import type { PolicyCompiler, Value } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import { type IpAddress, isBetween, parseIpAddress } from '../http/ip-address.ts';
import { PolicyError } from '../policy-error.ts';
import type { ChildSchema, PolicyDefinition } from '../schema/definition.ts';

const unbounded = { min: 0, max: Number.POSITIVE_INFINITY } as const;

const addressElements: readonly ChildSchema[] = [
  { name: 'address', ...unbounded, element: { attributes: {}, text: { required: true, expression: true } } },
  {
    name: 'address-range',
    ...unbounded,
    element: {
      attributes: {
        from: { type: 'string', required: true, expression: true },
        to: { type: 'string', required: true, expression: true },
      },
    },
  },
];

/** Allows or forbids callers by their address: the peer of the connection, not X-Forwarded-For. */
export const ipFilter: PolicyDefinition = {
  name: 'ip-filter',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: { action: { type: 'enum', values: ['allow', 'forbid'], default: 'allow', expression: true } },
    children: { kind: 'all', items: addressElements, min: 1 },
  },
  validate,
  compile(element, compiler) {
    const action = compiler.choice(element, 'action');
    const ranges = element.children.map((child) => compileRange(child, compiler));
    return (exchange) => {
      const text = exchange.request.ipAddress;
      const caller = parseIpAddress(text);
      if (!caller)
        throw forbidden('FailedToParseCallerIP', 'Failed to establish IP address for the caller. Access denied.');
      const listed = ranges.some((range) => range(exchange, caller));
      if (action.get(exchange) === 'allow') {
        if (!listed) throw forbidden('CallerIpNotAllowed', `Caller IP address ${text} is not allowed. Access denied.`);
      } else if (listed) throw forbidden('CallerIpBlocked', 'Caller IP address is blocked. Access denied.');
      return undefined;
    };
  },
  notes: 'IPv4-mapped IPv6 addresses (::ffff:10.0.0.1) count as IPv4. CIDR notation is refused, as in Azure.',
};

const forbidden = (reason: string, detail: string): PolicyError =>
  new PolicyError(reason, detail, { status: 403, message: 'Forbidden' });

function validate(element: PolicyElement, compiler: PolicyCompiler): void {
  for (const child of element.children) {
    if (child.name === 'address') {
      if (child.text?.kind === 'literal' && !parseIpAddress(child.text.text.trim()))
        compiler.report(child, addressProblem(child.text.text.trim()), child.text.at);
      continue;
    }
    const ends = ['from', 'to'].map((name) => attributeOf(child, name)?.value);
    const parsed = ends.map((end) => (end?.kind === 'literal' ? parseIpAddress(end.text.trim()) : undefined));
    ends.forEach((end, i) => {
      if (end?.kind === 'literal' && !parsed[i]) compiler.report(child, addressProblem(end.text), end.at);
    });
    const [from, to] = parsed;
    const problem = from && to && rangeProblem(from, to);
    if (problem) compiler.report(child, problem);
  }
}

type Matcher = (exchange: Exchange, caller: IpAddress) => boolean;

function compileRange(element: PolicyElement, compiler: PolicyCompiler): Matcher {
  if (element.name === 'address') {
    const address = compileAddress(compiler.text(element));
    return (exchange, caller) => {
      const one = address(exchange);
      return isBetween(caller, one, one);
    };
  }
  const from = compileAddress(compiler.string(element, 'from'));
  const to = compileAddress(compiler.string(element, 'to'));
  return (exchange, caller) => {
    const [first, last] = [from(exchange), to(exchange)];
    const problem = rangeProblem(first, last);
    if (problem) throw evaluationFailure(problem);
    return isBetween(caller, first, last);
  };
}

function compileAddress(value: Value<string | null>): (exchange: Exchange) => IpAddress {
  const fixed = typeof value.constant === 'string' ? parseIpAddress(value.constant.trim()) : undefined;
  if (fixed) return () => fixed;
  return (exchange) => {
    const text = (value.get(exchange) ?? '').trim();
    const address = parseIpAddress(text);
    if (!address) throw evaluationFailure(addressProblem(text));
    return address;
  };
}

const addressProblem = (text: string): string =>
  text.includes('/')
    ? `'${text.slice(0, 100)}' is CIDR notation; expected an IPv4 or IPv6 address. Use address-range for a network.`
    : `'${text.slice(0, 100)}' is not an IPv4 or IPv6 address.`;

function rangeProblem(from: IpAddress, to: IpAddress): string | undefined {
  if (from.family !== to.family) return 'Both ends of an address range must be IPv4 or both IPv6.';
  return from.value > to.value ? "The address range's 'from' is above its 'to'." : undefined;
}
