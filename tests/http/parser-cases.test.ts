import { createHttp1Upstream } from '@lazuli/http1';
import type { BodySource } from '@lazuli/policies';
import { HeaderList } from '@lazuli/policies';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parserRequests } from './cases/parser-requests.ts';
import { parserResponses } from './cases/parser-responses.ts';
import { type RawBackend, startRawBackend } from './kit/raw-backend.ts';
import { readingOf, type SeeingServer, startOurs } from './kit/seeing-servers.ts';

describe('requests', () => {
  let server: SeeingServer;
  beforeAll(async () => {
    server = await startOurs();
  });
  afterAll(() => server.close());

  for (const [family, cases] of Object.entries(parserRequests))
    describe(family, () => {
      test.each(cases)('%s', async (_, bytes, expected) => {
        expect(await readingOf(server.port, bytes)).toEqual(expected);
      });
    });
});

describe('responses', () => {
  let backend: RawBackend;
  beforeAll(async () => {
    backend = await startRawBackend();
  });
  afterAll(async () => {
    await backend.close();
  });

  test.each(parserResponses)('%s', async (_, bytes, expected) => {
    backend.answer = (_request, socket) => {
      socket.end(Buffer.from(bytes, 'latin1'));
      return null;
    };
    // Each on a connection of its own: this backend closes behind every answer.
    const client = createHttp1Upstream();
    const reading = await client
      .request({
        method: 'GET',
        origin: {
          scheme: 'http',
          host: '127.0.0.1',
          port: backend.port,
          validateCertificateChain: true,
          validateCertificateName: true,
          certificate: null,
          proxy: null,
        },
        target: '/',
        headers: new HeaderList(['Host', 'a']),
        body: null,
        timeoutMs: 5000,
        continueTimeoutMs: null,
        httpVersion: '1',
        cancellation: null,
      })
      .then(async ({ status, body }) => `${status} ${await textOf(body)}`)
      .catch(() => 'refused');
    await client.close();
    expect(reading).toBe(expected);
  });
});

function textOf(body: BodySource | Uint8Array | null): Promise<string> {
  return new Promise((resolve, reject) => {
    if (body === null) return resolve('');
    if (body instanceof Uint8Array) return resolve(Buffer.from(body).toString('latin1'));
    let text = '';
    body.start({
      data: (chunk) => {
        text += Buffer.from(chunk).toString('latin1');
      },
      end: () => resolve(text),
      error: reject,
    });
  });
}
