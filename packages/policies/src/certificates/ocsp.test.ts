import { execFileSync } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FakeServer, fakePorts } from '../testing/index.ts';
import { type TestOcspResponseInit, testOcspResponse } from '../testing/ocsp-response.ts';
import { TestAuthority } from '../testing/test-authority.ts';
import { der, derObjectIdentifier } from './der-writer.ts';
import { ocspRequest } from './ocsp-request.ts';
import { readOcspResponse } from './ocsp-response.ts';
import { revocationStatus } from './revocation.ts';

const url = 'http://ocsp.example/';
const listUrl = 'http://crl.example/list.crl';
const ocspSigning = '1.3.6.1.5.5.7.3.9';

let root: TestAuthority;
let responder: TestAuthority;
let client: TestAuthority;
let both: TestAuthority;
beforeAll(async () => {
  root = await TestAuthority.make({ name: 'CN=Root', isAuthority: true });
  responder = await TestAuthority.make({ name: 'CN=Responder', purposes: [ocspSigning] }, root);
  client = await TestAuthority.make({ name: 'CN=client', serialNumber: '00ff01', ocspResponder: url }, root);
  both = await TestAuthority.make(
    { name: 'CN=both', serialNumber: '77', ocspResponder: url, revocationList: listUrl },
    root,
  );
});

const x509 = (one: TestAuthority) => new X509Certificate(one.der);
const at = (...date: [number, number, number]) => new Date(Date.UTC(...date));

const serve =
  (init: Partial<TestOcspResponseInit> = {}): FakeServer =>
  async ({ bytes, method, url: asked, headers }) => {
    expect([method, asked, headers.get('Content-Type')]).toEqual(['POST', url, 'application/ocsp-request']);
    return { body: await testOcspResponse(bytes, { signer: root, ...init }) };
  };

async function status(http: FakeServer, certificate = client) {
  const ports = fakePorts({ http });
  return { status: await revocationStatus(x509(certificate), x509(root), ports), ports };
}

