import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seal, unseal } from './envelope.ts';
import { FileKeys } from './file-keys.ts';
import { KeyRing, keySourcesOf, openKeyRing } from './key-ring.ts';
import { LocalKeys } from './local-keys.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lazuli-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file of keys', () => {
  test('is made with mode 0600 when it is first needed, and nothing is left beside it', () => {
    const path = join(folder, 'new', 'store.keys');
    const keys = new FileKeys(path, true);
    expect(keys.currentKeyId()).toBeUndefined();
    const { keyId } = keys.wrap(randomBytes(32), Buffer.alloc(0));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    expect(new FileKeys(path, true).currentKeyId()).toBe(keyId);
    keys.addKey();
    expect(keys.has(keyId)).toBe(true);
    expect(keys.currentKeyId()).not.toBe(keyId);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'new'))).toEqual(['store.keys']);
  });

  test.each([
    ['missing', undefined, 0o600, 'there is no file'],
    ['readable by others', randomBytes(32).toString('base64'), 0o640, 'others may read it (mode 640; expected 600)'],
    ['empty', '# nothing\n\n', 0o600, 'holds no key'],
    ['a short key', Buffer.alloc(16).toString('base64'), 0o600, 'line 1'],
    ['no Base64', '*'.repeat(44), 0o600, 'line 1'],
    ['too long', 'A'.repeat(70_000), 0o600, 'no file of keys'],
  ])('is refused when it is %s, without showing what is in it', (_, text, mode, message) => {
    const path = join(folder, 'keys');
    if (text !== undefined) {
      writeFileSync(path, text);
      chmodSync(path, mode);
    }
    let failed: unknown;
    try {
      new FileKeys(path, false);
    } catch (error) {
      failed = error;
    }
    expect(failed).toMatchObject({ code: 'KeyUnusable', message: expect.stringContaining(message) });
    if (text) expect(String(failed)).not.toContain(text.trim().slice(0, 20));
  });
});

describe('the environment', () => {
  test('names sources, the token first, then the file, then keys', () => {
    expect(keySourcesOf({})).toEqual([]);
    expect(
      keySourcesOf({ LAZULI_KEK: 'a, b', LAZULI_KEK_FILE: '/k', LAZULI_KEK_PKCS11: 'pkcs11:token=a pkcs11:token=b' }),
    ).toEqual([
      { kind: 'pkcs11', uri: 'pkcs11:token=a' },
      { kind: 'pkcs11', uri: 'pkcs11:token=b' },
      { kind: 'file', path: '/k' },
      { kind: 'keys', keys: ['a', 'b'] },
    ]);
  });

  test('a key that is none is refused without being repeated', async () => {
    const failed = openKeyRing(keySourcesOf({ LAZULI_KEK: 'hunter2' }));
    await expect(failed).rejects.toMatchObject({
      code: 'KeyUnusable',
      message: expect.not.stringContaining('hunter2'),
    });
  });
});

describe('the envelope', () => {
  const ring = new KeyRing([new LocalKeys([randomBytes(32)])]);

  test('gives back what was sealed, for the same resource and field only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), fc.nat(), (value, key, field, at) => {
        const { dataKey, fields } = seal(ring, key, new Map([[field, value]]));
        const { nonce, ciphertext } = fields.get(field)!;
        const stored = { field, nonce, ciphertext, dataKeyId: dataKey.id, wrappedKey: dataKey };
        expect(unseal(ring, key, stored)).toBe(value);
        const refused = expect.objectContaining({ code: 'SecretUndecryptable' });
        expect(() => unseal(ring, `${key}x`, stored)).toThrow(refused);
        expect(() => unseal(ring, key, { ...stored, field: `${field}x` })).toThrow(refused);
        const altered = Buffer.from(ciphertext);
        altered[at % altered.length]! ^= 1;
        expect(() => unseal(ring, key, { ...stored, ciphertext: altered })).toThrow(refused);
        expect(() => unseal(ring, key, { ...stored, ciphertext: ciphertext.subarray(1) })).toThrow(refused);
      }),
      { numRuns: 50 },
    );
  });
});
