import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatewayToken, readGatewayToken } from './gateway-token.ts';

const expiry = Date.parse('2030-01-02T03:04:00Z');

test('a token says whose it is and until when, to who has the key', () => {
  const read = readGatewayToken(gatewayToken('edge', expiry, 'key'));
  expect([read?.gateway, read?.expiry]).toEqual(['edge', expiry]);
  expect(read?.isSignedBy(['other', 'key'])).toBe(true);
  expect(read?.isSignedBy(['other', ''])).toBe(false);
});

test('a key that is not there signs for nobody', () => {
  expect(readGatewayToken(gatewayToken('edge', expiry, ''))?.isSignedBy(['', ''])).toBe(false);
});

test('no altered token counts', () => {
  const token = gatewayToken('edge', expiry, 'key');
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
      const altered = token.slice(0, at) + character + token.slice(at + 1);
      fc.pre(altered !== token);
      const read = readGatewayToken(altered);
      // The last character before the padding carries bits that base64 drops.
      const isSame = read !== null && altered.slice(0, -3) === token.slice(0, -3);
      expect(isSame || read?.isSignedBy(['key']) !== true).toBe(true);
    }),
  );
});

test('anything else is no token', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => readGatewayToken(text) === null));
  expect(readGatewayToken('x'.repeat(100_000))).toBeNull();
});
