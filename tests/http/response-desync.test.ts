import { type HttpImplementation, httpImplementations } from '@lazuli/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServedFolder } from '../kit/serve.ts';
import { type ResponseCase, responseCases } from './cases/responses.ts';
import { readResponses } from './kit/message-reader.ts';
import { answerWithName, type RawBackend, startRawBackend } from './kit/raw-backend.ts';
import { sendBytes } from './kit/raw-client.ts';
import { startWholeGateway } from './kit/whole-gateway.ts';

/**
 * Hostile or broken answers of a backend, through a whole gateway: what its client gets, and that the clients behind it get
 * their own answers, never what was left of that one.
 */
describe.each(httpImplementations)('response desync over %s', (http) => {
  let backend: RawBackend;
  let gateway: ServedFolder;
  beforeAll(async () => {
    backend = await startRawBackend();
    gateway = await startWholeGateway(http, backend.url);
  });
  afterAll(async () => {
    await gateway.stop();
    await backend.close();
  });

  test.each(responseCases)('$name', (one) => check(one, http));

  async function check(one: ResponseCase, implementation: HttpImplementation): Promise<void> {
    const expected = (implementation === 'node' && one.node) || one.expected;
    const method = one.method ?? 'GET';
    backend.answer = (request, socket) => {
      if (!request.start.endsWith('/first')) return answerWithName(request);
      socket.write(Buffer.from(one.bytes, 'latin1'));
      if (one.closes) socket.end();
      return null;
    };
    const { text, end } = await sendBytes(
      gateway.port,
      `${method} /first HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      {
        endWhen: () => false,
      },
    );
    const victims = await Promise.all(
      [1, 2, 3].map((number) =>
        sendBytes(gateway.port, `GET /victim-${number} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, {
          endWhen: () => false,
        }),
      ),
    );
    const seen = backend.take();

    expect(end).not.toBe('open');
    const { messages, unfinished } = readResponses(text, [method]);
    if (expected.cut) expect(end === 'reset' || unfinished > 0 || messages.length === 0, text).toBe(true);
    else {
      expect(
        messages.map(({ start }) => Number(start)),
        text,
      ).toEqual([expected.status]);
      if (expected.body !== undefined) expect(messages[0]?.body).toBe(expected.body);
      expect(unfinished).toBe(0);
    }
    expect(text.includes('STOLEN')).toBe(expected.body?.includes('STOLEN') ?? false);
    expect(seen.problems).toEqual([]);
    for (const [index, victim] of victims.entries())
      expect(victim.text.endsWith(`\r\n\r\n<GET /victim-${index + 1} 0>`), victim.text).toBe(true);
  }
});
