import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { addLate, addTo, type QuotaCounter, useQuota } from '../limits/quota-counter.ts';
import { type QuotaKind, quotaWindow } from '../limits/quota-window.ts';
import { defaultFirstPeriodStart, quotaByKeyCounter } from '../limits/quotas-by-key.ts';
import { onTransferred } from '../limits/transferred-bytes.ts';
import type { AttributeSchema, PolicyDefinition } from '../schema/definition.ts';
import { parseLiteral } from '../schema/literals.ts';

const firstPeriodStart: AttributeSchema = { type: 'dateTime', default: defaultFirstPeriodStart, expression: false };

/** Gives all calls that share a key a number of calls, and of kilobytes, per period. */
export const quotaByKey: PolicyDefinition = {
  name: 'quota-by-key',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      calls: { type: 'int', expression: false, min: 0 },
      bandwidth: { type: 'long', expression: false, min: 0, max: 2 ** 43, note: 'kilobytes' },
      'renewal-period': { type: 'int', required: true, expression: false, min: 0, note: 'seconds; 0: never renewed' },
      'counter-key': { type: 'string', required: true, expression: true },
      'increment-condition': { type: 'boolean', default: 'true', expression: true },
      'increment-count': { type: 'int', default: '1', expression: true, min: 0 },
      'first-period-start': firstPeriodStart,
    },
  },
  validate(element, compiler) {
    if (!compiler.has(element, 'calls') && !compiler.has(element, 'bandwidth'))
      compiler.report(element, "At least one of the attributes 'calls' and 'bandwidth' is required.");
    const period = compiler.int(element, 'renewal-period').constant ?? 0;
    if (period > 0 && period < 300)
      compiler.report(
        element,
        `The attribute 'renewal-period' is '${period}'; expected 0 (never renewed) or at least 300 seconds.`,
        attributeOf(element, 'renewal-period')?.value.at,
      );
  },
  compile(element, compiler) {
    const rules = compileRules(element, compiler);
    const periodMs = (compiler.int(element, 'renewal-period').constant ?? 0) * 1000;
    const origin = firstStart(element);
    const key = compiler.string(element, 'counter-key');
    const condition = compiler.boolean(element, 'increment-condition');
    const count = compiler.int(element, 'increment-count');
    const isLate = condition.constant === undefined || count.constant === undefined;

    return (exchange) => {
      const window = quotaWindow(origin, periodMs, exchange.ports.clock.now());
      // A null key is the empty one: callers without a key share a counter rather than having no limit.
      const name = key.get(exchange) ?? '';
      const counters = rules.map(
        ({ kind, limit }): QuotaCounter => ({
          kind,
          key: quotaByKeyCounter(name, kind, periodMs),
          window,
          limit,
        }),
      );
      const waiting = check(exchange, counters, isLate || condition.constant === false ? 0 : (count.constant ?? 0));
      const later = (): undefined => {
        if (isLate) exchange.atEnd.push(() => increment(exchange, counters));
        else if (condition.constant !== false) countBytes(exchange, counters);
        return undefined;
      };
      return waiting ? waiting.then(later) : later();
    };

    async function increment(exchange: Exchange, counters: readonly QuotaCounter[]): Promise<void> {
      await condition.prepare(exchange);
      if (!condition.get(exchange)) return;
      await count.prepare(exchange);
      const amount = count.get(exchange);
      for (const counter of counters)
        if (counter.kind === 'call volume' && isFirstBump(exchange, counter, amount))
          await addTo(exchange, counter, amount);
      countBytes(exchange, counters);
    }
  },
  notes:
    'Fixed windows of renewal-period, counted from first-period-start. The counter belongs to key and period: policies with the same key and period count together, and a request counts once. When increment-condition or increment-count is an expression, the call is counted after outbound. bandwidth counts the bodies of requests and responses once they have been transferred. A null key is the empty one.',
};

interface Rule {
  readonly kind: QuotaKind;
  readonly limit: number;
}

function compileRules(element: PolicyElement, compiler: PolicyCompiler): Rule[] {
  const rules: Rule[] = [];
  if (compiler.has(element, 'calls'))
    rules.push({ kind: 'call volume', limit: compiler.int(element, 'calls').constant ?? 0 });
  if (compiler.has(element, 'bandwidth'))
    rules.push({ kind: 'bandwidth', limit: Number(compiler.long(element, 'bandwidth').constant ?? 0n) * 1024 });
  return rules;
}

function firstStart(element: PolicyElement): number {
  const text = attributeOf(element, 'first-period-start')?.value.text ?? firstPeriodStart.default ?? '';
  const literal = parseLiteral(text, firstPeriodStart);
  return 'value' in literal ? Number(literal.value) : 0;
}

/** Bandwidth is looked at first: a call that it refuses is not counted as a call. */
function check(exchange: Exchange, counters: readonly QuotaCounter[], calls: number): undefined | Promise<void> {
  const ordered = counters.toSorted((a, b) => Number(a.kind === 'call volume') - Number(b.kind === 'call volume'));
  return checkFrom(exchange, ordered, calls, 0);
}

function checkFrom(
  exchange: Exchange,
  counters: readonly QuotaCounter[],
  calls: number,
  from: number,
): undefined | Promise<void> {
  for (let i = from; i < counters.length; i++) {
    const counter = counters[i] as QuotaCounter;
    const waiting = checkOne(exchange, counter, calls);
    if (waiting instanceof Promise) return waiting.then(() => checkFrom(exchange, counters, calls, i + 1));
  }
  return undefined;
}

function checkOne(exchange: Exchange, counter: QuotaCounter, calls: number): void | Promise<void> {
  const bumped = bumpsOf(exchange).get(counter.key);
  // Counted by a policy before this one: the sum holds this call already.
  if (bumped !== undefined) return useQuota(exchange, { ...counter, limit: counter.limit + bumped }, 0);
  if (counter.kind === 'bandwidth' || calls === 0) return useQuota(exchange, counter, 0);
  bumpsOf(exchange).set(counter.key, calls);
  return useQuota(exchange, counter, calls);
}

function countBytes(exchange: Exchange, counters: readonly QuotaCounter[]): void {
  for (const counter of counters)
    if (counter.kind === 'bandwidth' && isFirstBump(exchange, counter, 0))
      onTransferred(exchange, (bytes) => addLate(exchange, counter, bytes));
}

/** A request counts once per key, however many policies count it (page). */
function isFirstBump(exchange: Exchange, { key }: QuotaCounter, amount: number): boolean {
  const bumps = bumpsOf(exchange);
  if (bumps.has(key)) return false;
  bumps.set(key, amount);
  return true;
}

const bumpsNote = Symbol('quota-by-key');

/** What this request has added so far, by counter. */
function bumpsOf(exchange: Exchange): Map<string, number> {
  const known = exchange.notes.get(bumpsNote);
  if (known instanceof Bumps) return known;
  const bumps = new Bumps();
  exchange.notes.set(bumpsNote, bumps);
  return bumps;
}

class Bumps extends Map<string, number> {}
