import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalAuthority } from './local-authority.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lazuli-authority-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const names = ['localhost', '127.0.0.1', '::1'];

describe('the local certificate authority', () => {
  it('makes a certificate that a TLS client accepts when it trusts the authority, and only then', async () => {
    const authority = await openLocalAuthority(folder);
    const pair = await authority.serverCertificate(names);
    const server = createServer({ cert: pair.certificatePem, key: pair.privateKeyPem }, (_, response) =>
      response.end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const handshake = (ca: string | undefined, servername: string) =>
      new Promise<string>((resolve) => {
        const socket = connect({ port, host: '127.0.0.1', servername, ca }, () => {
          socket.destroy();
          resolve('trusted');
        });
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      });
    expect(await handshake(authority.certificatePem, 'localhost')).toBe('trusted');
    expect(await handshake(authority.certificatePem, 'elsewhere.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await handshake(undefined, 'localhost')).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    await new Promise((resolve) => server.close(resolve));
  });

  it('keeps both pairs across starts, private keys readable by their owner only', async () => {
    const first = await (await openLocalAuthority(folder)).serverCertificate(names);
    const second = await (await openLocalAuthority(folder)).serverCertificate(names);
    expect(second).toEqual(first);
    for (const file of ['authority.key', 'server.key'])
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('makes a new server certificate when a name is missing and when the old one is about to end', async () => {
    const authority = await openLocalAuthority(folder);
    const first = await authority.serverCertificate(names);
    const wider = await authority.serverCertificate([...names, 'api.contoso.test']);
    expect(wider.certificatePem).not.toBe(first.certificatePem);
    expect(new X509Certificate(wider.certificatePem).checkHost('api.contoso.test')).toBe('api.contoso.test');
    const inAYear = () => Date.now() + 380 * 24 * 60 * 60 * 1000;
    const renewed = await (await openLocalAuthority(folder, inAYear)).serverCertificate(names);
    expect(renewed.certificatePem).not.toBe(wider.certificatePem);
    expect(await readFile(authority.certificateFile, 'utf8')).toBe(authority.certificatePem);
  });

  it('says which files are broken instead of replacing an authority that people trust', async () => {
    await openLocalAuthority(folder);
    await writeFile(join(folder, 'authority.crt'), 'not a certificate');
    await expect(openLocalAuthority(folder)).rejects.toThrow(/authority\.crt .* not a certificate and its key/);
  });
});
