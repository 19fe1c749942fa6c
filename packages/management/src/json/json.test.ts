import { describe, expect, it } from 'vitest';
import { mergePatch, sameJson } from './json.ts';
import { readJsonObject } from './read-json.ts';

describe('merge-patch', () => {
  it('follows RFC 7396 but for tags, which it replaces, and for case, which it ignores', () => {
    const stored = { tags: { a: '1' }, properties: { x: 1, y: { z: 2, w: 3 }, list: [1, 2] } };
    expect(mergePatch(stored, { tags: { b: '2' }, PROPERTIES: { X: null, y: { z: 9 }, list: [3] } })).toEqual({
      tags: { b: '2' },
      properties: { y: { z: 9, w: 3 }, list: [3] },
    });
    expect(stored.properties.x).toBe(1);
    expect(mergePatch({ a: 1 }, { b: { c: null, d: 1 } })).toEqual({ a: 1, b: { d: 1 } });
  });
});

describe('JSON', () => {
  it('is the same whatever the order of members', () => {
    expect(sameJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
    expect(sameJson({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(sameJson([1], { 0: 1 })).toBe(false);
  });

  it('is read from UTF-8 only, an empty body as an empty object', () => {
    expect(readJsonObject(Buffer.from(' '))).toEqual({});
    expect(readJsonObject(Buffer.from('\ufeff{"a":"ü"}'))).toEqual({ a: 'ü' });
    expect(() => readJsonObject(Buffer.from([0x7b, 0xff, 0x7d]))).toThrow(/UTF-8/);
    expect(() => readJsonObject(Buffer.from('"x"'))).toThrow(/expected a JSON object/);
    expect(() => readJsonObject(Buffer.from(`{"a":${'['.repeat(101)}${']'.repeat(101)}}`))).toThrow(
      /nested more than 100/,
    );
  });
});
