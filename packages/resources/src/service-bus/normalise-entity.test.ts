import { describe, expect, it } from 'vitest';
import { entityNameProblem } from './entity-name.ts';
import { forEver } from './entity-schema.ts';
import { normaliseEntity } from './normalise-entity.ts';
import { parseTimeSpan } from './time-span.ts';

const problemsOf = (properties: Record<string, unknown>, kind: 'queue' | 'topic' | 'subscription' = 'queue') =>
  normaliseEntity(kind, properties).problems.map(({ property }) => property);

describe('properties of entities', () => {
  it('are filled in with defaults', () => {
    const { properties, problems } = normaliseEntity('queue', { maxDeliveryCount: 3 });
    expect(problems).toEqual([]);
    expect(properties).toMatchObject({
      lockDuration: 'PT1M',
      maxDeliveryCount: 3,
      defaultMessageTimeToLive: forEver,
      status: 'Active',
      requiresSession: false,
    });
    expect(Object.keys(properties)).not.toContain('forwardTo');
    expect(Object.keys(normaliseEntity('topic', {}).properties)).not.toContain('lockDuration');
  });

  it.each<[Record<string, unknown>, string[]]>([
    [{ lockDuration: 'PT4S' }, ['lockDuration']],
    [{ lockDuration: 'PT5S' }, []],
    [{ lockDuration: 'PT5M' }, []],
    [{ lockDuration: 'PT5M0.001S' }, ['lockDuration']],
    [{ lockDuration: 'soon' }, ['lockDuration']],
    [{ lockDuration: 60 }, ['lockDuration']],
    [{ maxDeliveryCount: 0 }, ['maxDeliveryCount']],
    [{ maxDeliveryCount: 2001 }, ['maxDeliveryCount']],
    [{ maxDeliveryCount: 2.5 }, ['maxDeliveryCount']],
    [{ duplicateDetectionHistoryTimeWindow: 'PT19S' }, ['duplicateDetectionHistoryTimeWindow']],
    [{ duplicateDetectionHistoryTimeWindow: 'P7D' }, []],
    [{ duplicateDetectionHistoryTimeWindow: 'P8D' }, ['duplicateDetectionHistoryTimeWindow']],
    [{ autoDeleteOnIdle: 'PT4M59S' }, ['autoDeleteOnIdle']],
    [{ status: 'Sleeping' }, ['status']],
    [{ userMetadata: 'x'.repeat(1025) }, ['userMetadata']],
    [{ requiresSession: 'yes' }, ['requiresSession']],
    [{ colour: 'red' }, ['colour']],
    [{ messageCount: 7, countDetails: {} }, []],
  ])('%j', (properties, problems) => {
    expect(problemsOf(properties)).toEqual(problems);
  });

  it('change, but for those that are fixed; what forwards is taken away by not naming it', () => {
    const existing = normaliseEntity('queue', {
      requiresSession: true,
      forwardTo: 'x',
      maxDeliveryCount: 3,
    }).properties;
    const changed = normaliseEntity('queue', { lockDuration: 'PT30S' }, { existing });
    expect(changed.problems).toEqual([]);
    expect(changed.properties).toMatchObject({ requiresSession: true, maxDeliveryCount: 3, lockDuration: 'PT30S' });
    expect(changed.properties.forwardTo).toBeUndefined();
    expect(normaliseEntity('queue', { requiresSession: false }, { existing }).problems).toHaveLength(1);
  });

  it('are replaced as a whole by a PUT, but for those that are fixed', () => {
    const existing = normaliseEntity('queue', { requiresSession: true, maxDeliveryCount: 3 }).properties;
    const { properties, problems } = normaliseEntity('queue', { lockDuration: 'PT30S' }, { existing, replaced: true });
    expect(problems).toEqual([]);
    expect(properties).toMatchObject({ requiresSession: true, maxDeliveryCount: 10, lockDuration: 'PT30S' });
  });
});

it.each<[string, number | undefined]>([
  ['PT1M', 60_000],
  ['P1DT1H', 90_000_000],
  ['PT0.25S', 250],
  [forEver, Number.POSITIVE_INFINITY],
  ['P', undefined],
  ['PT', undefined],
  ['1:00:00', undefined],
  ['P1Y', 365 * 86_400_000],
  ['P1Y1M1DT1M', 396 * 86_400_000 + 60_000],
  ['P1W', undefined],
  ['-P1D', undefined],
  // As Python writes it, which knows no ticks.
  ['P10675199DT2H48M5.477581S', Number.POSITIVE_INFINITY],
  [`PT${'9'.repeat(400)}S`, undefined],
])('the time span %s', (text, milliseconds) => {
  expect(parseTimeSpan(text)).toBe(milliseconds);
});

it.each<['queue' | 'subscription' | 'rule', string, boolean]>([
  ['queue', 'a', true],
  ['queue', 'sales/orders', true],
  ['queue', 'sales//orders', false],
  ['queue', '/orders', false],
  ['queue', 'orders/', false],
  ['queue', '$orders', false],
  ['queue', 'orders/Subscriptions/all', false],
  ['queue', 'subscriptions', true],
  ['queue', 'a/../b', false],
  // What Resource Manager writes for a slash.
  ['queue', 'sales~orders', false],
  ['queue', 'x'.repeat(261), false],
  ['subscription', 'a/b', false],
  ['subscription', 'x'.repeat(51), false],
  ['rule', '$Default', true],
  ['rule', 'a b', false],
])('the name of a %s %s', (kind, name, isName) => {
  expect(entityNameProblem(kind, name) === undefined).toBe(isName);
});
