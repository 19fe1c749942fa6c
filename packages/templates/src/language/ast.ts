import type { JsonValue } from '../json/values.ts';

/** One expression of the template language; `at` is the place in its text, from 0. */
export type Expression = Literal | Call | Access;

export interface Literal {
  readonly kind: 'literal';
  readonly value: JsonValue;
  readonly at: number;
}

export interface Call {
  readonly kind: 'call';
  /** `contoso` of `contoso.uniqueName('x')`. */
  readonly namespace?: string;
  readonly name: string;
  readonly args: readonly Expression[];
  readonly at: number;
}

/** `target.name` or `target[key]` */
export interface Access {
  readonly kind: 'access';
  readonly target: Expression;
  readonly key: Expression;
  readonly at: number;
}
