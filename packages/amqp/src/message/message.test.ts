import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbol, timestamp, uint, ulong, uuid } from '../codec/typed.ts';
import { encodeValue } from '../codec/writer.ts';
import { AmqpMap, Described } from '../values.ts';
import {
  readApplicationProperties,
  readBody,
  readDeliveryAnnotations,
  readHeader,
  readMessageAnnotations,
  readProperties,
} from './read.ts';
import { scanSections } from './sections.ts';
import {
  encodeApplicationProperties,
  encodeData,
  encodeDeliveryAnnotations,
  encodeHeader,
  encodeMessageAnnotations,
  encodeProperties,
  encodeValueSection,
} from './write.ts';

const header = encodeHeader({ durable: true, priority: 4, ttl: 1000, firstAcquirer: false, deliveryCount: 2 });
const deliveryAnnotations = encodeDeliveryAnnotations(new AmqpMap([[symbol('x'), uint(1)]]));
const messageAnnotations = encodeMessageAnnotations(new AmqpMap([[symbol('x-opt-partition-key'), 'a']]));
const properties = encodeProperties({
  messageId: 'id',
  userId: Buffer.from('me'),
  to: 'to',
  subject: 'subject',
  replyTo: 'reply',
  correlationId: uuid(Buffer.alloc(16, 7)),
  contentType: 'text/plain',
  contentEncoding: 'gzip',
  absoluteExpiryTime: 5,
  creationTime: 2 ** 41,
  groupId: 'group',
  groupSequence: 4_000_000_000,
  replyToGroupId: 'other',
});
const applicationProperties = encodeApplicationProperties(new AmqpMap([['when', timestamp(5)]]));
const data = encodeData(Buffer.alloc(300, 1));
const value = encodeValueSection([1, 2].map(uint));
const sequence = encodeValue(new Described(ulong(0x76), [true]));
const footer = encodeValue(new Described(ulong(0x78), new AmqpMap()));

