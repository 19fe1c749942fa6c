import { describe, expect, test } from 'vitest';
import { Universe } from '../bind/universe.ts';
import { surface } from './index.ts';
import { parseSignature } from './signature.ts';

const universe = new Universe(surface);

describe('the declared surface', () => {
  test.each([...universe.definitions].map((definition) => [definition.fullName, definition] as const))(
    '%s names only types that are declared',
    (_name, definition) => {
      for (const [key, implementation] of Object.entries(definition.declaration.members ?? {})) {
        expect(() => definition.makeMember(parseSignature(key), implementation, key)).not.toThrow();
      }
      expect(() => [definition.base, definition.interfaces, definition.invoke]).not.toThrow();
    },
  );

  test('declares every type of the documentation page that belongs to System', () => {
    const names =
      'Array BitConverter Boolean Byte Char Convert DateTime DateTimeKind DateTimeOffset Decimal Double Enum Exception Guid Int16 Int32 Int64 Math MidpointRounding Random SByte Single String StringComparer StringComparison StringSplitOptions TimeSpan TimeZoneInfo UInt16 UInt32 UInt64 Uri UriPartial';
    const missing = names.split(' ').filter((name) => !universe.find(`System.${name}`, 0));
    expect(missing).toEqual([]);
  });
});
