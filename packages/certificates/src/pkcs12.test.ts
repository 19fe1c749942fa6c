import { createPrivateKey } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectIdentifier, readDer } from './der.ts';
import { Pkcs12Error, readPkcs12 } from './pkcs12.ts';
import { makePfx, selfSignedCertificate } from './testing/certificates.ts';
import { der } from './testing/der-writer.ts';

const certificate = selfSignedCertificate('client');

test.each(['aes-256', 'triple-des'] as const)('opens a PFX that is protected by %s', (protection) => {
  const pfx = makePfx(certificate, 'pässword', protection);
  // OpenSSL opens the same file, so it is not only this code that takes it for a PFX.
  createSecureContext({ pfx, passphrase: 'pässword' });
  const { certificate: read, privateKey } = readPkcs12(pfx, 'pässword');
  expect(read.equals(certificate.der)).toBe(true);
  const key = createPrivateKey({ key: privateKey ?? Buffer.alloc(0), format: 'der', type: 'pkcs8' });
  expect(key.equals(certificate.privateKey)).toBe(true);
});

test('refuses a wrong password', () => {
  expect(() => readPkcs12(makePfx(certificate, 'right', 'aes-256'), 'wrong')).toThrow(
    new Pkcs12Error('the password is wrong'),
  );
});

test('more rounds than are allowed are refused before they are spent', () => {
  const pfx = makePfx(certificate, 'x', 'aes-256');
  expect(readPkcs12(pfx, 'x', { maxIterations: 300 }).privateKey).not.toBeNull();
  expect(() => readPkcs12(pfx, 'x', { maxIterations: 299 })).toThrow(
    new Pkcs12Error('the PFX is malformed: the number of iterations is out of range'),
  );
});

test('a file that is far too large is refused before it is read', () => {
  expect(() => readPkcs12(Buffer.alloc(1_000_001, 0x30), '')).toThrow(
    new Pkcs12Error('it is larger than 1,000,000 bytes'),
  );
});

test('never throws anything but its own error, whatever is changed or cut', () => {
  const pfx = makePfx(certificate, 'x', 'triple-des');
  fc.assert(
    fc.property(fc.nat(pfx.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, cut) => {
      const bytes = Buffer.from(cut ? pfx.subarray(0, at) : pfx);
      if (!cut) bytes[at] = (bytes[at] ?? 0) ^ change;
      try {
        readPkcs12(bytes, 'x');
      } catch (error) {
        expect(error).toBeInstanceOf(Pkcs12Error);
      }
    }),
    { numRuns: 500 },
  );
});

test('reads object identifiers as they are written', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1 }),
      fc.nat(39),
      fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: 6 }),
      (root, second, arcs) => {
        const dotted = [root, second, ...arcs].join('.');
        expect(objectIdentifier(readDer(der.identifier(dotted)))).toBe(dotted);
      },
    ),
  );
});