describe('sections of a message', () => {
  it('are found where they lie', () => {
    const parts = [
      header,
      deliveryAnnotations,
      messageAnnotations,
      properties,
      applicationProperties,
      data,
      data,
      footer,
    ];
    const payload = Buffer.concat(parts);
    const sections = scanSections(payload);
    expect(payload.subarray(sections.headerStart, sections.headerEnd)).toEqual(header);
    expect(payload.subarray(sections.messageAnnotationsStart, sections.messageAnnotationsEnd)).toEqual(
      messageAnnotations,
    );
    expect(payload.subarray(sections.propertiesStart, sections.bodyEnd)).toEqual(
      Buffer.concat([properties, applicationProperties, data, data]),
    );
    expect(payload.subarray(sections.footerStart, sections.footerEnd)).toEqual(footer);
    expect(sections).toMatchObject({ bodyKind: 'data', bodyCount: 2 });
    expect(readHeader(payload, sections)).toEqual({
      durable: true,
      priority: 4,
      ttl: 1000,
      firstAcquirer: false,
      deliveryCount: 2,
    });
    expect(readDeliveryAnnotations(payload, sections).get('x')).toEqual(uint(1));
    expect(readMessageAnnotations(payload, sections).get('x-opt-partition-key')).toBe('a');
    expect(readApplicationProperties(payload, sections).get('when')).toEqual(timestamp(5));
    expect(readProperties(payload, sections)).toEqual({
      messageId: 'id',
      userId: Buffer.from('me'),
      to: 'to',
      subject: 'subject',
      replyTo: 'reply',
      correlationId: uuid(Buffer.alloc(16, 7)),
      contentType: 'text/plain',
      contentEncoding: 'gzip',
      absoluteExpiryTime: 5,
      creationTime: 2 ** 41,
      groupId: 'group',
      groupSequence: 4_000_000_000,
      replyToGroupId: 'other',
    });
    expect(readBody(payload, sections)).toEqual([Buffer.alloc(300, 1), Buffer.alloc(300, 1)]);
  });

  it('that are absent are empty ones in their place', () => {
    const all = [header, deliveryAnnotations, messageAnnotations, properties, applicationProperties, value, footer];
    fc.assert(
      fc.property(fc.subarray(all), (parts) => {
        const payload = Buffer.concat(parts);
        const sections = scanSections(payload);
        const places = [
          [sections.headerStart, sections.headerEnd],
          [sections.deliveryAnnotationsStart, sections.deliveryAnnotationsEnd],
          [sections.messageAnnotationsStart, sections.messageAnnotationsEnd],
          [sections.propertiesStart, sections.propertiesEnd],
          [sections.applicationPropertiesStart, sections.applicationPropertiesEnd],
          [sections.bodyStart, sections.bodyEnd],
          [sections.footerStart, sections.footerEnd],
        ];
        let end = 0;
        places.forEach(([from, to], index) => {
          expect(from).toBe(end);
          end = to!;
          expect(payload.subarray(from, to)).toEqual(parts.includes(all[index]!) ? all[index] : Buffer.alloc(0));
        });
        expect(end).toBe(payload.length);
      }),
    );
  });

  it('of an empty message have defaults', () => {
    const payload = Buffer.alloc(0);
    const sections = scanSections(payload);
    expect(readHeader(payload, sections)).toMatchObject({ durable: false, priority: 4, deliveryCount: 0 });
    expect(readProperties(payload, sections)).toEqual({});
    expect(readBody(payload, sections)).toEqual([]);
    expect(sections.bodyKind).toBeUndefined();
  });

  it('may have long and symbolic descriptors', () => {
    const payload = Buffer.concat([
      Buffer.from('00800000000000000070', 'hex'),
      header.subarray(3),
      encodeValue(new Described(symbol('amqp:amqp-value:*'), 'hello')),
    ]);
    const sections = scanSections(payload);
    expect(readHeader(payload, sections).deliveryCount).toBe(2);
    expect(readBody(payload, sections)).toEqual(['hello']);
  });

  it.each<[string, Buffer[], RegExp]>([
    ['in another order', [properties, header], /cannot follow/],
    ['twice', [header, header], /cannot follow/],
    ['of two kinds of body', [data, value], /cannot follow/],
    ['with two values', [value, value], /cannot follow/],
    ['behind the footer', [footer, data], /cannot follow/],
    ['that are none', [encodeValue(new Described(ulong(0x24), []))], /0x24/],
    ['that are not described', [encodeValue('text')], /described value was expected/],
    ['with another type', [encodeValue(new Described(ulong(0x75), 'text'))], /cannot hold/],
    ['with a map for a list', [encodeValue(new Described(ulong(0x73), new AmqpMap()))], /cannot hold/],
    ['with a list for a map', [encodeValue(new Described(ulong(0x72), []))], /cannot hold/],
  ])('%s are refused', (_, parts, message) => {
    expect(() => scanSections(Buffer.concat(parts))).toThrow(message);
  });

  it('that lack bytes are refused at every length', () => {
    const payload = Buffer.concat([header, properties, data]);
    const ends = [0, header.length, header.length + properties.length];
    for (let length = 0; length < payload.length; length++) {
      if (ends.includes(length)) continue;
      expect(() => scanSections(payload.subarray(0, length)), String(length)).toThrow(/At byte/);
    }
  });

  it('with fields of another type are refused when they are read', () => {
    const payload = encodeValue(new Described(ulong(0x73), [true]));
    expect(() => readProperties(payload, scanSections(payload))).toThrow(/'message-id'/);
    const second = encodeValue(new Described(ulong(0x70), ['yes']));
    expect(() => readHeader(second, scanSections(second))).toThrow(/'durable'/);
  });

  it('sequences are read', () => {
    const payload = Buffer.concat([sequence, sequence]);
    expect(readBody(payload, scanSections(payload))).toEqual([[true], [true]]);
  });

  it('of random bytes are found or refused, never more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(header, properties, data, value, Buffer.from([0, 0x53, 0x75]))),
        fc.uint8Array(),
        (parts, tail) => {
          try {
            scanSections(Buffer.concat([...parts, tail]));
          } catch (error) {
            expect(error).toMatchObject({ condition: 'amqp:decode-error' });
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
