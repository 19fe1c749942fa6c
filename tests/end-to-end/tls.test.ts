import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LazuliProcess, lazuli, startLazuli } from '../kit/lazuli-process.ts';

let scratch: string;
let server: LazuliProcess;
let ca: string;
let key: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lazuli-tls-'));
  const folder = join(scratch, 'apis');
  await lazuli(['init', folder]);
  key = JSON.parse(await readFile(join(folder, 'secrets.local.json'), 'utf8')).subscriptions.developer.primaryKey;
  server = await startLazuli(folder, ['--data', join(scratch, 'data'), '--access-log', 'off']);
  ca = await readFile(join(scratch, 'data/tls/authority.crt'), 'utf8');
});
afterAll(async () => {
  expect(await server.end()).toBe(0);
  await rm(scratch, { recursive: true, force: true });
});

describe('the HTTPS listener', () => {
  it('serves HTTP/1.1 to a client that trusts the local authority', async () => {
    const body = await new Promise<string>((resolve, reject) => {
      const asked = request(`${server.https}/hello/greet/Ada`, { ca, headers: { 'ocp-apim-subscription-key': key } });
      asked.on('error', reject);
      asked.on('response', (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      });
      asked.end();
    });
    expect(JSON.parse(body)).toEqual({ greeting: 'Hello, Ada!' });
  });

  it('serves HTTP/2 on the same port', async () => {
    const session = connect(server.https ?? '', { ca });
    const stream = session.request({ ':path': '/hello/greet/Grace', 'ocp-apim-subscription-key': key });
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
    });
    const status = await new Promise<number>((resolve, reject) => {
      let code = 0;
      stream.on('response', (headers) => {
        code = headers[':status'] ?? 0;
      });
      stream.on('end', () => resolve(code));
      stream.on('error', reject);
    });
    session.close();
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ greeting: 'Hello, Grace!' });
  });
});
