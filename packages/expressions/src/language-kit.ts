import { describe, expect, it } from 'vitest';
import { Boxed, type Uniform } from './runtime/values.ts';
import { run } from './test-kit.ts';

export const double = (value: number) => new Boxed('System.Double', value);
export const char = (value: string) => new Boxed('System.Char', value.charCodeAt(0));
export const boxed = (type: string, value: number | bigint) => new Boxed(`System.${type}`, value);

/** Source (an expression, or statements when it holds a `return`) and the UNIFORM value it gives. */
export type Row = readonly [source: string, value: Uniform];

const wrap = (source: string) =>
  /\breturn\b/.test(source) || source.includes('for (;;)') ? `@{ ${source} }` : `@(${source})`;

/** A test for every row. */
export function describeTables(tables: Readonly<Record<string, readonly Row[]>>): void {
  for (const [name, rows] of Object.entries(tables)) {
    describe(name, () => {
      it.each(rows)('%s', (source, value) => {
        expect(run(wrap(source))).toEqual(value);
      });
    });
  }
}
