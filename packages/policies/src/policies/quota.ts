import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { type NestedLimit, nestedLimitElement, nestedLimits, validateNestedLimit } from '../limits/nested-limits.ts';
import { addLate, addTo, type QuotaCounter, useQuota } from '../limits/quota-counter.ts';
import { type QuotaKind, quotaWindow } from '../limits/quota-window.ts';
import { onTransferred } from '../limits/transferred-bytes.ts';
import type { AttributeSchema, PolicyDefinition } from '../schema/definition.ts';
import { reportRepetition } from '../schema/only-once.ts';

const amounts: Readonly<Record<string, AttributeSchema>> = {
  calls: { type: 'int', expression: false, min: 0 },
  bandwidth: { type: 'long', expression: false, min: 0, max: 2 ** 43, note: 'kilobytes' },
};

const period: AttributeSchema = { type: 'int', expression: false, min: 0, note: 'seconds; 0: never renewed' };

const nested: Readonly<Record<string, AttributeSchema>> = {
  ...amounts,
  'renewal-period': { ...period, note: "seconds; the outer one's when absent" },
};

/** Gives each subscription of a product a number of calls, and of kilobytes, per period. */
export const quota: PolicyDefinition = {
  name: 'quota',
  sections: ['inbound'],
  scopes: ['product'],
  element: nestedLimitElement({ ...amounts, 'renewal-period': { ...period, required: true } }, nested),
  validate(root, compiler) {
    reportRepetition(root, compiler, 'definition');
    for (const limit of nestedLimits(root, compiler)) {
      const { element } = limit;
      if (!compiler.has(element, 'calls') && !compiler.has(element, 'bandwidth'))
        compiler.report(element, "At least one of the attributes 'calls' and 'bandwidth' is required.");
      validateNestedLimit(limit, compiler);
    }
  },
  compile(root, compiler) {
    const rules = nestedLimits(root, compiler).flatMap((limit) => compileRules(limit, root, compiler));
    return (exchange) => {
      const { match } = exchange;
      if (!match.subscription) return undefined;
      const applying = rules.filter((rule) => rule.limit.appliesTo(match));
      const counters = applying.map((rule) => counterOf(rule, exchange, match.subscription?.name ?? ''));
      const waiting = useAll(exchange, counters, 0);
      const count = (): undefined => {
        for (const counter of counters)
          if (counter.kind === 'bandwidth') onTransferred(exchange, (bytes) => addLate(exchange, counter, bytes));
        return undefined;
      };
      return waiting ? waiting.then(count) : count();
    };
  },
  notes:
    "Fixed windows of renewal-period, counted from the subscription's start date (its creation when it has none). Does nothing for a call without a subscription. Exact for calls; bandwidth counts the bodies of requests and responses once they have been transferred. A call that one of several quotas refuses is counted by none. renewal-period of a nested api or operation is optional.",
};

interface Rule {
  readonly limit: NestedLimit;
  readonly kind: QuotaKind;
  readonly amount: number;
  readonly periodMs: number;
}

function compileRules(limit: NestedLimit, root: PolicyElement, compiler: PolicyCompiler): Rule[] {
  const { element } = limit;
  const holder = compiler.has(element, 'renewal-period') ? element : root;
  const periodMs = (compiler.int(holder, 'renewal-period').constant ?? 0) * 1000;
  const rules: Rule[] = [];
  if (compiler.has(element, 'calls'))
    rules.push({ limit, kind: 'call volume', amount: compiler.int(element, 'calls').constant ?? 0, periodMs });
  if (compiler.has(element, 'bandwidth'))
    rules.push({
      limit,
      kind: 'bandwidth',
      amount: Number(compiler.long(element, 'bandwidth').constant ?? 0n) * 1024,
      periodMs,
    });
  return rules;
}

function counterOf({ limit, kind, amount, periodMs }: Rule, exchange: Exchange, subscription: string): QuotaCounter {
  const { match, ports } = exchange;
  const origin = match.subscription?.startDate ?? match.subscription?.createdDate ?? 0;
  const place = [match.product?.name ?? '', limit.level, limit.subject(match)];
  return {
    kind,
    key: JSON.stringify(['quota', subscription, ...place, kind, periodMs]),
    window: quotaWindow(origin, periodMs, ports.clock.now()),
    limit: amount,
  };
}

/** One call of each; when one refuses, those before it get theirs back. Synchronous as long as the counters are. */
function useAll(exchange: Exchange, counters: readonly QuotaCounter[], from: number): undefined | Promise<void> {
  for (let i = from; i < counters.length; i++) {
    const counter = counters[i] as QuotaCounter;
    let waiting: void | Promise<void>;
    try {
      waiting = useQuota(exchange, counter, amountOf(counter));
    } catch (error) {
      giveBack(exchange, counters.slice(0, i));
      throw error;
    }
    if (waiting instanceof Promise)
      return waiting.then(
        () => useAll(exchange, counters, i + 1),
        (error: unknown) => {
          giveBack(exchange, counters.slice(0, i));
          throw error;
        },
      );
  }
  return undefined;
}

/** Bytes are counted when they are known. */
const amountOf = (counter: QuotaCounter): number => (counter.kind === 'call volume' ? 1 : 0);

function giveBack(exchange: Exchange, counters: readonly QuotaCounter[]): void {
  for (const counter of counters) {
    if (amountOf(counter) === 0) continue;
    const sum = addTo(exchange, counter, -1);
    // The refusal is the answer; a counter that cannot be reached now errs by one call.
    if (sum instanceof Promise) sum.catch(() => undefined);
  }
}
