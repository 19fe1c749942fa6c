import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

let folder: string;
let pfx: string;
let pem: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lazuli-pfx-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=client',
    '-keyout',
    file('key.pem'),
    '-out',
    file('cert.pem'),
  );
  openssl(
    'pkcs12',
    '-export',
    '-inkey',
    file('key.pem'),
    '-in',
    file('cert.pem'),
    '-out',
    file('c.pfx'),
    '-passout',
    'pass:secret',
  );
  pfx = readFileSync(file('c.pfx'), 'base64');
  pem = readFileSync(file('cert.pem'), 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true }));

const certificates = {
  client: { certificatePem: 'CERT', privateKeyPem: 'KEY' },
  AB12: { certificatePem: 'CERT', privateKeyPem: 'KEY' },
  bare: { certificatePem: 'CERT', privateKeyPem: null },
};
const certificateNames = Object.keys(certificates);
const run = (attributes: string) =>
  runPolicy({ inbound: `<authentication-certificate ${attributes} />` }, { certificates, certificateNames });

describe('authentication-certificate', () => {
  it.each(['certificate-id="client"', 'thumbprint="ab12"', 'thumbprint="@("ab 12")"'])(
    'finds by %s',
    async (attribute) => {
      const { exchange } = await run(attribute);
      expect(exchange.connection.certificate).toEqual({ certificatePem: 'CERT', privateKeyPem: 'KEY' });
    },
  );

  it('opens a PFX', async () => {
    const { exchange } = await run(`body="${pfx}" password="secret"`);
    expect(exchange.lastError).toBeNull();
    expect(exchange.connection.certificate?.certificatePem.trim()).toBe(pem.trim());
    expect(exchange.connection.certificate?.privateKeyPem).toContain('BEGIN PRIVATE KEY');
  });

  it.each([
    ['a wrong password', () => `body="${pfx}" password="wrong"`],
    ['bytes that are no PFX', () => 'body="AAAA"'],
    ['text that is not base64', () => 'body="@("???")"'],
    ['a number', () => 'body="@(1)"'],
  ])('%s is an error', async (_, attributes) => {
    expect((await run(attributes())).exchange.lastError?.reason).toBe('ExpressionValueEvaluationFailure');
  });

  it.each(['certificate-id="@("none")"', 'certificate-id="bare"'])('%s is an error', async (attribute) => {
    expect((await run(attribute)).exchange.lastError?.reason).toBe('CertificateNotFound');
  });

  it('goes with send-request too', async () => {
    const { exchange } = await runPolicy(
      {
        inbound:
          '<send-request response-variable-name="r"><set-url>https://a.example</set-url><authentication-certificate certificate-id="client" /></send-request>',
      },
      { certificates, certificateNames },
    );
    expect(exchange.ports.httpRequests[0]?.certificate).toEqual({ certificatePem: 'CERT', privateKeyPem: 'KEY' });
  });

  it('is named in one way, by something that exists', () => {
    const problems = (attributes: string) =>
      problemsOf({ inbound: `<authentication-certificate ${attributes} />` }, { certificateNames });
    expect(problems('')).toHaveLength(1);
    expect(problems('certificate-id="client" thumbprint="AB12"')).toHaveLength(1);
    expect(problems('certificate-id="client" password="x"')).toHaveLength(1);
    expect(problems('certificate-id="nobody"')).toEqual([
      expect.stringContaining("Certificate with id 'nobody' could not be found."),
    ]);
  });
});
