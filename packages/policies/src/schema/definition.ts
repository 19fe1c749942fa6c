import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Scope, Section, Step } from '../pipeline/step.ts';

/**
 * Everything about one policy, in one file: where it may stand, what it accepts, what it does. The schema drives the
 * validator, `docs/compatibility.md` and the compile errors; `compile` runs only for elements that satisfy it.
 */
export interface PolicyDefinition {
  readonly name: string;
  /** Sections it may stand in (specification, widened where deployed documents show that Azure accepts more). */
  readonly sections: readonly Section[];
  readonly scopes: readonly Scope[];
  readonly element: ElementSchema;
  /** Checks beyond the schema (one of two attributes, an existing backend); reports through `compiler.report`. */
  readonly validate?: (element: PolicyElement, compiler: PolicyCompiler) => void;
  readonly compile: (element: PolicyElement, compiler: PolicyCompiler) => Step;
  /** Attributes or behaviours that differ from Azure's, for the compatibility table. */
  readonly notes?: string;
}

export interface ElementSchema {
  /** `id` is accepted everywhere and need not be listed. */
  readonly attributes: Readonly<Record<string, AttributeSchema>>;
  /** Text content; absent: none allowed. */
  readonly text?: TextSchema;
  /** Child elements; absent: none allowed. */
  readonly children?: ContentModel;
}

export interface AttributeSchema {
  readonly type: 'string' | 'boolean' | 'int' | 'long' | 'double' | 'enum' | 'dateTime';
  /** For `enum`; compared exactly as Azure does (case-insensitive only where said). */
  readonly values?: readonly string[];
  readonly required?: boolean;
  readonly default?: string;
  /** May the value be an expression? */
  readonly expression: boolean;
  /** Inclusive bounds for numbers; checked for literals when loading and for expressions when they run. */
  readonly min?: number;
  readonly max?: number;
  /** An empty literal is an error. */
  readonly nonEmpty?: boolean;
  /** A remark for the docs: `undocumented`, where the rule comes from. */
  readonly note?: string;
}

export interface TextSchema {
  readonly required: boolean;
  readonly expression: boolean;
}

export type ContentModel =
  /** In this order. */
  | { readonly kind: 'sequence'; readonly items: readonly ChildSchema[] }
  /** In any order, each as often as its bounds say. */
  | { readonly kind: 'all'; readonly items: readonly ChildSchema[]; readonly min?: number }
  /** Policies, as in a section: validated as such (`choose/when`, `retry`). `except`: policies that may not stand here; `only`: just these. */
  | {
      readonly kind: 'policies';
      readonly except?: readonly string[];
      readonly only?: readonly string[];
      readonly min?: number;
    }
  /** Anything: kept verbatim, `inner` is what counts (`set-body`). */
  | { readonly kind: 'verbatim' };

export interface ChildSchema {
  readonly name: string;
  readonly min: number;
  /** `Infinity` for unbounded. */
  readonly max: number;
  readonly element: ElementSchema;
}