describe('OCSP', () => {
  it.each(['good', 'revoked'] as const)('an answer of the issuer: %s', async (answer) => {
    expect((await status(serve({ status: answer }))).status).toBe(answer);
  });

  it('an answer of a responder that the issuer has authorised', async () => {
    const init = { signer: responder, certificates: [root, responder] };
    expect((await status(serve(init))).status).toBe('good');
    expect((await status(serve({ ...init, status: 'revoked' }))).status).toBe('revoked');
  });

  it.each<[string, () => Promise<Partial<TestOcspResponseInit>>]>([
    [
      'of a responder without the purpose',
      async () => {
        const other = await TestAuthority.make({ name: 'CN=Other' }, root);
        return { signer: other, certificates: [other] };
      },
    ],
    [
      'of a responder of another authority',
      async () => {
        const fake = await TestAuthority.make({ name: 'CN=Root', isAuthority: true });
        const other = await TestAuthority.make({ name: 'CN=Other', purposes: [ocspSigning] }, fake);
        return { signer: other, certificates: [other] };
      },
    ],
    [
      'of a responder whose certificate is over',
      async () => {
        const old = await TestAuthority.make(
          { name: 'CN=Old', purposes: [ocspSigning], notAfter: at(2026, 0, 2) },
          root,
        );
        return { signer: old, certificates: [old] };
      },
    ],
    [
      'signed by somebody with the name of the issuer',
      async () => ({
        signer: await TestAuthority.make({ name: 'CN=Root', isAuthority: true }),
      }),
    ],
    ['of a responder whose certificate is not there', async () => ({ signer: responder })],
    ['with the nonce of another request', async () => ({ nonce: Buffer.from('another') })],
    ['that is out of date', async () => ({ nextUpdate: at(2026, 0, 2) })],
    ['of the future', async () => ({ thisUpdate: at(2026, 10, 1) })],
    ['that does not know the certificate', async () => ({ status: 'unknown' })],
  ])('an answer %s is none', async (_, init) => {
    expect((await status(serve(await init()))).status).toBe('unknown');
  });

  it('an answer without nonce will do', async () => {
    expect((await status(serve({ nonce: null }))).status).toBe('good');
  });

  it('an answer about another certificate is none', async () => {
    const request = ocspRequest(x509(both), x509(root), randomBytes(16));
    const body = await testOcspResponse(request, { signer: root, nonce: null });
    expect((await status(() => ({ body }))).status).toBe('unknown');
  });

  it.each<[string, FakeServer]>([
    ['fails', () => ({ status: 500 })],
    ['answers tryLater', () => ({ body: der(0x30, der(0x0a, Buffer.of(3))) })],
    [
      'answers with another kind',
      () => ({
        body: der(0x30, der(0x0a, Buffer.of(0)), der(0xa0, der(0x30, derObjectIdentifier('1.2.3'), der(0x04)))),
      }),
    ],
    ['answers with a page', () => ({ body: '<html>' })],
    ['answers without end', () => ({ body: Buffer.alloc(70_000, 0x30) })],
    [
      'is not there',
      () => {
        throw new TypeError('refused');
      },
    ],
  ])('a responder that %s says nothing, and is not asked again at once', async (_, server) => {
    const { status: found, ports } = await status(server);
    expect(found).toBe('unknown');
    await revocationStatus(x509(client), x509(root), ports);
    expect(ports.httpRequests).toHaveLength(1);
    ports.clock.time += 31_000;
    await revocationStatus(x509(client), x509(root), ports);
    expect(ports.httpRequests).toHaveLength(2);
  });

  it('falls back to the revocation list', async () => {
    const list = await root.revocationList(['77']);
    const { status: found } = await status(
      ({ url: asked }) => (asked === listUrl ? { body: list } : { status: 503 }),
      both,
    );
    expect(found).toBe('revoked');
  });

  it('keeps an answer until the next one', async () => {
    const ports = fakePorts({ http: serve({ nextUpdate: new Date(fakePorts({}).clock.now() + 7_200_000) }) });
    const ask = () => revocationStatus(x509(client), x509(root), ports);
    expect(await Promise.all([ask(), ask()])).toEqual(['good', 'good']);
    ports.clock.time += 7_190_000;
    await ask();
    expect(ports.httpRequests).toHaveLength(1);
    ports.clock.time += 20_000;
    await ask();
    expect(ports.httpRequests).toHaveLength(2);
  });

  it('understands OpenSSL, and is understood by it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ocsp-'));
    try {
      const file = (name: string, content: string | Uint8Array) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const nonce = randomBytes(16);
      const issuer = file('root.pem', root.pem);
      const entry = (state: string) =>
        `${state}\t361231000000Z\t${state === 'R' ? '261101000000Z' : ''}\tFF01\tunknown\t/CN=client\n`;
      const answer = (state: 'V' | 'R') => {
        execFileSync(
          'openssl',
          [
            'ocsp',
            ...['-index', file('index.txt', entry(state)), '-CA', issuer, '-ndays', '1'],
            ...['-rsigner', file('responder.pem', responder.pem), '-rkey', key],
            ...['-reqin', file('request.der', ocspRequest(x509(client), x509(root), nonce))],
            ...['-respout', join(folder, 'response.der')],
          ],
          { stdio: 'pipe' },
        );
        return readOcspResponse(readFileSync(join(folder, 'response.der')), {
          certificate: x509(client),
          issuer: x509(root),
          nonce,
          now: Date.now(),
        }).status;
      };
      const key = file('responder.key', await responder.privateKeyPem());
      expect([answer('V'), answer('R')]).toEqual(['good', 'revoked']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('hostile bytes are an error with words, whatever they are', async () => {
    const nonce = randomBytes(16);
    const question = { certificate: x509(client), issuer: x509(root), nonce, now: at(2026, 3, 1).getTime() };
    const good = await testOcspResponse(ocspRequest(question.certificate, question.issuer, nonce), { signer: root });
    expect(readOcspResponse(good, question).status).toBe('good');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const bytes = Buffer.from(good);
        bytes[index] = (bytes[index] ?? 0) ^ flip;
        try {
          // The certificates beside the answer and its frame are not signed.
          expect(readOcspResponse(bytes, question).status).toBe('good');
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});
