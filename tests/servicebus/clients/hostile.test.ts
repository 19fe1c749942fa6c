import { Described, encodeData, encodeValueSection, symbol, ulong } from '@lazuli/amqp';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codes, RawClient } from './kit/raw-client.ts';
import { RequestClient } from './kit/request-client.ts';
import { type NamespaceOfTests, serveNamespace } from './kit/serve-namespace.ts';

let namespace: NamespaceOfTests;
let client: RawClient;
beforeAll(async () => {
  namespace = await serveNamespace();
  for (const name of ['q', 'batches']) await namespace.directory.put(name, 'queue', {}, 'create');
});
beforeEach(async () => {
  client = await RawClient.open(namespace.port);
});
afterEach(() => client.close());
afterAll(() => namespace.close());

/** Bytes of all kinds: nonsense, sections with nonsense in them, messages that were cut or changed. */
const payloads = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc
    .tuple(
      fc.constantFrom(0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x31, 0x32),
      fc.uint8Array({ maxLength: 80 }),
    )
    .map(([code, bytes]) => Buffer.concat([Buffer.from([0, 0x53, code]), bytes])),
  fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(80), fc.nat(255)).map(([bytes, at, byte]) => {
    const message = Buffer.concat([encodeValueSection('operation'), encodeData(Buffer.from(bytes))]);
    message[at % message.length] = byte;
    return message;
  }),
);

/** Each is answered, and the connection stays. */
async function answered(handle: number, options: { readonly format?: number } = {}): Promise<void> {
  await fc.assert(
    fc.asyncProperty(payloads, async (payload) => {
      const { code } = await client.outcome(client.transfer(handle, payload, options));
      expect([0x24, 0x25, 0x33]).toContain(code);
    }),
    { numRuns: 300 },
  );
  expect(client.isClosed).toBe(false);
}

describe('whatever is sent', () => {
  it('to a queue, is accepted or rejected', async () => {
    await client.attachSender(0, 'q');
    await answered(0);
  });

  it('as a batch, is accepted or rejected', async () => {
    await client.attachSender(0, 'batches');
    await answered(0, { format: 0x80013700 });
  });

  it('to a coordinator, is declared or rejected', async () => {
    await client.attachSender(0, new Described(ulong(0x30), [symbol('amqp:local-transactions')]));
    await answered(0);
  });

  it.each(['$cbs', 'q/$management'])('to %s, is answered', async (address) => {
    await RequestClient.open(client, address);
    await answered(100);
  });

  it('and was accepted, is received as it was sent', async () => {
    const before = namespace.served.runtime('q')?.activeMessageCount ?? 0;
    expect(before).toBeGreaterThan(0);
    client.attachReceiver(1, 'q', { isSettled: true });
    client.flow(1, 0, before);
    for (let n = 0; n < before; n++) await client.next(codes.transfer);
    expect(namespace.served.runtime('q')?.activeMessageCount).toBe(0);
  });
});

describe('attaches', () => {
  const nonsense = [
    null,
    'x'.repeat(10_000),
    '//',
    '$management/$management',
    'q/$DeadLetterQueue/$DeadLetterQueue',
    '\0',
    'sb://',
    '../q',
  ];

  it('to addresses that mean nothing are refused, and nothing else happens', async () => {
    let handle = 0;
    for (const address of nonsense) {
      const terminus = (code: number) => new Described(ulong(code), [address]);
      const { fields } = await client.attachSender(handle, terminus(0x29), { name: `s${handle}` });
      expect(fields[6]).toBeNull();
      await client.next(codes.detach);
      handle++;
    }
    expect(client.isClosed).toBe(false);
  });

  it('are answered, a thousand at once', async () => {
    for (let handle = 0; handle < 1000; handle++) client.attachReceiver(handle, handle % 2 === 0 ? 'q' : 'nothing');
    for (let handle = 0; handle < 1000; handle++) await client.next(codes.attach);
    expect(client.isClosed).toBe(false);
  });
});
