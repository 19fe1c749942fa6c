import { describe, expect, it } from 'vitest';
import { type HistoryEvent, violations } from './history.ts';

const sent = (id: string, index = 0, session?: string): HistoryEvent => ({ kind: 'sent', id, index, session });
const accepted = (id: string): HistoryEvent => ({ kind: 'accepted', id });
const delivered = (id: string, deliveryCount = 0, sequenceNumber = 1): HistoryEvent => ({
  kind: 'delivered',
  id,
  deliveryCount,
  sequenceNumber,
});
const settling = (id: string, outcome: 'complete' | 'abandon' | 'deadLetter' = 'complete'): HistoryEvent => ({
  kind: 'settling',
  id,
  outcome,
});
const settled = (id: string, outcome: 'complete' | 'abandon' | 'deadLetter' = 'complete'): HistoryEvent => ({
  kind: 'settled',
  id,
  outcome,
});
const left = (id: string, where: 'queue' | 'deadLetter' = 'queue', sequenceNumber = 1): HistoryEvent => ({
  kind: 'left',
  id,
  where,
  sequenceNumber,
});

describe('the history of a broker', () => {
  it.each<[string, HistoryEvent[]]>([
    ['a message that is completed', [sent('a'), accepted('a'), delivered('a'), settling('a'), settled('a')]],
    ['one that is left', [sent('a'), accepted('a'), left('a')]],
    ['one that was never accepted', [sent('a')]],
    ['one whose completion is not known', [sent('a'), accepted('a'), delivered('a'), settling('a'), delivered('a')]],
    [
      'one that is returned',
      [
        sent('a'),
        accepted('a'),
        delivered('a'),
        settling('a', 'abandon'),
        settled('a', 'abandon'),
        delivered('a', 1),
        left('a'),
      ],
    ],
    [
      'one in the dead-letter queue',
      [
        sent('a'),
        accepted('a'),
        delivered('a'),
        settling('a', 'deadLetter'),
        settled('a', 'deadLetter'),
        left('a', 'deadLetter', 7),
      ],
    ],
    [
      'a session in order',
      [
        sent('a', 0, 's'),
        sent('b', 1, 's'),
        accepted('a'),
        accepted('b'),
        delivered('a'),
        settling('a'),
        delivered('b', 0, 2),
        settling('b'),
      ],
    ],
  ])('allows %s', (_, history) => {
    expect(violations(history)).toEqual([]);
  });

  it.each<[string, HistoryEvent[], RegExp]>([
    ['a lost message', [sent('a'), accepted('a')], /a was accepted and is lost/],
    [
      'one that returns',
      [sent('a'), accepted('a'), delivered('a'), settling('a'), settled('a'), delivered('a')],
      /after the broker had confirmed/,
    ],
    [
      'one that is left though completed',
      [sent('a'), accepted('a'), settling('a'), settled('a'), left('a')],
      /though its completion/,
    ],
    [
      'two copies',
      [sent('a'), accepted('a'), delivered('a', 0, 1), delivered('a', 0, 2), settling('a')],
      /there twice/,
    ],
    ['a count that is too high', [sent('a'), accepted('a'), delivered('a', 1), left('a')], /delivery count 1/],
    [
      'a count that is too low',
      [
        sent('a'),
        accepted('a'),
        delivered('a'),
        settling('a', 'abandon'),
        settled('a', 'abandon'),
        delivered('a', 0),
        left('a'),
      ],
      /returned 1 to 1 times/,
    ],
    [
      'a session out of order',
      [
        sent('a', 0, 's'),
        sent('b', 1, 's'),
        accepted('a'),
        accepted('b'),
        delivered('b', 0, 2),
        settling('b'),
        left('a'),
      ],
      /b came before a/,
    ],
    [
      'a dead letter that vanished',
      [sent('a'), accepted('a'), settling('a', 'deadLetter'), settled('a', 'deadLetter')],
      /is not in the dead-letter queue/,
    ],
  ])('finds %s', (_, history, message) => {
    expect(violations(history).join('\n')).toMatch(message);
  });
});
