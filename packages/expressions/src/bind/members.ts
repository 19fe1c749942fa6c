import type { Expression } from '../syntax/ast.ts';
import type { TypeDefinition } from './type-definition.ts';
import type { Type, TypeParameter } from './types.ts';

export interface Parameter {
  readonly name: string;
  /** As declared: may mention type parameters of the owner and of the method. */
  readonly type: Type;
  readonly mode: 'value' | 'ref' | 'out';
  readonly isParams: boolean;
  readonly defaultValue: Expression | null;
}

/** The function behind a member; the emitted code calls it with the representations of `runtime/values.ts`. */
export type Call = (...args: never[]) => unknown;

/** A method, a constructor, an operator or a conversion operator. */
export interface MethodSymbol {
  readonly kind: 'method' | 'constructor' | 'operator' | 'implicit' | 'explicit';
  readonly name: string;
  readonly owner: TypeDefinition;
  readonly isStatic: boolean;
  readonly isExtension: boolean;
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters: readonly Parameter[];
  readonly returnType: Type;
  readonly call: Call;
  /** `call` gets the type arguments first. */
  readonly isGeneric: boolean;
}

/** A property or an indexer (with parameters). */
export interface PropertySymbol {
  readonly kind: 'property' | 'indexer';
  readonly name: string;
  readonly owner: TypeDefinition;
  readonly isStatic: boolean;
  readonly isConst: boolean;
  readonly parameters: readonly Parameter[];
  readonly type: Type;
  readonly get: Call | null;
  readonly set: Call | null;
}

export type Member = MethodSymbol | PropertySymbol;
