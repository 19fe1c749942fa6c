import {
  AmqpMap,
  type AmqpValue,
  decodeValue,
  encodeApplicationProperties,
  encodeData,
  encodeHeader,
  encodeMessageAnnotations,
  encodeProperties,
  encodeValue,
  int,
  long,
  readApplicationProperties,
  readBody,
  readHeader,
  readMessageAnnotations,
  readProperties,
  scanSections,
  symbol,
  timestamp,
  ulong,
  uuid,
} from '@lazuli/amqp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BrokeredMessage, NewMessage } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { buildMessage } from './build-message.ts';
import { contentOf } from './content.ts';
import { messageIdOf } from './message-id.ts';
import { readBatch, readMessage } from './read-message.ts';
import { writeMessage } from './write-message.ts';

const body = encodeData(Buffer.from('hello'));

/** As it lies in a queue after it was kept in the journal. */
function brokered(message: NewMessage, changes: Partial<BrokeredMessage> = {}): BrokeredMessage {
  return {
    sequenceNumber: 2 ** 40 + 7,
    enqueuedSequenceNumber: undefined,
    enqueuedTime: 1_700_000_000_123,
    expiresAt: Number.POSITIVE_INFINITY,
    deliveryCount: 3,
    state: 'active',
    messageId: message.messageId,
    sessionId: message.sessionId,
    content: contentOf([Buffer.concat([message.content.envelope, message.content.bare])]),
    overrides: undefined,
    deadLetterSource: undefined,
    ...changes,
  };
}

function read(pieces: readonly Uint8Array[]) {
  const payload = Buffer.concat(pieces);
  const sections = scanSections(payload);
  return {
    payload,
    sections,
    header: readHeader(payload, sections),
    annotations: readMessageAnnotations(payload, sections),
    properties: readProperties(payload, sections),
    application: readApplicationProperties(payload, sections),
    body: readBody(payload, sections),
  };
}

