import { type AmqpValue, Described, double, int, long, symbol, timestamp, uuid } from '@lazuli/amqp';
import { describe, expect, it } from 'vitest';
import { FilterError } from '../errors.ts';
import { buildMessage } from './build-message.ts';
import { editOf, viewOf } from './message-view.ts';

const guid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const message = buildMessage({
  body: Buffer.from('hello'),
  messageId: 'id',
  subject: 'label',
  to: 'there',
  groupId: 'session',
  correlationId: uuid(guid),
  contentType: 'text/plain',
  timeToLiveMs: 90_061_001,
  partitionKey: 'session',
  applicationProperties: new Map<string, AmqpValue>([
    ['Colour', 'red'],
    ['n', int(5)],
    ['d', double(1.5)],
    ['when', timestamp(1000)],
    ['guid', uuid(guid)],
    ['span', new Described(symbol('com.microsoft:timespan'), long(36_000_000_000))],
    ['uri', new Described(symbol('com.microsoft:uri'), 'http://x')],
    ['offset', new Described(symbol('com.microsoft:datetime-offset'), long(621_355_968_010_000_000n))],
    ['nothing', null],
    ['bytes', Buffer.from([1])],
  ]),
});
const facts = { sequenceNumber: 7, enqueuedTime: 1000, overrides: new Map<string, AmqpValue>([['n', long(6)]]) };

describe('a message in the eyes of a filter', () => {
  it('has system properties by Azure’s names in any case', () => {
    const view = viewOf(message, facts);
    const value = (name: string) => view.system(name)?.value;
    expect(value('MessageId')).toBe('id');
    expect([value('label'), value('SUBJECT'), value('To'), value('SessionId')]).toEqual([
      'label',
      'label',
      'there',
      'session',
    ]);
    expect(value('CorrelationId')).toBe('00112233-4455-6677-8899-aabbccddeeff');
    expect([value('SequenceNumber'), value('DeliveryCount'), value('Size')]).toEqual([7n, 0n, expect.any(BigInt)]);
    expect(value('EnqueuedTimeUtc')).toEqual(new Date(1000));
    expect(value('TimeToLive')).toEqual({ type: 'timespan', text: '1.01:01:01.0010000' });
    expect(value('ExpiresAtUtc')).toEqual(new Date(90_062_001));
    expect(view.system('ReplyTo')).toEqual({ value: undefined });
    expect(view.system('Nothing')).toBeNull();
  });

  it('has application properties, with their values of .NET', () => {
    const view = viewOf(message, facts);
    expect([view.application('colour'), view.applicationExact('colour')]).toEqual(['red', undefined]);
    expect(['n', 'd', 'when', 'bytes', 'nothing'].map((name) => view.application(name))).toEqual([
      6n,
      1.5,
      new Date(1000),
      Buffer.from([1]),
      null,
    ]);
    expect(['guid', 'span', 'uri', 'offset'].map((name) => view.application(name))).toEqual([
      { type: 'guid', text: '00112233-4455-6677-8899-aabbccddeeff' },
      { type: 'timespan', text: '01:00:00' },
      { type: 'uri', text: 'http://x' },
      new Date(1000),
    ]);
    expect(view.application('none')).toBeUndefined();
  });
});

describe('a message in the hands of an action', () => {
  it('is another message, with the types that its properties had', () => {
    const edit = editOf(message, facts);
    edit.setSystem('Label', 'new');
    edit.setSystem('SessionId', 'other');
    edit.removeSystem('To');
    edit.setApplication('N', 9n);
    edit.setApplication('d', 2n);
    edit.setApplication('colour', 5n);
    edit.setApplication('added', { type: 'timespan', text: '1.00:00:00.5' });
    edit.setApplication('g', { type: 'guid', text: '00112233-4455-6677-8899-aabbccddeeff' });
    edit.removeApplication('WHEN');
    edit.removeApplication('none');
    expect(edit.application('colour')).toBe('5');
    const changed = edit.finish()!;
    expect(changed).toMatchObject({ messageId: 'id', sessionId: 'other', timeToLiveMs: 90_061_001 });
    const view = viewOf(changed, { sequenceNumber: 1, enqueuedTime: 0 });
    expect([view.system('Subject')?.value, view.system('To')?.value]).toEqual(['new', undefined]);
    expect(['n', 'd', 'Colour', 'added', 'when', 'g'].map((name) => view.application(name))).toEqual([
      9n,
      2,
      '5',
      { type: 'timespan', text: '1.00:00:00.5000000' },
      undefined,
      { type: 'guid', text: '00112233-4455-6677-8899-aabbccddeeff' },
    ]);
    expect(viewOf(message, facts).application('n')).toBe(6n);
  });

  it('refuses what cannot be set', () => {
    const edit = editOf(
      buildMessage({ body: Buffer.alloc(0), applicationProperties: new Map([['n', int(5)]]) }),
      facts,
    );
    expect(() => edit.setSystem('SequenceNumber', 1n)).toThrow(FilterError);
    expect(() => edit.setSystem('Nothing', 1n)).toThrow(/no system property/);
    expect(() => edit.setSystem('MessageId', null)).toThrow(FilterError);
    expect(() => edit.setSystem('MessageId', 'x'.repeat(129))).toThrow(/128 characters/);
    expect(() => edit.setSystem('Label', Buffer.from('x'))).toThrow(FilterError);
    expect(() => editOf(message, { sequenceNumber: 1, enqueuedTime: 0 }).setApplication('n', 2n ** 40n)).toThrow(
      /does not fit/,
    );
    edit.setApplication('large', 'x'.repeat(70_000));
    expect(edit.finish()).toBeUndefined();
  });
});
