import { stepThrough } from '../../runtime/enumerate.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import { Sequence } from '../../runtime/sequence.ts';
import type { Uniform } from '../../runtime/values.ts';

/** A delegate argument over UNIFORM values. */
export type Fn = (...args: Uniform[]) => Uniform;

/** Throws ArgumentNullException. LINQ checks its arguments at once, before anything is enumerated. */
export function required<T>(value: T | null, parameter: string): T {
  if (value === null) throw argumentNull(parameter);
  return value;
}

/** A deferred sequence over a source that is checked now. */
export function lazy(source: Uniform, make: () => Iterator<Uniform>, parameter = 'source'): Sequence {
  required(source, parameter);
  return new Sequence(make);
}

/** The elements with their indexes. */
export function* indexed(source: Uniform): Generator<[Uniform, number], undefined> {
  let index = 0;
  for (const item of stepThrough(source)) yield [item, index++];
}
