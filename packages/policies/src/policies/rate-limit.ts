import type { Api, Operation, Product, Subscription } from '@lazuli/resources';
import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { Exchange, RouteMatch } from '../exchange.ts';
import {
  compileLimitReport,
  type LimitReport,
  limitReportAttributes,
  validateLimitReport,
} from '../limits/limit-report.ts';
import { type NestedLimit, nestedLimitElement, nestedLimits, validateNestedLimit } from '../limits/nested-limits.ts';
import type { Scope } from '../pipeline/step.ts';
import type { WindowState } from '../ports/ports.ts';
import type { AttributeSchema, PolicyDefinition } from '../schema/definition.ts';
import { reportRepetition } from '../schema/only-once.ts';

const limitAttributes: Readonly<Record<string, AttributeSchema>> = {
  calls: { type: 'int', required: true, expression: false, min: 0 },
  'renewal-period': { type: 'int', required: true, expression: false, min: 1, max: 300 },
  ...limitReportAttributes,
};

/** Limits the calls of one subscription in a sliding window, with limits of their own for APIs and operations. */
export const rateLimit: PolicyDefinition = {
  name: 'rate-limit',
  sections: ['inbound'],
  scopes: ['product', 'api', 'operation'],
  element: nestedLimitElement(limitAttributes),
  validate(root, compiler) {
    reportRepetition(root, compiler, 'definition');
    for (const limit of nestedLimits(root, compiler)) {
      validateLimitReport(limit.element, compiler);
      validateNestedLimit(limit, compiler);
    }
  },
  compile(root, compiler) {
    const limits = nestedLimits(root, compiler).map((limit) => compileLimit(limit, compiler));
    return (exchange) => {
      const subscription = exchange.match.subscription;
      if (!subscription) return undefined;
      const isSure = limits.length === 1 && limits[0]?.appliesTo(exchange.match) === true;
      const applying = isSure ? limits : limits.filter((limit) => limit.appliesTo(exchange.match));
      return take(exchange, applying, subscription);
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
  key(match: RouteMatch, subscription: Subscription): string;
}

/** The key of a subscription's last call, and what it was built from. */
interface KnownKey {
  readonly api: Api;
  readonly operation: Operation;
  readonly product: Product | null;
  readonly key: string;
}

function compileLimit({ element, level, appliesTo, subject }: NestedLimit, compiler: PolicyCompiler): Limit {
  const known = new WeakMap<Subscription, KnownKey>();
  const periodMs = (compiler.int(element, 'renewal-period').constant ?? 1) * 1000;
  return {
    calls: compiler.int(element, 'calls').constant ?? 0,
    periodMs,
    report: compileLimitReport(element, compiler),
    appliesTo,
    key(match, subscription) {
      const { api, operation, product } = match;
      const last = known.get(subscription);
      if (last && last.api === api && last.operation === operation && last.product === product) return last.key;
      const place = definedAt(compiler.scope, match);
      const key = JSON.stringify(['rate-limit', subscription.name, ...place, periodMs, level, subject(match)]);
      known.set(subscription, { api, operation, product, key });
      return key;
    },
  };
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

function take(
  exchange: Exchange,
  limits: readonly Limit[],
  subscription: Subscription,
): undefined | Promise<undefined> {
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
  for (let i = 0; i < limits.length; i++) {
    const limit = limits[i] as Limit;
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
