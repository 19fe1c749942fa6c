/** Filters and actions as they were read. `at`: offset in the text. */
import type { SqlValue } from '../contract.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface Property {
  readonly kind: 'property';
  readonly at: number;
  readonly scope: 'sys' | 'user';
  readonly name: string;
}

/** `property(name)`, `p(name)`. */
export interface NamedProperty {
  readonly kind: 'namedProperty';
  readonly at: number;
  readonly name: Expression;
}

export type Expression =
  | { readonly kind: 'constant'; readonly at: number; readonly value: SqlValue }
  | { readonly kind: 'parameter'; readonly at: number; readonly name: string }
  | { readonly kind: 'newid'; readonly at: number }
  | Property
  | NamedProperty
  | {
      readonly kind: 'arithmetic';
      readonly at: number;
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'sign'; readonly at: number; readonly operator: '+' | '-'; readonly operand: Expression };

export type Predicate =
  | { readonly kind: 'and' | 'or'; readonly at: number; readonly operands: readonly Predicate[] }
  | { readonly kind: 'not'; readonly at: number; readonly operand: Predicate }
  | {
      readonly kind: 'comparison';
      readonly at: number;
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'isNull';
      readonly at: number;
      readonly negated: boolean;
      readonly operand: Property | NamedProperty;
    }
  | {
      readonly kind: 'in';
      readonly at: number;
      readonly negated: boolean;
      readonly operand: Expression;
      readonly candidates: readonly Expression[];
    }
  | {
      readonly kind: 'like';
      readonly at: number;
      readonly negated: boolean;
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | undefined;
    }
  | { readonly kind: 'exists'; readonly at: number; readonly operand: Property | NamedProperty }
  /** A Boolean value where a predicate stands. */
  | { readonly kind: 'truth'; readonly at: number; readonly operand: Expression };

export type Statement =
  | { readonly kind: 'set'; readonly at: number; readonly target: Property; readonly value: Expression }
  | { readonly kind: 'remove'; readonly at: number; readonly target: Property };
