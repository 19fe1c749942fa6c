/** The bound tree: every node has a static type, every name is resolved, every conversion is explicit. */
import type { Expression, LambdaExpression } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Conversion } from './conversions.ts';
import type { MethodSymbol, PropertySymbol } from './members.ts';
import type { Scope } from './scope.ts';
import type { NamedType, Substitution, Type, TypeParameter } from './types.ts';

export interface LocalSymbol {
  readonly kind: 'local';
  readonly name: string;
  /** `out var x` gets its type when the call is resolved. */
  type: Type;
  readonly id: number;
  /** Why it cannot be assigned (`a foreach iteration variable`), or null. */
  readonly readOnly: string | null;
  readonly constant: Constant | null;
  /** Declared before the statement that assigns it: a variable of a switch section, or made by an expression. */
  hoisted: boolean;
  /** A `ref` or `out` parameter of a local function: the value is in a holder. */
  readonly byReference: boolean;
  /** Assigned before use whatever the flow says: a parameter. */
  readonly isParameter: boolean;
}

export interface FunctionSymbol {
  readonly kind: 'function';
  readonly name: string;
  readonly id: number;
  readonly parameters: readonly FunctionParameterSymbol[];
  readonly returnType: Type;
  /** For a generic one, whose types are open here: what is called is an instance. */
  readonly generic: GenericFunction | null;
}
export interface GenericFunction {
  readonly typeParameters: readonly TypeParameter[];
  /** The function for these type arguments; undefined, and reported, when there are too many. */
  instantiate(types: readonly Type[], at: Span): FunctionSymbol | undefined;
}
export interface FunctionParameterSymbol {
  readonly name: string;
  readonly type: Type;
  readonly mode: 'value' | 'ref' | 'out';
  readonly isParams: boolean;
  readonly defaultValue: Expression | null;
  readonly local: LocalSymbol;
}

/** A value that the emitted code computes once and reads again. */
export interface Temp {
  readonly id: number;
}

/** A compile-time value, RAW. */
export interface Constant {
  readonly value: boolean | number | bigint | string | null;
}

interface Node extends Span {
  readonly type: Type;
  readonly constant?: Constant | undefined;
}

export type Bound =
  | (Node & { readonly kind: 'Constant'; readonly constant: Constant })
  /** `1.5m`: the digits. */
  | (Node & { readonly kind: 'DecimalLiteral'; readonly digits: string })
  | (Node & { readonly kind: 'Default' })
  | BoundLocal
  | (Node & { readonly kind: 'Context' })
  | (Node & { readonly kind: 'Temp'; readonly temp: Temp })
  | (Node & {
      readonly kind: 'Convert';
      readonly operand: Bound;
      readonly conversion: Conversion;
      readonly checked: boolean;
    })
  | BoundCall
  | BoundProperty
  | (Node & { readonly kind: 'Element'; readonly array: Bound; readonly index: Bound })
  | (Node & {
      readonly kind: 'Binary';
      readonly operator: string;
      readonly operandKind: string;
      readonly left: Bound;
      readonly right: Bound;
      readonly checked: boolean;
    })
  /** Both operands or neither: null when either is. */
  | (Node & {
      readonly kind: 'Lifted';
      readonly operands: readonly Bound[];
      readonly temps: readonly Temp[];
      readonly body: Bound;
      /** `&` and `|` of bool?: the operand that is there may decide. */
      readonly whenNull: 'null' | 'false' | 'equal' | 'notEqual' | '&' | '|';
    })
  | (Node & { readonly kind: 'Logical'; readonly operator: '&&' | '||'; readonly operands: Bound[] })
  | (Node & { readonly kind: 'Concat'; readonly parts: Bound[] })
  | (Node & {
      readonly kind: 'Unary';
      readonly operator: string;
      readonly operandKind: string;
      readonly operand: Bound;
      readonly checked: boolean;
    })
  | (Node & { readonly kind: 'Assign'; readonly target: Bound; readonly value: Bound })
  /** `x += v`, `x++`: reads the target into `current`, computes `value`, stores it. */
  | (Node & {
      readonly kind: 'Update';
      readonly target: Bound;
      readonly current: Temp;
      readonly value: Bound;
      readonly gives: 'old' | 'new';
    })
  | (Node & {
      readonly kind: 'Conditional';
      readonly condition: Bound;
      readonly whenTrue: Bound;
      readonly whenFalse: Bound;
    })
  | (Node & {
      readonly kind: 'Coalesce';
      readonly left: Bound;
      readonly temp: Temp;
      readonly whenNotNull: Bound;
      readonly right: Bound;
    })
  | (Node & { readonly kind: 'ConditionalAccess'; readonly target: Bound; readonly temp: Temp; readonly rest: Bound })
  | (Node & { readonly kind: 'Is'; readonly operand: Bound; readonly temp: Temp; readonly test: PatternTest })
  | (Node & { readonly kind: 'As'; readonly operand: Bound })
  | BoundLambda
  | (Node & {
      readonly kind: 'Initialized';
      readonly creation: Bound;
      readonly temp: Temp;
      readonly steps: readonly Bound[];
    })
  | (Node & { readonly kind: 'Anonymous'; readonly names: readonly string[]; readonly values: readonly Bound[] })
  | (Node & { readonly kind: 'NewArray'; readonly size: Bound | null; readonly items: readonly Bound[] })
  | (Node & { readonly kind: 'Tuple'; readonly elements: readonly Bound[] })
  | (Node & { readonly kind: 'TupleElement'; readonly tuple: Bound; readonly index: number })
  | (Node & {
      readonly kind: 'Sequence';
      readonly temp: Temp;
      readonly value: Bound;
      readonly steps: readonly Bound[];
      readonly result: Bound;
    })
  | (Node & { readonly kind: 'Throw'; readonly value: Bound })
  | (Node & { readonly kind: 'Typeof'; readonly named: Type })
  | (Node & {
      readonly kind: 'Invoke';
      readonly target: Bound;
      readonly args: readonly Bound[];
      readonly returns: Type;
    })
  | (Node & { readonly kind: 'CallFunction'; readonly target: FunctionSymbol; readonly args: readonly Bound[] })
  /** `out x` and `ref x`; a null target discards. */
  | (Node & { readonly kind: 'Reference'; readonly target: Bound | null; readonly mode: 'ref' | 'out' })
  | (Node & { readonly kind: 'Error' })
  | Unbound;