describe('a message that is read', () => {
  it('says what the broker must know, and keeps its bare part', () => {
    const payload = Buffer.concat([
      encodeHeader({ durable: false, priority: 9, ttl: 5000, firstAcquirer: false, deliveryCount: 9 }),
      encodeMessageAnnotations(
        new AmqpMap([
          [symbol('x-opt-partition-key'), 'key'],
          [symbol('x-opt-sequence-number'), long(99)],
          [symbol('x-opt-scheduled-enqueue-time'), timestamp(1234)],
          [symbol('mine'), 'kept'],
        ]),
      ),
      encodeProperties({ messageId: 'id', subject: 's', groupId: 'session', correlationId: ulong(5) }),
      encodeApplicationProperties(new AmqpMap([['a', int(1)]])),
      body,
    ]);
    const message = readMessage(payload);
    expect(message).toMatchObject({
      messageId: 'id',
      sessionId: 'session',
      partitionKey: 'key',
      timeToLiveMs: 5000,
      scheduledEnqueueTime: 1234,
    });
    const written = read(
      writeMessage({ ...brokered(message), lockToken: new Uint8Array(16), lockedUntil: 1_700_000_000_999 }),
    );
    expect(written.header).toEqual({ durable: true, priority: 9, ttl: 5000, firstAcquirer: false, deliveryCount: 3 });
    expect(written.annotations.entries.map(([key]) => String((key as { value: unknown }).value))).toEqual([
      'x-opt-sequence-number',
      'x-opt-enqueued-time',
      'x-opt-message-state',
      'x-opt-locked-until',
      'x-opt-partition-key',
      'x-opt-scheduled-enqueue-time',
      'mine',
    ]);
    expect(written.annotations.get('x-opt-sequence-number')).toEqual(long(2 ** 40 + 7));
    expect(written.annotations.get('x-opt-enqueued-time')).toEqual(timestamp(1_700_000_000_123));
    expect(written.annotations.get('x-opt-locked-until')).toEqual(timestamp(1_700_000_000_999));
    expect(written.annotations.get('x-opt-message-state')).toEqual(int(0));
    expect(written.annotations.get('mine')).toBe('kept');
    expect(written.payload.subarray(written.sections.propertiesStart)).toEqual(
      payload.subarray(scanSections(payload).propertiesStart),
    );
  });

  it('is given a message id where it has none', () => {
    for (const properties of [
      [],
      [encodeProperties({})],
      [encodeProperties({ groupId: 'g', subject: 's' })],
      [encodeProperties({ subject: 'x'.repeat(300) })],
    ]) {
      const message = readMessage(
        Buffer.concat([...properties, encodeApplicationProperties(new AmqpMap([['a', true]])), body]),
      );
      expect(message.messageId).toMatch(/^[0-9a-f]{32}$/);
      const written = read(writeMessage(brokered(message)));
      expect(written.properties.messageId).toBe(message.messageId);
      expect(messageIdOf(message.content)).toBe(message.messageId);
      expect(written.body).toEqual([Buffer.from('hello')]);
      expect(written.application.get('a')).toBe(true);
      if (properties.length > 0) {
        const before = read([...properties, body]).properties;
        expect(written.properties).toEqual({ ...before, messageId: message.messageId });
      }
    }
  });

  it('may have a message id of any type', () => {
    const bytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    const ids: [AmqpValue, string][] = [
      [ulong(7), '7'],
      [ulong(2n ** 63n), '9223372036854775808'],
      [uuid(bytes), '00112233-4455-6677-8899-aabbccddeeff'],
      [bytes, '00112233445566778899aabbccddeeff'],
      ['ünïcode', 'ünïcode'],
    ];
    for (const [messageId, text] of ids) {
      const message = readMessage(Buffer.concat([encodeProperties({ messageId }), body]));
      expect(message.messageId).toBe(text);
      expect(messageIdOf(message.content)).toBe(text);
    }
  });

  it.each<[string, Buffer[], string, RegExp]>([
    [
      'a message id that is too long',
      [encodeProperties({ messageId: 'x'.repeat(129) })],
      'BadRequest',
      /message id has 129/,
    ],
    ['a session id that is too long', [encodeProperties({ groupId: 'x'.repeat(129) })], 'BadRequest', /session id/],
    [
      'a property that is too large',
      [encodeApplicationProperties(new AmqpMap([['a', 'x'.repeat(33_000)]]))],
      'BadRequest',
      /One of its properties/,
    ],
    [
      'properties that are too large',
      [encodeApplicationProperties(new AmqpMap([1, 2, 3].map((each) => [String(each), 'x'.repeat(30_000)])))],
      'BadRequest',
      /header and properties/,
    ],
    [
      'a session id of another type',
      [Buffer.concat([Buffer.from('005373c00d0b', 'hex'), Buffer.alloc(10, 0x40), Buffer.from('41', 'hex')])],
      'InvalidMessage',
      /./,
    ],
    [
      'a name that is no string',
      [encodeApplicationProperties(new AmqpMap([[int(1), 'x']]))],
      'InvalidMessage',
      /names/,
    ],
    ['bytes that are none', [Buffer.from('nonsense')], 'InvalidMessage', /./],
    ['a count beyond its bytes', [Buffer.from('005374c103ff4141', 'hex')], 'InvalidMessage', /./],
    ['a count below its items', [Buffer.from('005373c003004141', 'hex')], 'InvalidMessage', /./],
    ['a huge count', [Buffer.from('005374d100000004ffffffff', 'hex')], 'InvalidMessage', /./],
  ])('is refused for %s', (_, sections, code, reason) => {
    const payload = Buffer.concat(sections);
    expect(() => readMessage(payload)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(reason) }),
    );
  });

  it('of any bytes is read or refused, and what was read can be written', () => {
    const whole = Buffer.concat([
      encodeHeader({ durable: true, priority: 1, ttl: 1, firstAcquirer: false, deliveryCount: 0 }),
      encodeMessageAnnotations(new AmqpMap([[symbol('x-opt-partition-key'), 'k']])),
      encodeProperties({ messageId: 'id', groupId: 'g' }),
      encodeApplicationProperties(new AmqpMap([['a', 'b']])),
      body,
    ]);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => {
        const changed = Buffer.from(whole);
        changed[at] = byte;
        return changed;
      }),
      fc.nat(whole.length).map((end) => whole.subarray(0, end)),
    );
    fc.assert(
      fc.property(bytes, (payload) => {
        let message: NewMessage;
        try {
          message = readMessage(Buffer.from(payload));
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceBusError);
          return;
        }
        const written = Buffer.concat(writeMessage(brokered(message)));
        expect(readMessage(written)).toMatchObject({ messageId: message.messageId, sessionId: message.sessionId });
        expect(messageIdOf(message.content)).toBe(message.messageId);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a batch', () => {
  it('is its messages, whatever the envelope says', () => {
    const one = Buffer.concat([encodeProperties({ messageId: '1' }), body]);
    const two = Buffer.concat([encodeProperties({ messageId: '2' }), encodeData(Buffer.alloc(300))]);
    const payload = Buffer.concat([
      encodeMessageAnnotations(new AmqpMap([[symbol('x-opt-scheduled-enqueue-time'), timestamp(99)]])),
      encodeProperties({ messageId: '1', groupId: 'g' }),
      encodeData(one),
      encodeData(two),
    ]);
    const messages = readBatch(payload);
    expect(messages.map(({ messageId }) => messageId)).toEqual(['1', '2']);
    expect(messages[0]).toMatchObject({ scheduledEnqueueTime: undefined, sessionId: undefined });
    expect(Buffer.from(messages[1]!.content.bare)).toEqual(two);
  });

  it('without messages is refused', () => {
    expect(() => readBatch(encodeValue(null))).toThrow(expect.objectContaining({ code: 'InvalidMessage' }));
    expect(() => readBatch(Buffer.concat([encodeData(Buffer.from('x'))]))).toThrow(ServiceBusError);
  });
});

