import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseName, partsOfLines, sameName } from './distinguished-name.ts';

test.each([
  ['CN=a', [['CN', 'a']]],
  [
    'C=US, ST=Illinois,O = Contoso Corp. , CN=*.contoso.com',
    [
      ['C', 'US'],
      ['ST', 'Illinois'],
      ['O', 'Contoso Corp.'],
      ['CN', '*.contoso.com'],
    ],
  ],
  [
    'O="Contoso, Ltd.", cn=a',
    [
      ['O', 'Contoso, Ltd.'],
      ['CN', 'a'],
    ],
  ],
  [
    'O=Contoso\\, Ltd., CN=a\\2Cb',
    [
      ['O', 'Contoso, Ltd.'],
      ['CN', 'a,b'],
    ],
  ],
  [
    'S=x, E=a@b.c',
    [
      ['ST', 'x'],
      ['EMAILADDRESS', 'a@b.c'],
    ],
  ],
  ['', []],
  ['no name', []],
  ['CN=a, b', []],
])('%s', (text, parts) => {
  expect(parseName(text)).toEqual(parts);
});

test('a name that cannot be read equals nothing', () => {
  expect(sameName(parseName(''), partsOfLines(''))).toBe(false);
});

test('never hangs or throws', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void parseName(text)));
  expect(parseName(`CN=${'\\'.repeat(200_001)}`)).toEqual([]);
  expect(parseName(`CN="${'a'.repeat(200_000)}`)).toHaveLength(1);
});
