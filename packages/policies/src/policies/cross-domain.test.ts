import { expect, it } from 'vitest';
import { exchangeFor, pipelineFor, problemsOf } from '../testing/index.ts';

const policy = (rules: string) => `<cross-domain><cross-domain-policy>${rules}</cross-domain-policy></cross-domain>`;

const rules = `<site-control permitted-cross-domain-policies="master-only" />
  <allow-access-from domain="*.contoso.com" />
  <allow-access-from domain="*" secure="false" />
  <allow-http-request-headers-from domain="contoso.com" headers="X-A&amp;,SOAP*" />`;

async function ask(url: string, method = 'GET') {
  const [handler] = pipelineFor({ inbound: policy(rules) }, { scope: 'global' }).preflight;
  const exchange = exchangeFor({ request: { url, method } });
  const answer = handler?.(exchange);
  const bytes = await exchange.response?.body?.buffer(10_000);
  return { answer, text: Buffer.from(bytes ?? []).toString(), type: exchange.response?.headers.get('Content-Type') };
}

it('gives the file as it was written', async () => {
  expect(await ask('https://gateway.example/crossdomain.xml')).toEqual({
    answer: 'answered',
    type: 'text/x-cross-domain-policy',
    text: `<?xml version="1.0"?>
<cross-domain-policy>
  <site-control permitted-cross-domain-policies="master-only"/>
  <allow-access-from domain="*.contoso.com"/>
  <allow-access-from domain="*" secure="false"/>
  <allow-http-request-headers-from domain="contoso.com" headers="X-A&amp;,SOAP*"/>
</cross-domain-policy>
`,
  });
});

it('answers nothing else', async () => {
  expect((await ask('https://gateway.example/orders')).answer).toBe('unmatched');
  expect((await ask('https://gateway.example/crossdomain.xml', 'POST')).answer).toBe('unmatched');
});

it.each([
  ['', 0],
  ['<allow-access-from domain="a b" />', 1],
  ['<allow-access-from domain="http://a" />', 1],
  ['<allow-access-from />', 1],
  ['<allow-http-request-headers-from domain="*" headers="a:b" />', 1],
  ['<site-control permitted-cross-domain-policies="some" />', 1],
  ['<allow-access-from domain="*" secure="yes" />', 1],
])('%s has %i problems', (content, count) => {
  expect(problemsOf({ inbound: policy(content) }, { scope: 'global' })).toHaveLength(count);
});

it('can stand only in the global document', () => {
  expect(problemsOf({ inbound: '<cross-domain />' })).toEqual([
    expect.stringMatching(/not allowed in the scope 'api'/),
  ]);
});
