import type { UpstreamClient, UpstreamRequest } from '@lazuli/http';
import { HeaderList } from '@lazuli/policies';
import { expect, it } from 'vitest';
import { withLocalNamespaces } from './local-upstream.ts';

const request = (host: string): UpstreamRequest => ({
  method: 'POST',
  origin: {
    scheme: 'https',
    host,
    port: 443,
    validateCertificateChain: true,
    validateCertificateName: true,
    certificate: null,
    proxy: null,
  },
  target: '/q/messages',
  headers: HeaderList.from([['Host', host]]),
  body: null,
  timeoutMs: 0,
  continueTimeoutMs: null,
  httpVersion: '1',
  cancellation: null,
});

it('sends what is for a namespace of this process to its port, and the rest where it was to go', async () => {
  const seen: UpstreamRequest[] = [];
  const note = (one: UpstreamRequest): never => {
    seen.push(one);
    throw new Error('enough');
  };
  const inner: UpstreamClient = {
    request: async (one) => note(one),
    upgrade: async (one) => note(one),
    async close() {},
  };
  const client = withLocalNamespaces(inner, (host) =>
    host === 'contoso.servicebus.windows.net' ? { host: '127.0.0.1', port: 5672 } : undefined,
  );
  for (const host of ['contoso.servicebus.windows.net', 'contoso.servicebus.windows.net', 'other.example'])
    await expect(client.request(request(host))).rejects.toThrow('enough');
  expect(seen.map(({ origin }) => `${origin.scheme}://${origin.host}:${origin.port}`)).toEqual([
    'http://127.0.0.1:5672',
    'http://127.0.0.1:5672',
    'https://other.example:443',
  ]);
  expect(seen[0]?.origin).toBe(seen[1]?.origin);
  expect(seen[0]?.headers.get('Host')).toBe('contoso.servicebus.windows.net');
});
