import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange, RouteMatch } from '../exchange.ts';
import {
  compileLimitReport,
  type LimitReport,
  limitReportAttributes,
  validateLimitReport,
} from '../limits/limit-report.ts';
import type { Scope } from '../pipeline/step.ts';
import type { WindowState } from '../ports/ports.ts';
import type { AttributeSchema, ChildSchema, ElementSchema, PolicyDefinition } from '../schema/definition.ts';

const limitAttributes: Readonly<Record<string, AttributeSchema>> = {
  calls: { type: 'int', required: true, expression: false, min: 0 },
  'renewal-period': { type: 'int', required: true, expression: false, min: 1, max: 300 },
  ...limitReportAttributes,
};

const nestedAttributes: Readonly<Record<string, AttributeSchema>> = {
  ...limitAttributes,
  id: { type: 'string', expression: false },
  name: { type: 'string', expression: false },
};

const operationElement: ChildSchema = {
  name: 'operation',
  min: 0,
  max: Number.POSITIVE_INFINITY,
  element: { attributes: nestedAttributes },
};

const element: ElementSchema = {
  attributes: limitAttributes,
  children: {
    kind: 'sequence',
    items: [
      {
        name: 'api',
        min: 0,
        max: Number.POSITIVE_INFINITY,
        element: { attributes: nestedAttributes, children: { kind: 'sequence', items: [operationElement] } },
      },
      operationElement,
    ],
  },
};

/** Limits the calls of one subscription in a sliding window, with limits of their own for APIs and operations. */
export const rateLimit: PolicyDefinition = {
  name: 'rate-limit',
  sections: ['inbound'],
  scopes: ['product', 'api', 'operation'],
  element,
  validate(root, compiler) {
    const [apis, operations] = [compiler.children(root, 'api'), compiler.children(root, 'operation')];
    const nested = [...apis, ...operations, ...apis.flatMap((api) => compiler.children(api, 'operation'))];
    for (const one of [root, ...nested]) validateLimitReport(one, compiler);
    for (const one of nested)
      if (!attributeOf(one, 'id') && !attributeOf(one, 'name'))
        compiler.report(one, "One of the attributes 'id' and 'name' is required.");
  },
  compile(root, compiler) {
    const limits = compileLimits(root, compiler);
    return (exchange) => {
      const subscription = exchange.match.subscription;
      if (!subscription) return undefined;
      const applying = limits.filter((limit) => limit.appliesTo(exchange.match));
      return take(exchange, applying, subscription.name);
    };
  },
  notes:
    'Exact sliding window over the last renewal-period. Does nothing for a call without a subscription. A nested limit counts beside the outer one; a call that one of them rejects is counted by none.',
};

interface Limit {
  readonly calls: number;
  readonly periodMs: number;
  readonly report: LimitReport;
  appliesTo(match: RouteMatch): boolean;
  key(match: RouteMatch, subscription: string): string;
}

/** Narrowest first: the caller hears of the limit that is its own. */
function compileLimits(root: PolicyElement, compiler: PolicyCompiler): Limit[] {
  const operations = (parent: PolicyElement, api: PolicyElement | null) =>
    compiler.children(parent, 'operation').map((operation) => compileLimit(operation, compiler, api, operation));
  const apis = compiler.children(root, 'api');
  return [
    ...apis.flatMap((api) => operations(api, api)),
    ...operations(root, null),
    ...apis.map((api) => compileLimit(api, compiler, api, null)),
    compileLimit(root, compiler, null, null),
  ];
}

function compileLimit(
  own: PolicyElement,
  compiler: PolicyCompiler,
  api: PolicyElement | null,
  operation: PolicyElement | null,
): Limit {
  const periodMs = (compiler.int(own, 'renewal-period').constant ?? 1) * 1000;
  const level = operation ? 'operation' : api ? 'api' : '';
  return {
    calls: compiler.int(own, 'calls').constant ?? 0,
    periodMs,
    report: compileLimitReport(own, compiler),
    appliesTo: (match) =>
      (!api || names(api, match.api.name, match.api.displayName)) &&
      (!operation || names(operation, match.operation.name, match.operation.displayName)),
    key: (match, subscription) => {
      const inside = level === '' ? '' : level === 'api' ? match.api.name : `${match.api.name}/${match.operation.name}`;
      return JSON.stringify(['rate-limit', subscription, ...definedAt(compiler.scope, match), periodMs, level, inside]);
    },
  };
}

/** `id` beats `name`. */
function names(element: PolicyElement, resourceName: string, displayName: string): boolean {
  const id = attributeOf(element, 'id')?.value.text;
  if (id !== undefined) return id === resourceName;
  return attributeOf(element, 'name')?.value.text === displayName;
}

/** The policy's own place: the same subscription is counted separately by every definition. */
function definedAt(scope: Scope, match: RouteMatch): string[] {
  switch (scope) {
    case 'product':
      return [scope, match.product?.name ?? ''];
    case 'api':
      return [scope, match.api.name];
    case 'operation':
      return [scope, match.api.name, match.operation.name];
    default:
      return [scope];
  }
}

function take(exchange: Exchange, limits: readonly Limit[], subscription: string): undefined | Promise<undefined> {
  const { counters } = exchange.ports;
  const visit = (amount: number) => (limit: Limit) =>
    counters.slidingWindow(limit.key(exchange.match, subscription), limit.calls, limit.periodMs, amount);
  const refuse = (limit: Limit, state: WindowState): void => {
    if (!state.allowed) throw limit.report.rejected(exchange, limit.calls, state);
  };
  const accept = (limit: Limit, state: WindowState): void => {
    refuse(limit, state);
    limit.report.allowed(exchange, limit.calls, state.remaining);
  };
  // With several limits, all are asked before any counts.
  const asked = limits.length > 1 ? each(limits, visit(0), refuse) : undefined;
  return asked ? asked.then(() => each(limits, visit(1), accept)) : each(limits, visit(1), accept);
}

/** Goes on synchronously for as long as the counters answer so. */
function each(
  limits: readonly Limit[],
  visit: (limit: Limit) => WindowState | Promise<WindowState>,
  then: (limit: Limit, state: WindowState) => void,
): undefined | Promise<undefined> {
  for (const [i, limit] of limits.entries()) {
    const state = visit(limit);
    if (state instanceof Promise)
      return state.then((known) => {
        then(limit, known);
        return each(limits.slice(i + 1), visit, then);
      });
    then(limit, state);
  }
  return undefined;
}
