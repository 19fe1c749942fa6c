import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSqlite } from '../testing/harness.ts';
import { put } from '../testing/resources.ts';
import { openPkcs11Key } from './pkcs11-key.ts';

const library = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
].find((path) => existsSync(path));
const addon = await import('pkcs11js').then(
  () => true,
  () => false,
);
const missing = [
  library === undefined && 'SoftHSM (apt-get install softhsm2)',
  spawnSync('pkcs11-tool', ['--help']).error !== undefined && 'pkcs11-tool (apt-get install opensc)',
  !addon && 'pkcs11js (npm could not build it)',
].filter((name) => name !== false);
if (missing.length > 0) {
  const message = `keys in a PKCS#11 token: ${missing.join(', ')} missing`;
  // The add-on is optional: npm goes on where it cannot be built.
  if (process.env.CI === 'true' && addon) throw new Error(message);
  console.warn(`\n*** NOT TESTED: ${message}. ***\n`);
}

describe.skipIf(missing.length > 0)('keys in a PKCS#11 token', () => {
  const pin = '1234';
  let folder = '';
  const uri = (object: string, more = ''): string =>
    `pkcs11:token=lazuli%20test;object=${object}?module-path=${library}&pin-source=file:${join(folder, 'pin')}${more}`;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazuli-softhsm-'));
    const config = join(folder, 'softhsm2.conf');
    writeFileSync(config, `directories.tokendir = ${folder}\nobjectstore.backend = file\n`);
    writeFileSync(join(folder, 'pin'), `${pin}\n`, { mode: 0o600 });
    process.env.SOFTHSM2_CONF = config;
    const tool = (...args: string[]): void => {
      execFileSync('pkcs11-tool', ['--module', library ?? '', ...args], { stdio: 'ignore' });
    };
    tool('--init-token', '--slot-index', '0', '--label', 'lazuli test', '--so-pin', '5678');
    tool(
      '--token-label',
      'lazuli test',
      '--login',
      '--login-type',
      'so',
      '--so-pin',
      '5678',
      '--init-pin',
      '--pin',
      pin,
    );
    for (const label of ['first', 'second']) {
      tool(
        '--token-label',
        'lazuli test',
        '--login',
        '--pin',
        pin,
        '--keygen',
        '--key-type',
        'AES:32',
        '--label',
        label,
      );
    }
  });
  afterAll(() => {
    delete process.env.SOFTHSM2_CONF;
    rmSync(folder, { recursive: true, force: true });
  });

  test('the token wraps a data key, and unwraps it for the same purpose only', async () => {
    const provider = await openPkcs11Key(uri('first'));
    const [dataKey, aad] = [Buffer.alloc(32, 7), Buffer.from('this resource')];
    const wrapped = provider.wrap(dataKey, aad);
    expect(wrapped.wrapped).toHaveLength(12 + 32 + 16);
    expect(provider.unwrap(wrapped, aad)).toEqual(dataKey);
    expect(provider.unwrap(wrapped, Buffer.from('that resource'))).toBeUndefined();
    const altered = Buffer.from(wrapped.wrapped);
    altered[20] = altered[20]! ^ 1;
    expect(provider.unwrap({ ...wrapped, wrapped: altered }, aad)).toBeUndefined();
    // What failed leaves the session usable.
    expect(provider.unwrap(wrapped, aad)).toEqual(dataKey);
    provider.close();
  });

  test('a store keeps its secrets under a key of the token, moves to another, and from a file', async () => {
    await using db = await createSqlite();
    const before = await db.open();
    await before.change([put('/a', {}, { secrets: { s: 'from the file' } })]);
    const keyFile = { kind: 'file', path: join(db.folder, 'keys') } as const;
    const moving = await db.open({ keys: [{ kind: 'pkcs11', uri: uri('first') }, keyFile] });
    expect(await moving.rotateKeys()).toMatchObject({ rewrapped: 1, keyId: expect.stringMatching(/^pkcs11-/) });
    await expect(moving.rotateKeys({ newKey: true })).rejects.toMatchObject({ code: 'KeysFixed' });
    const env = { LAZULI_KEK_PKCS11: `${uri('second')} ${uri('first')}` };
    const store = await db.open({ keys: undefined, env });
    await store.change([put('/b', {}, { secrets: { s: 'from the token' } })]);
    expect(await store.rotateKeys()).toMatchObject({ rewrapped: 1 });
    expect(await store.readSecrets('/a')).toEqual(new Map([['s', 'from the file']]));
    expect(await store.check()).toMatchObject({ ok: true, secrets: 2 });
    await expect(before.readSecrets('/a')).rejects.toMatchObject({ code: 'KeyMissing' });
  });

  test.each([
    ['another token', () => uri('first').replace('lazuli%20test', 'other'), "no PKCS#11 token 'other'"],
    ['a missing key', () => uri('third'), "no secret key 'third'"],
    ['a missing module', () => uri('first').replace(library ?? '', '/no/such/module.so'), 'token'],
    ['a wrong PIN', () => uri('first').replace(/&pin-source.*/, '&pin-value=0000'), 'CKR_PIN_INCORRECT'],
    ['a missing PIN', () => uri('first').replace(/&pin-source.*/, ''), "no 'pin-source'"],
    ['a missing file of the PIN', () => uri('first', '-gone'), 'the PIN cannot be read'],
    ['an unknown attribute', () => uri('first', '&x=1'), "the attribute 'x'"],
    ['no URI', () => 'token=x', "begins with 'pkcs11:'"],
    ['broken encoding', () => 'pkcs11:token=%zz', 'percent-encoded'],
  ])('%s is named', async (_, given, message) => {
    const failed = await openPkcs11Key(given()).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'KeyUnusable', message: expect.stringContaining(message) });
  });
});