/** Expressions that have no value of their own until they are converted. */
export type Unbound =
  | UnboundLambda
  | MethodGroup
  | (Node & { readonly kind: 'DefaultLiteral' })
  | (Node & { readonly kind: 'ThrowExpression'; readonly value: Bound })
  | (Node & {
      readonly kind: 'TupleLiteral';
      readonly elements: readonly Bound[];
      readonly names: readonly (string | null)[];
    })
  | (Node & { readonly kind: 'OutVariable'; readonly local: LocalSymbol | null })
  | (Node & { readonly kind: 'Discard' })
  | (Node & { readonly kind: 'TypeName'; readonly named: NamedType | Type })
  | (Node & { readonly kind: 'Namespace'; readonly name: string });

export type BoundLocal = Node & { readonly kind: 'Local'; readonly symbol: LocalSymbol };
export type BoundCall = Node & {
  readonly kind: 'Call';
  readonly method: MethodSymbol;
  readonly receiver: Bound | null;
  /** In the order of the parameters. */
  readonly args: readonly Bound[];
  /** For implementations that get them: of the type for constructors, else of the method. */
  readonly typeArgs: readonly Type[];
};
export type BoundProperty = Node & {
  readonly kind: 'Property';
  readonly property: PropertySymbol;
  readonly receiver: Bound | null;
  readonly args: readonly Bound[];
};
export type BoundLambda = Node & {
  readonly kind: 'Lambda';
  readonly parameters: readonly LocalSymbol[];
  /** An expression, or statements that return. */
  readonly body: Bound | BoundStatement;
  readonly returns: Type;
  readonly hoisted: readonly LocalSymbol[];
};

export type UnboundLambda = Node & {
  readonly kind: 'UnboundLambda';
  readonly syntax: LambdaExpression;
  readonly scope: Scope;
  readonly checked: boolean;
  readonly bodies: Map<string, LambdaBody>;
};
/** A lambda's body bound for certain parameter types, its results not yet converted. */
export interface LambdaBody {
  readonly parameters: readonly LocalSymbol[];
  readonly expression: Bound | null;
  readonly statement: BoundStatement | null;
  readonly returns: readonly BoundReturn[];
  readonly endReachable: boolean;
  readonly hoisted: readonly LocalSymbol[];
  readonly problems: import('../syntax/problems.ts').Problems;
  /** The type of the results, or undefined when they have none in common. */
  readonly resultType: Type | undefined;
}

