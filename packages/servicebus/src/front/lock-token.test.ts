import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dotnetTicks, swapGuid } from './lock-token.ts';

it('turns the first three groups of a GUID around, there and back', () => {
  const token = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  expect(swapGuid(token).toString('hex')).toBe('33221100554477668899aabbccddeeff');
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const copy = Buffer.from(bytes);
      expect(swapGuid(swapGuid(bytes))).toEqual(copy);
      expect(Buffer.from(bytes)).toEqual(copy);
    }),
  );
});

it('counts in ticks as .NET does', () => {
  expect(dotnetTicks(0)).toBe(621_355_968_000_000_000n);
  expect(dotnetTicks(Date.UTC(2026, 0, 1))).toBe(639_028_224_000_000_000n);
});
