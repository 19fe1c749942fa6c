import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from './normalise.ts';
import { any, array, boolean, integer, map, object, type Schema, string } from './schema.ts';

const run = (schema: Schema, raw: unknown, stored?: unknown, isMerged = false) =>
  normalise(
    { properties: schema },
    {
      raw: { properties: raw as never },
      stored: stored === undefined ? undefined : { properties: stored as never },
      storedSecrets: stored === undefined ? [] : ['properties/key'],
      isMerged,
    },
  );
const targets = (schema: Schema, raw: unknown, stored?: unknown) =>
  run(schema, raw, stored).problems.map(({ target, code }) => [target, code]);

describe('a body', () => {
  it('gets the spelling of the schema, its defaults, and keeps what the schema does not name', () => {
    const schema = object({
      displayName: string(),
      state: string({ values: ['notPublished', 'published'] }),
      size: integer({ default: 1 }),
    });
    expect(run(schema, { DISPLAYNAME: 'x', state: 'PUBLISHED', extra: [1] }).body).toEqual({
      properties: { displayName: 'x', state: 'published', size: 1, extra: [1] },
    });
  });

  it('has every problem reported, with its place', () => {
    const schema = object(
      {
        name: string({ required: true }),
        short: string({ maxLength: 2 }),
        when: string({ format: 'date-time' }),
        list: array(object({ n: integer({ minimum: 1, maximum: 5 }) }), { maxItems: 3 }),
        flag: boolean(),
      },
      { additional: 'refuse' },
    );
    const raw = { short: 'abc', when: 'soon', list: [{ n: 1 }, { n: 9 }, 'x'], flag: 'maybe', other: 1 };
    expect(targets(schema, raw)).toEqual([
      ['properties.name', 'MissingProperty'],
      ['properties.short', 'InvalidValue'],
      ['properties.when', 'InvalidValue'],
      ['properties.list[1].n', 'InvalidValue'],
      ['properties.list[2]', 'InvalidValue'],
      ['properties.flag', 'InvalidValue'],
      ['properties.other', 'UnknownProperty'],
    ]);
  });

  it('keeps read-only members as they are stored and members that are fixed at creation as they were', () => {
    const schema = object({
      state: string({ readOnly: true, default: 'New' }),
      kind: string({ createOnly: true }),
      sticky: string({ sticky: true }),
    });
    expect(run(schema, { state: 'mine' }).body).toEqual({ properties: { state: 'New' } });
    expect(run(schema, {}, { state: 'Old', kind: 'a', sticky: 's' }).body).toEqual({
      properties: { state: 'Old', kind: 'a', sticky: 's' },
    });
    expect(targets(schema, { kind: 'b' }, { kind: 'a' })).toEqual([['properties.kind', 'PropertyChangeNotAllowed']]);
    expect(run(schema, {}, { state: 'Old', sticky: 's' }, true).body).toEqual({ properties: { state: 'Old' } });
  });

  it('gives its secrets away, and may leave out those that are stored', () => {
    const schema = object({ key: string({ secret: true, required: true }) });
    const made = run(schema, { key: 'k' });
    expect([made.body, [...made.secrets]]).toEqual([{ properties: {} }, [['properties/key', 'k']]]);
    expect(targets(schema, {})).toEqual([['properties.key', 'MissingProperty']]);
    expect(targets(schema, {}, {})).toEqual([]);
    expect(run(object({ key: string({ secret: true }) }), { key: null }, {}).removedSecrets).toEqual([
      'properties/key',
    ]);
    const conditional = object({ key: string({ secret: (body) => JSON.stringify(body).includes('"secret":true') }) });
    expect(run(conditional, { key: 'k', secret: true }).secrets.size).toBe(1);
    expect(run(conditional, { key: 'k', secret: false }).body).toEqual({ properties: { key: 'k', secret: false } });
  });

  it('takes null as missing unless it may be a value', () => {
    expect(run(object({ a: string({ nullable: true }), b: string() }), { a: null, b: null }).body).toEqual({
      properties: { a: null },
    });
    expect(run(map(string()), { x: '1', y: 2 }).body).toEqual({ properties: { x: '1', y: '2' } });
  });

  it('comes out of itself unchanged, whatever it is', () => {
    const schema = object({ a: string(), b: any(), c: array(any()), d: object({ e: integer({ default: 2 }) }) });
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 4 })), (raw) => {
        const once = run(schema, raw);
        if (once.problems.length > 0) return;
        expect(run(schema, once.body.properties).body).toEqual(once.body);
      }),
    );
  });
});