export type MethodGroup = Node & {
  readonly kind: 'MethodGroup';
  readonly name: string;
  readonly receiver: Bound | null;
  /** Of the receiver, or the type itself for a static group. */
  readonly on: Type;
  /** Levels of candidates, most derived first. */
  readonly levels: readonly (readonly Candidate[])[];
  readonly typeArgs: readonly Type[] | null;
  readonly function: FunctionSymbol | null;
  readonly nameSpan: Span;
};
export interface Candidate {
  readonly method: MethodSymbol;
  readonly substitution: Substitution;
}

export type PatternTest =
  | { readonly kind: 'type'; readonly type: Type; readonly local: LocalSymbol | null; readonly value: Bound }
  | { readonly kind: 'constant'; readonly condition: Bound }
  | { readonly kind: 'any'; readonly local: LocalSymbol | null; readonly value: Bound };

export type BoundStatement =
  | (Span & { readonly kind: 'Block'; readonly statements: readonly BoundStatement[] })
  | (Span & { readonly kind: 'Declare'; readonly locals: readonly LocalSymbol[] })
  | (Span & { readonly kind: 'Local'; readonly local: LocalSymbol; readonly value: Bound | null })
  | (Span & { readonly kind: 'Expression'; readonly value: Bound })
  | (Span & {
      readonly kind: 'If';
      readonly condition: Bound;
      readonly consequent: BoundStatement;
      readonly otherwise: BoundStatement | null;
    })
  | (Span & {
      readonly kind: 'Loop';
      readonly id: number;
      readonly initial: readonly BoundStatement[];
      readonly condition: Bound | null;
      readonly testFirst: boolean;
      readonly step: readonly Bound[];
      readonly body: BoundStatement;
    })
  | BoundForeach
  | BoundSwitch
  | (Span & { readonly kind: 'Break'; readonly id: number })
  | (Span & { readonly kind: 'Continue'; readonly id: number })
  | (Span & { readonly kind: 'GotoSection'; readonly id: number; readonly section: number })
  /** A block with labels: a section from each to the next. */
  | BoundLabelled
  | BoundReturn
  | (Span & { readonly kind: 'ThrowStatement'; readonly value: Bound | null })
  | BoundTry
  | (Span & {
      readonly kind: 'Function';
      readonly symbol: FunctionSymbol;
      readonly body: BoundStatement;
      readonly isIterator: boolean;
    })
  /** `yield return`; a null value is `yield break`. */
  | (Span & { readonly kind: 'Yield'; readonly value: Bound | null })
  | (Span & { readonly kind: 'Empty' });

export type BoundForeach = Span & {
  readonly kind: 'Foreach';
  readonly id: number;
  readonly source: Bound;
  /** How the elements come: an array, a byte array, a string's characters, or an enumerable. */
  readonly through: 'array' | 'bytes' | 'characters' | 'enumerable';
  readonly elementType: Type;
  readonly current: Temp;
  readonly local: LocalSymbol | null;
  /** Of the local, or of the steps that deconstruct. */
  readonly value: Bound;
  readonly declared: readonly LocalSymbol[];
  readonly body: BoundStatement;
};
export type BoundLabelled = Span & {
  readonly kind: 'Labelled';
  readonly id: number;
  readonly locals: readonly LocalSymbol[];
  readonly sections: readonly (readonly BoundStatement[])[];
};
export type BoundSwitch = Span & {
  readonly kind: 'Switch';
  readonly id: number;
  readonly value: Bound;
  readonly temp: Temp;
  readonly locals: readonly LocalSymbol[];
  readonly sections: readonly {
    /** Null is `default`. */
    readonly conditions: readonly (Bound | null)[];
    readonly statements: readonly BoundStatement[];
  }[];
  readonly hasGoto: boolean;
};
export type BoundReturn = Span & {
  readonly kind: 'Return';
  /** Converted when the type of the function is known. */
  value: Bound | null;
};
export type BoundTry = Span & {
  readonly kind: 'Try';
  readonly body: BoundStatement;
  readonly catches: readonly {
    readonly type: Type | null;
    readonly local: LocalSymbol | null;
    readonly filter: Bound | null;
    readonly hoisted: readonly LocalSymbol[];
    readonly body: BoundStatement;
  }[];
  readonly finally: BoundStatement | null;
};
