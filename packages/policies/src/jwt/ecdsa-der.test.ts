import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { ecdsaToDer } from './ecdsa-der.ts';

const derOf = (signature: string): string | null => {
  const bytes = Buffer.from(signature, 'hex');
  const der = ecdsaToDer(bytes, bytes.length >> 1);
  return der && Buffer.from(der).toString('hex');
};

test('numbers lose their leading zeros', () => {
  expect(derOf('00010002')).toBe('3006020101020102');
  expect(derOf('00000000')).toBe('3006020100020100');
});

test('a number with its highest bit set gets a zero', () => {
  expect(derOf('80ff0080')).toBe('300902030080ff02020080');
});

test('a signature of another length than that of the curve is none', () => {
  expect([
    ecdsaToDer(new Uint8Array(63), 32),
    ecdsaToDer(new Uint8Array(65), 32),
    ecdsaToDer(new Uint8Array(0), 0),
  ]).toEqual([null, null, null]);
});

test.each([
  ['prime256v1', 32],
  ['secp384r1', 48],
  ['secp521r1', 66],
])('signatures of %s are good in the other form', (namedCurve, half) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  for (let i = 0; i < 300; i++) {
    const data = Buffer.from(`message ${i}`);
    const der = ecdsaToDer(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }), half);
    expect(der && verify('sha256', data, publicKey, der)).toBe(true);
  }
});
