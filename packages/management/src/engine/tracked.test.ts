import { describe, expect, it } from 'vitest';
import { parseArmId } from '../ids/arm-id.ts';
import { defaultLocations } from '../locations.ts';
import { checkLocation, tagProblems } from './tracked.ts';

const id = parseArmId('/subscriptions/s/resourceGroups/g/providers/Contoso.Web/sites/x')!;
const check = (body: object, stored?: object) => {
  try {
    return checkLocation(body as never, stored as never, id, defaultLocations);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('tracked resources', () => {
  it('are in a region that is served, by either of its names, and stay there', () => {
    expect(check({ location: 'West Europe' })).toBe('westeurope');
    expect(check({ location: 'global' })).toBe('global');
    expect(check({})).toBe('LocationRequired');
    expect(check({ location: 'moon' })).toBe('LocationNotAvailableForResourceType');
    expect(check({}, { location: 'westeurope' })).toBe('westeurope');
    expect(check({ location: 'WESTEUROPE' }, { location: 'westeurope' })).toBe('westeurope');
    expect(check({ location: 'eastus' }, { location: 'westeurope' })).toBe('InvalidResourceLocation');
  });

  it.each([
    [{ a: '1' }, []],
    [undefined, []],
    ['x', ['tags']],
    [{ a: 1 }, ['tags.a']],
    [{ 'a?': '1' }, ['tags.a?']],
    [{ a: '1', A: '2' }, ['tags.A']],
    [{ a: 'x'.repeat(257) }, ['tags.a']],
    [Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, ''])), ['tags']],
  ])('have tags within Azure’s limits: %j', (tags, targets) => {
    expect(tagProblems(tags as never).map(({ target }) => target)).toEqual(targets);
  });
});
