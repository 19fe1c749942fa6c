import { expect, it } from 'vitest';
import { invocation } from './invocation.ts';

it('is that of npm in a clone, and the name of the program elsewhere', () => {
  expect(invocation({ npm_lifecycle_event: 'lazuli' })).toBe('npm run -s lazuli --');
  expect(invocation({ npm_lifecycle_event: 'test' })).toBe('lazuli');
  expect(invocation({})).toBe('lazuli');
});
