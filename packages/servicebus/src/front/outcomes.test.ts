import { AmqpMap, type DeliveryState, int, symbol } from '@lazuli/amqp';
import { describe, expect, it } from 'vitest';
import { echoOf, settlementOf } from './outcomes.ts';

const modified = (undeliverableHere: boolean, annotations = new AmqpMap()): DeliveryState => ({
  kind: 'modified',
  deliveryFailed: true,
  undeliverableHere,
  annotations,
});
const rejected = (condition: string, description?: string, info?: AmqpMap): DeliveryState => ({
  kind: 'rejected',
  error: { condition, ...(description === undefined ? {} : { description }), ...(info === undefined ? {} : { info }) },
});

describe('an outcome means', () => {
  it.each<[string, DeliveryState, unknown]>([
    ['complete', { kind: 'accepted' }, { kind: 'complete' }],
    ['abandon', { kind: 'released' }, { kind: 'abandon' }],
    ['abandon', modified(false), { kind: 'abandon' }],
    ['defer', modified(true), { kind: 'defer' }],
    [
      'abandon with changed properties',
      modified(false, new AmqpMap([[symbol('a'), int(1)]])),
      { kind: 'abandon', properties: new Map([['a', int(1)]]) },
    ],
    ['dead-letter', { kind: 'rejected' }, { kind: 'deadLetter' }],
    ['dead-letter without a reason', rejected('com.microsoft:dead-letter'), { kind: 'deadLetter' }],
    [
      'dead-letter, with the error of other clients as its reason',
      rejected('amqp:not-allowed', 'no'),
      { kind: 'deadLetter', reason: 'amqp:not-allowed', description: 'no' },
    ],
    [
      'dead-letter, with reason, description and properties',
      rejected(
        'com.microsoft:dead-letter',
        undefined,
        new AmqpMap([
          ['DeadLetterReason', 'R'],
          [symbol('DeadLetterErrorDescription'), 'D'],
          ['shelf', int(7)],
        ]),
      ),
      { kind: 'deadLetter', reason: 'R', description: 'D', properties: new Map([['shelf', int(7)]]) },
    ],
    ['nothing yet', { kind: 'received', sectionNumber: 0, sectionOffset: 0 }, undefined],
    ['nothing that is known', { kind: 'unknown', value: null }, undefined],
  ])('%s', (_, state, settlement) => {
    expect(settlementOf(state)).toEqual(settlement);
  });
});

describe('the last word', () => {
  it('is the same outcome, without an error', () => {
    expect(echoOf({ kind: 'accepted' })).toEqual({ kind: 'accepted' });
    expect(echoOf(modified(true))).toEqual(modified(true));
    expect(echoOf(rejected('com.microsoft:dead-letter', 'D'))).toEqual({ kind: 'rejected' });
    const transactionId = Buffer.from('t');
    expect(echoOf({ kind: 'transactional', transactionId, outcome: rejected('x') })).toEqual({
      kind: 'transactional',
      transactionId,
      outcome: { kind: 'rejected' },
    });
  });
});