describe('a message that is written', () => {
  const message = buildMessage({
    messageId: 'id',
    body: Buffer.from('hello'),
    applicationProperties: new Map<string, AmqpValue>([
      ['a', int(1)],
      ['b', 'two'],
    ]),
  });

  it('has the properties that were changed over its own', () => {
    const overrides = new Map<string, AmqpValue>([
      ['b', 'three'],
      ['DeadLetterReason', 'R'],
    ]);
    const written = read(writeMessage(brokered(message, { overrides })));
    expect(written.application.entries).toEqual([
      ['a', int(1)],
      ['b', 'three'],
      ['DeadLetterReason', 'R'],
    ]);
    expect(written.properties.messageId).toBe('id');
    expect(written.body).toEqual([Buffer.from('hello')]);
    const bare = buildMessage({ body: Buffer.from('x') });
    expect(read(writeMessage(brokered(bare, { overrides }))).application.get('b')).toBe('three');
  });

  it('has what was changed even where its own properties cannot be decoded', () => {
    const double = Buffer.from('005374c10904a1016141a1016141', 'hex');
    const overrides = new Map<string, AmqpValue>([['b', 'x']]);
    const received = readMessage(Buffer.concat([double, body]));
    expect(read(writeMessage(brokered(received, { overrides }))).application.entries).toEqual([['b', 'x']]);
  });

  it('has all that is known of it, and a time to live as its entity made it', () => {
    const written = read(
      writeMessage(
        brokered(message, {
          enqueuedSequenceNumber: 5,
          deadLetterSource: 'über',
          state: 'scheduled',
          expiresAt: 1_700_000_000_123 + 60_000,
        }),
      ),
    );
    expect(written.header.ttl).toBe(60_000);
    expect(written.annotations.get('x-opt-enqueue-sequence-number')).toEqual(long(5));
    expect(written.annotations.get('x-opt-deadletter-source')).toBe('über');
    expect(written.annotations.get('x-opt-message-state')).toEqual(int(2));
    expect(written.annotations.get('x-opt-locked-until')).toBeUndefined();
    expect(read(writeMessage(brokered(message))).header.ttl).toBeUndefined();
  });

  it('is built of parts with all of them', () => {
    const built = buildMessage({
      body: Buffer.from('x'),
      messageId: 'm',
      groupId: 'g',
      timeToLiveMs: 7000,
      scheduledEnqueueTime: 5,
      partitionKey: 'p',
      viaPartitionKey: 'v',
    });
    expect(built).toMatchObject({
      messageId: 'm',
      sessionId: 'g',
      timeToLiveMs: 7000,
      scheduledEnqueueTime: 5,
      partitionKey: 'p',
    });
    expect(read(writeMessage(brokered(built))).annotations.get('x-opt-via-partition-key')).toBe('v');
    expect(decodeValue(encodeValue('x'))).toBe('x');
  });
});
