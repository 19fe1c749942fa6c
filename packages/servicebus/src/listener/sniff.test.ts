import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spokenBy } from './sniff.ts';

const of = (text: string) => spokenBy(Buffer.from(text, 'latin1'));

it.each<[string, ReturnType<typeof spokenBy>]>([
  ['AMQP\x03\x01\x00\x00', 'amqp'],
  ['AMQP\x00\x01\x00\x00', 'amqp'],
  ['AMQ', undefined],
  ['AMQX', 'unknown'],
  ['\x16\x03\x01', 'tls'],
  ['GET /$servicebus/websocket HTTP/1.1\r\n', 'webSocket'],
  ['GET /%24ServiceBus/websocket HTTP/1.1\r\n', 'webSocket'],
  ['GET /$serv', undefined],
  ['GET /$Resources/queues', 'http'],
  ['GET /queue', 'http'],
  ['P', undefined],
  ['PUT /q', 'http'],
  ['POST /q/messages', 'http'],
  ['DELETE /q', 'http'],
  ['SSH-2.0-x', 'unknown'],
  ['\x00', 'unknown'],
  ['', undefined],
])('%j is %s', (text, spoken) => {
  expect(of(text)).toBe(spoken);
});

it('is decided after a few bytes, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 64 }), (bytes) => spokenBy(Buffer.from(bytes)) !== undefined),
  );
});
