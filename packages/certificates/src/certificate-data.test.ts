import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CertificateDataError, readCertificateData } from './certificate-data.ts';

/** OpenSSL makes the keys and the PFX files: what it writes is what people have. */
let directory = '';
let certificatePem = '';
let keyPem = '';

function openssl(...parameters: readonly string[]): void {
  execFileSync('openssl', parameters, { cwd: directory, stdio: 'pipe' });
}

function pfx(password: string, ...options: readonly string[]): Buffer {
  const files = ['-export', '-inkey', 'key.pem', '-in', 'cert.pem', '-out', 'out.pfx'];
  openssl('pkcs12', ...files, '-passout', `pass:${password}`, ...options);
  return readFileSync(join(directory, 'out.pfx'));
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lazuli-certificates-'));
  for (const name of ['', 'other-']) {
    const files = ['-keyout', `${name}key.pem`, '-out', `${name}cert.pem`];
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}test`, '-days', '2', ...files);
  }
  certificatePem = readFileSync(join(directory, 'cert.pem'), 'utf8');
  keyPem = readFileSync(join(directory, 'key.pem'), 'utf8');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function expectPair(read: { readonly certificatePem: string; readonly privateKeyPem: string | null }): void {
  const certificate = new X509Certificate(read.certificatePem);
  expect(certificate.fingerprint256).toBe(new X509Certificate(certificatePem).fingerprint256);
  expect(certificate.checkPrivateKey(createPrivateKey(read.privateKeyPem ?? ''))).toBe(true);
}

describe('a PFX of OpenSSL', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['as it is written today', 'secret', []],
    ['without a password', '', []],
    ['with letters beyond ASCII in the password', 'pässwörd', []],
    ['with AES-128', 'secret', ['-certpbe', 'AES-128-CBC', '-keypbe', 'AES-128-CBC']],
    ['with AES-192', 'secret', ['-certpbe', 'AES-192-CBC', '-keypbe', 'AES-192-CBC']],
    [
      'with 3DES, as Windows wrote it',
      'secret',
      ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    ],
    ['with SHA-384', 'secret', ['-macalg', 'sha384']],
    ['with SHA-512', 'secret', ['-macalg', 'sha512']],
    ['with nothing encrypted', 'secret', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
    ['without a checksum', 'secret', ['-nomac']],
    ['with another certificate beside its own', 'secret', ['-certfile', 'other-cert.pem']],
  ];
  test.each(cases)('%s', (_, password, options) => {
    const bytes = pfx(password, ...options);
    expectPair(readCertificateData(bytes, password));
    expectPair(readCertificateData(bytes.toString('base64').replace(/.{64}/g, '$&\n'), password));
  });

  test('with a wrong password', () => {
    expect(() => readCertificateData(pfx('secret'), 'wrong')).toThrow(
      new CertificateDataError('the password is wrong'),
    );
    expect(() => readCertificateData(pfx('secret', '-nomac'), 'wrong')).toThrow(CertificateDataError);
  });

  test('without a key', () => {
    const { certificatePem: read, privateKeyPem } = readCertificateData(pfx('secret', '-nokeys'), 'secret');
    expect(new X509Certificate(read).subject).toBe('CN=test');
    expect(privateKeyPem).toBeNull();
  });

  test('that is damaged at any place never gives another error', () => {
    const bytes = pfx('secret', '-iter', '1', '-maciter');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, mask, cut) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ mask;
        try {
          readCertificateData(cut ? damaged.subarray(0, at) : damaged, 'secret');
        } catch (error) {
          expect(error).toBeInstanceOf(CertificateDataError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('PEM and DER', () => {
  test('a certificate with its key, in either order', () => {
    expectPair(readCertificateData(certificatePem + keyPem, ''));
    expectPair(readCertificateData(Buffer.from(keyPem + certificatePem), ''));
  });

  test('a key under a password', () => {
    const locked = createPrivateKey(keyPem)
      .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' })
      .toString();
    expectPair(readCertificateData(certificatePem + locked, 'secret'));
    expect(() => readCertificateData(certificatePem + locked, 'wrong')).toThrow(CertificateDataError);
  });

  test('a bare certificate', () => {
    expect(readCertificateData(certificatePem, '').privateKeyPem).toBeNull();
    expect(readCertificateData(new X509Certificate(certificatePem).raw, '').privateKeyPem).toBeNull();
  });

  test('the key of another certificate is refused', () => {
    const other = readFileSync(join(directory, 'other-key.pem'), 'utf8');
    expect(() => readCertificateData(certificatePem + other, '')).toThrow(
      new CertificateDataError('the private key does not belong to the certificate'),
    );
  });

  test.each([
    '',
    'hello',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----',
  ])('%j is no certificate', (text) => {
    expect(() => readCertificateData(text, '')).toThrow(CertificateDataError);
  });
});
