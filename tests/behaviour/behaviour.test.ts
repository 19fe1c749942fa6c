import { createHmac, randomBytes } from 'node:crypto';
import { type HttpImplementation, httpImplementations } from '@lazuli/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientResponse, send, valuesOf } from '../kit/client.ts';
import { serve } from '../kit/serve.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../kit/upstream.ts';
import { folderOf } from './case-folder.ts';
import { type BehaviourCase, type BehaviourExchange, type ExpectedHeader, readBehaviourFiles } from './case-table.ts';

const jwtKey = randomBytes(32);
let upstream: RecordingUpstream;
beforeAll(async () => {
  upstream = await startRecordingUpstream();
});
afterAll(() => upstream.close());

for (const file of readBehaviourFiles()) {
  describe(file.policy, () => {
    it.each(file.cases.filter(({ problem }) => problem !== undefined))('$name', refuse);
    describe.each(httpImplementations)('over %s', (http) => {
      it.each(file.cases.filter(({ problem }) => problem === undefined))('$name', (one) => run(one, http));
    });
  });
}

async function run(one: BehaviourCase, http: HttpImplementation): Promise<void> {
  const { diagnostics, server } = await serve(filesOf(one), http);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!server) throw new Error('The server did not start.');
  try {
    upstream.answerWith(one.upstreams ?? [one.upstream ?? {}]);
    upstream.take();
    for (const exchange of one.exchanges ?? []) {
      if ('advance' in exchange) server.clock.advance(exchange.advance * 1000);
      else await check(exchange, server.port);
    }
  } finally {
    await server.stop();
  }
}

async function refuse(one: BehaviourCase): Promise<void> {
  const { diagnostics, server } = await serve(filesOf(one), 'sockets');
  await server?.stop();
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ message }) => message)).toContainEqual(expect.stringMatching(new RegExp(one.problem ?? '')));
  if (one.line !== undefined) expect(errors.map(({ line }) => line)).toContain(one.line);
}

async function check(exchange: BehaviourExchange, port: number): Promise<void> {
  const [method = 'GET', path = '/'] = exchange.send.split(' ');
  const headers = Object.fromEntries(
    Object.entries(exchange.headers ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? withTokens(value) : value,
    ]),
  );
  const response = await send(port, { method, target: `/api${path}`, headers, body: exchange.body });
  checkResponse(response, exchange.expect, exchange.send);
  const { received } = exchange;
  const arrived = upstream.take();
  if (received === undefined) return;
  if (received === null) {
    expect(arrived, `${exchange.send}: the upstream is not called`).toEqual([]);
    return;
  }
  const [request] = arrived;
  if (!request)
    throw new Error(
      `${exchange.send}: nothing arrived at the upstream; the answer was ${response.status} ${response.body}`,
    );
  if (received.request !== undefined) expectText(request.request, received.request, 'request line at the upstream');
  checkHeaders(request.rawHeaders, received.headers ?? {}, 'at the upstream');
  if (received.body !== undefined) expect(request.body, 'body at the upstream').toBe(received.body);
  if (received.json !== undefined) expect(JSON.parse(request.body), 'body at the upstream').toEqual(received.json);
}

function checkResponse(response: ClientResponse, expected: BehaviourExchange['expect'], what: string): void {
  if (expected.status !== undefined)
    expect(response.status, `${what}: status (body ${response.body})`).toBe(expected.status);
  if (expected.reason !== undefined) expect(response.reason, `${what}: reason`).toBe(expected.reason);
  checkHeaders(response.rawHeaders, expected.headers ?? {}, `of the answer to ${what}`);
  if (expected.body !== undefined) expect(response.body, `${what}: body`).toBe(expected.body);
  if (expected.match !== undefined) expect(response.body, `${what}: body`).toMatch(new RegExp(expected.match));
  if (expected.json !== undefined) expect(JSON.parse(response.body), `${what}: body`).toEqual(expected.json);
}

function checkHeaders(raw: readonly string[], expected: Readonly<Record<string, ExpectedHeader>>, where: string): void {
  for (const [name, value] of Object.entries(expected)) {
    const actual = valuesOf(raw, name);
    const what = `header ${name} ${where}`;
    if (value === null) expect(actual, what).toEqual([]);
    else if (Array.isArray(value)) expect(actual, what).toEqual(value);
    else expectText(actual.join(','), String(value), what);
  }
}

/** `/…/` is a regular expression, anything else the text itself. */
function expectText(actual: string, expected: string, what: string): void {
  const pattern = /^\/(.*)\/$/s.exec(expected)?.[1];
  if (pattern === undefined || expected.length < 3) expect(actual, what).toBe(expected);
  else expect(actual, what).toMatch(new RegExp(pattern));
}

function filesOf(one: BehaviourCase): Map<string, string> {
  const files = folderOf(one, upstream.url);
  for (const [path, text] of files) files.set(path, text.replaceAll('{jwtKey}', jwtKey.toString('base64')));
  return files;
}

function withTokens(text: string): string {
  return text.replace(/\{jwt: (\{.*\})\}/, (_, claims: string) => token(JSON.parse(claims)));
}

function token(claims: Readonly<Record<string, unknown>>): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ exp: Math.floor(Date.now() / 1000) + 3600, ...claims })}`;
  return `${content}.${createHmac('sha256', jwtKey).update(content).digest('base64url')}`;
}
