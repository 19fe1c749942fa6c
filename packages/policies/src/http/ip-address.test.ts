import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBetween, parseIpAddress } from './ip-address.ts';

test.each([
  ['0.0.0.0', 4, 0n],
  ['255.255.255.255', 4, 0xffffffffn],
  ['10.0.0.1', 4, 0x0a000001n],
  ['::', 6, 0n],
  ['::1', 6, 1n],
  ['2001:db8::', 6, 0x20010db8n << 96n],
  ['2001:DB8:0:0:0:0:0:1', 6, (0x20010db8n << 96n) + 1n],
  ['fe80::1%eth0', 6, (0xfe80n << 112n) + 1n],
  ['::ffff:10.0.0.1', 4, 0x0a000001n],
  ['64:ff9b::10.0.0.1', 6, (0x64ff9bn << 96n) + 0x0a000001n],
])('%s', (text, family, value) => {
  expect(parseIpAddress(text)).toEqual({ family, value });
});

test.each(['', 'x', '10.0.0', '10.0.0.256', '10.0.0.1/8', '1:2:3', '::1::', '010.0.0.1 '])('%s is none', (text) => {
  expect(parseIpAddress(text)).toBeUndefined();
});

test('every address that the platform writes is read as its number', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), (groups) => {
      const long = groups.map((group) => group.toString(16)).join(':');
      const short = new URL(`http://[${long}]`).hostname.slice(1, -1);
      expect(parseIpAddress(short)).toEqual(parseIpAddress(long));
    }),
  );
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), (a, b) => {
      const [one, other] = [parseIpAddress(a)!, parseIpAddress(b)!];
      const [low, high] = one.value <= other.value ? [one, other] : [other, one];
      expect(isBetween(one, low, high) && isBetween(other, low, high)).toBe(true);
      expect(isBetween({ family: 4, value: high.value + 1n }, low, high)).toBe(false);
      expect(isBetween({ family: 6, value: one.value }, low, high)).toBe(false);
    }),
  );
});
