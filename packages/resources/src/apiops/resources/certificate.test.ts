import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FolderInMemory } from '../../folder/folder-in-memory.ts';
import { readServiceFolder } from '../folder-reader.ts';

/** OpenSSL makes the key and the PFX files: what it writes is what people have. */
let directory = '';
let certificatePem = '';
let keyPem = '';

function openssl(...parameters: readonly string[]): void {
  execFileSync('openssl', parameters, { cwd: directory, stdio: 'pipe' });
}

function pfx(password: string): Buffer {
  const files = ['-export', '-inkey', 'key.pem', '-in', 'cert.pem', '-out', 'out.pfx'];
  openssl('pkcs12', ...files, '-passout', `pass:${password}`);
  return readFileSync(join(directory, 'out.pfx'));
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lazuli-certificates-'));
  const files = ['-keyout', 'key.pem', '-out', 'cert.pem'];
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=test', '-days', '2', ...files);
  certificatePem = readFileSync(join(directory, 'cert.pem'), 'utf8');
  keyPem = readFileSync(join(directory, 'key.pem'), 'utf8');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('certificates of the folder', () => {
  const path = 'certificates/my-cert/certificateInformation.json';

  test('come from the environment', async () => {
    const environment = {
      LAZULI_CERTIFICATE_MY_CERT_DATA: pfx('secret').toString('base64'),
      LAZULI_CERTIFICATE_MY_CERT_PASSWORD: 'secret',
    };
    const { model, diagnostics } = await readServiceFolder(new FolderInMemory({ [path]: {} }), { environment });
    expect(diagnostics).toEqual([]);
    const thumbprint = new X509Certificate(certificatePem).fingerprint.replaceAll(':', '');
    expect(model.certificates).toMatchObject([{ name: 'my-cert', thumbprint }]);
  });

  test('come from the secrets file', async () => {
    const secrets = { certificates: { 'my-cert': { data: certificatePem + keyPem } } };
    const { model, diagnostics } = await readServiceFolder(
      new FolderInMemory({ [path]: {}, 'secrets.local.json': secrets }),
    );
    expect(diagnostics).toEqual([]);
    expect(model.certificates.length).toBe(1);
  });

  test('come from a file beside, with a warning where it holds a key', async () => {
    const read = async (name: string, bytes: Uint8Array): Promise<string[]> => {
      const files = { [path]: { file: name, password: 'secret' }, [`certificates/my-cert/${name}`]: bytes };
      const { model, diagnostics } = await readServiceFolder(new FolderInMemory(files));
      expect(model.certificates.length).toBe(1);
      return diagnostics.map(({ code }) => code);
    };
    expect(await read('cert.pem', Buffer.from(certificatePem))).toEqual([]);
    expect(await read('cert.pfx', pfx('secret'))).toEqual(['SecretInFolder']);
  });

  test('a file outside the folder of the certificate is not read', async () => {
    const files = { [path]: { file: '../cert.pem' }, 'certificates/cert.pem': certificatePem };
    const { model, diagnostics } = await readServiceFolder(new FolderInMemory(files));
    expect(model.certificates).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'InvalidCertificate' }]);
  });

  test('a wrong password is said, and not shown', async () => {
    const files = { [path]: { data: pfx('secret').toString('base64'), password: 'mistaken' } };
    const { diagnostics } = await readServiceFolder(new FolderInMemory(files));
    expect(diagnostics).toMatchObject([
      { code: 'InvalidCertificate', message: "The certificate 'my-cert' cannot be read: the password is wrong." },
    ]);
  });
});
