import { describe, expect, it } from 'vitest';
import type { BrokeredMessage, NewMessage } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { buildMessage } from '../message/build-message.ts';
import { messageDocument, newMessageOf } from './message-document.ts';
import { resubmitted } from './resubmitted-message.ts';

const lying = (message: NewMessage, more: Partial<BrokeredMessage> = {}): BrokeredMessage => ({
  sequenceNumber: 7,
  enqueuedSequenceNumber: undefined,
  enqueuedTime: 0,
  expiresAt: Number.POSITIVE_INFINITY,
  deliveryCount: 2,
  state: 'active',
  messageId: message.messageId,
  sessionId: message.sessionId,
  content: message.content,
  overrides: undefined,
  deadLetterSource: undefined,
  ...more,
});

describe('messages of operators', () => {
  it('are read from JSON, and shown as they were read', () => {
    const document = {
      messageId: 'm1',
      sessionId: 's1',
      subject: 'order',
      contentType: 'text/plain',
      correlationId: 'c1',
      applicationProperties: { colour: 'red', size: 3, weight: 1.5, sure: true },
      body: 'a lamp ☀',
    };
    const message = newMessageOf({ ...document, timeToLive: 60_000, scheduledEnqueueTime: '2030-01-01T00:00:00Z' });
    expect(message).toMatchObject({ sessionId: 's1', timeToLiveMs: 60_000, scheduledEnqueueTime: 1_893_456_000_000 });
    expect(messageDocument(lying(message))).toEqual({
      ...document,
      sequenceNumber: 7,
      state: 'active',
      enqueuedTime: '1970-01-01T00:00:00.000Z',
      deliveryCount: 2,
    });
  });

  it('show bytes that are no text in base64', () => {
    const message = newMessageOf({ bodyBase64: '//79' });
    expect(messageDocument(lying(message))).toMatchObject({ bodyBase64: '//79' });
  });

  it.each([
    [null, /must be a JSON object/],
    [[], /must be a JSON object/],
    [{ colour: 'red' }, /no member 'colour'/],
    [{ messageId: 7 }, /'messageId' of a message must be a string/],
    [{ timeToLive: 0 }, /whole number of milliseconds/],
    [{ timeToLive: '1' }, /whole number of milliseconds/],
    [{ scheduledEnqueueTime: 'soon' }, /must be a time/],
    [{ applicationProperties: { a: {} } }, /strings, numbers and booleans/],
    [{ messageId: 'x'.repeat(129) }, /message id has 129 characters/],
  ])('refuse %j', (document, message) => {
    expect(() => newMessageOf(document)).toThrow(ServiceBusError);
    expect(() => newMessageOf(document)).toThrow(message);
  });
});

it('a dead letter goes back as its sender sent it, without why it was dead-lettered', () => {
  const sent = buildMessage({
    messageId: 'm1',
    groupId: 's1',
    timeToLiveMs: 60_000,
    partitionKey: 's1',
    applicationProperties: new Map([['colour', 'red']]),
    body: Buffer.from('a lamp'),
  });
  const overrides = new Map([
    ['DeadLetterReason', 'no'],
    ['DeadLetterErrorDescription', 'not wanted'],
    ['tries', 'three'],
  ]);
  const again = resubmitted(lying(sent, { overrides }));
  expect(again).toMatchObject({ messageId: 'm1', sessionId: 's1', timeToLiveMs: 60_000, partitionKey: 's1' });
  expect(messageDocument(lying(again))).toMatchObject({
    applicationProperties: { colour: 'red', tries: 'three' },
    body: 'a lamp',
  });
});
