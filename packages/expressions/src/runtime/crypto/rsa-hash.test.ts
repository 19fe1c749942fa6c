import { constants, createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signHash, verifyHash } from './rsa-hash.ts';

const hashes = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
const settings = {
  Pkcs1: { padding: constants.RSA_PKCS1_PADDING },
  Pss: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
} as const;
const message = Buffer.from('what do ya want for nothing?');

// 2049 and 2056 bits: the encoded message of PSS is then as long as the modulus, or a byte shorter.
describe.each([2048, 2049, 2056])('a key of %i bits', (modulusLength) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });

  test.each(hashes.flatMap((hash) => (['Pkcs1', 'Pss'] as const).map((scheme) => [hash, scheme] as const)))(
    '%s with %s is what node:crypto makes of the message',
    (hash, scheme) => {
      const digest = createHash(hash).update(message).digest();
      const signature = signHash(privateKey, digest, hash, scheme);
      expect(verify(hash, message, { key: publicKey, ...settings[scheme] }, signature)).toBe(true);
      const theirs = sign(hash, message, { key: privateKey, ...settings[scheme] });
      expect(verifyHash(publicKey, digest, theirs, hash, scheme)).toBe(true);
    },
  );

  test('a signature that is changed, cut or of another hash is refused', () => {
    const digest = createHash('sha256').update(message).digest();
    for (const scheme of ['Pkcs1', 'Pss'] as const) {
      const signature = signHash(privateKey, digest, 'sha256', scheme);
      expect(verifyHash(publicKey, createHash('sha256').digest(), signature, 'sha256', scheme)).toBe(false);
      fc.assert(
        fc.property(fc.nat(signature.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, mask, cut) => {
          const changed = Buffer.from(cut ? signature.subarray(0, at) : signature);
          if (!cut) changed[at] = (changed[at] ?? 0) ^ mask;
          expect(verifyHash(publicKey, digest, changed, 'sha256', scheme)).toBe(false);
        }),
        { numRuns: 50 },
      );
    }
  });
});
