/** The syntax tree, as close to the C# specification's grammar as policies need. Every node knows where it stands. */
import type { Span } from './problems.ts';
import type { LiteralValue } from './token.ts';

export type TypeSyntax = NamedTypeSyntax | ArrayTypeSyntax | NullableTypeSyntax | TupleTypeSyntax;

/** `System.Collections.Generic.List<int>`, `var`, `int` (with `predefined`). */
export interface NamedTypeSyntax extends Span {
  readonly kind: 'NamedType';
  readonly predefined: boolean;
  readonly parts: readonly { readonly name: string; readonly args: readonly TypeSyntax[] }[];
  /** `List<>`, in `typeof` only. */
  readonly unbound?: boolean;
}
export interface ArrayTypeSyntax extends Span {
  readonly kind: 'ArrayType';
  readonly element: TypeSyntax;
  readonly rank: number;
}
export interface NullableTypeSyntax extends Span {
  readonly kind: 'NullableType';
  readonly element: TypeSyntax;
}
export interface TupleTypeSyntax extends Span {
  readonly kind: 'TupleType';
  readonly elements: readonly { readonly type: TypeSyntax; readonly name: string | null }[];
}

export interface Identifier extends Span {
  readonly text: string;
}

export interface Argument extends Span {
  readonly name: Identifier | null;
  readonly mode: 'value' | 'ref' | 'out';
  readonly value: Expression;
}

export type Expression =
  | (Span & { readonly kind: 'Literal'; readonly value: LiteralValue })
  | (Span & { readonly kind: 'Boolean'; readonly value: boolean })
  | (Span & { readonly kind: 'Null' })
  | (Span & { readonly kind: 'Interpolated'; readonly parts: readonly InterpolatedPart[] })
  | NameExpression
  | MemberExpression
  | (Span & { readonly kind: 'PredefinedType'; readonly type: NamedTypeSyntax })
  | IndexExpression
  | CallExpression
  /** `target?.rest`: `rest` holds a `Receiver` where the value of `target` stands. */
  | (Span & { readonly kind: 'ConditionalAccess'; readonly target: Expression; readonly rest: Expression })
  | (Span & { readonly kind: 'Receiver' })
  | (Span & { readonly kind: 'Unary'; readonly operator: string; readonly operand: Expression })
  | (Span & {
      readonly kind: 'Increment';
      readonly operator: '++' | '--';
      readonly prefix: boolean;
      readonly operand: Expression;
    })
  | BinaryExpression
  | (Span & {
      readonly kind: 'Assignment';
      readonly operator: string;
      readonly target: Expression;
      readonly value: Expression;
    })
  | (Span & {
      readonly kind: 'Conditional';
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    })
  | (Span & { readonly kind: 'Cast'; readonly type: TypeSyntax; readonly operand: Expression })
  | (Span & { readonly kind: 'Is'; readonly operand: Expression; readonly pattern: Pattern })
  | (Span & { readonly kind: 'As'; readonly operand: Expression; readonly type: TypeSyntax })
  | LambdaExpression
  | NewExpression
  | (Span & {
      readonly kind: 'NewAnonymous';
      readonly members: readonly { readonly name: Identifier; readonly value: Expression }[];
    })
  | (Span & {
      readonly kind: 'NewArray';
      readonly element: TypeSyntax | null;
      readonly size: Expression | null;
      readonly items: ArrayInitializer | null;
    })
  | ArrayInitializer
  | (Span & {
      readonly kind: 'Tuple';
      readonly elements: readonly { readonly name: Identifier | null; readonly value: Expression }[];
    })
  /** `out var x`, `var (a, b)`: a variable that an expression declares; a null name discards. */
  | (Span & { readonly kind: 'Declaration'; readonly type: TypeSyntax; readonly designation: Designation })
  | (Span & { readonly kind: 'Throw'; readonly value: Expression })
  | (Span & { readonly kind: 'Typeof'; readonly type: TypeSyntax })
  | (Span & { readonly kind: 'Sizeof'; readonly type: TypeSyntax })
  | (Span & { readonly kind: 'Default'; readonly type: TypeSyntax | null })
  | (Span & { readonly kind: 'Checked'; readonly checked: boolean; readonly operand: Expression });

export interface NameExpression extends Span {
  readonly kind: 'Name';
  readonly name: string;
  readonly typeArgs: readonly TypeSyntax[] | null;
}
export interface MemberExpression extends Span {
  readonly kind: 'Member';
  readonly target: Expression;
  readonly name: Identifier;
  readonly typeArgs: readonly TypeSyntax[] | null;
}
export interface IndexExpression extends Span {
  readonly kind: 'Index';
  readonly target: Expression;
  readonly args: readonly Argument[];
}
export interface CallExpression extends Span {
  readonly kind: 'Call';
  readonly target: Expression;
  readonly args: readonly Argument[];
}
export interface BinaryExpression extends Span {
  readonly kind: 'Binary';
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}
export interface ArrayInitializer extends Span {
  readonly kind: 'ArrayInitializer';
  readonly items: readonly Expression[];
}
export interface LambdaExpression extends Span {
  readonly kind: 'Lambda';
  readonly parameters: readonly (Span & { readonly name: string; readonly type: TypeSyntax | null })[];
  readonly body: Expression | BlockStatement;
}
export interface NewExpression extends Span {
  readonly kind: 'New';
  readonly type: TypeSyntax;
  readonly args: readonly Argument[];
  readonly initializer: Initializer | null;
}
export type Initializer =
  | (Span & { readonly kind: 'ObjectInitializer'; readonly members: readonly MemberInitializer[] })
  | (Span & { readonly kind: 'CollectionInitializer'; readonly elements: readonly (readonly Expression[])[] });
export interface MemberInitializer extends Span {
  readonly name: Identifier | null;
  /** `["a"] = ...` */
  readonly index: readonly Argument[] | null;
  readonly value: Expression | Initializer;
}
export type InterpolatedPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'hole';
      readonly value: Expression;
      readonly alignment: Expression | null;
      readonly format: string | null;
    };

export type Designation =
  | (Span & { readonly kind: 'Single'; readonly name: string | null })
  | (Span & { readonly kind: 'Many'; readonly items: readonly Designation[] });

export type Pattern =
  | (Span & { readonly kind: 'TypePattern'; readonly type: TypeSyntax; readonly name: Identifier | null })
  | (Span & { readonly kind: 'VarPattern'; readonly name: Identifier | null })
  /** A constant, or a type: only binding tells `x is Foo`. */
  | (Span & { readonly kind: 'ConstantPattern'; readonly value: Expression; readonly type: TypeSyntax | null });

export type Statement =
  | BlockStatement
  | (Span & {
      readonly kind: 'Local';
      readonly isConst: boolean;
      readonly type: TypeSyntax;
      readonly variables: readonly Declarator[];
    })
  | LocalFunctionStatement
  | YieldStatement
  | (Span & { readonly kind: 'Expression'; readonly value: Expression })
  | (Span & {
      readonly kind: 'If';
      readonly condition: Expression;
      readonly consequent: Statement;
      readonly otherwise: Statement | null;
    })
  | (Span & { readonly kind: 'While'; readonly condition: Expression; readonly body: Statement })
  | (Span & { readonly kind: 'Do'; readonly body: Statement; readonly condition: Expression })
  | ForStatement
  | ForeachStatement
  | SwitchStatement
  | (Span & { readonly kind: 'Break' })
  | (Span & { readonly kind: 'Continue' })
  | (Span & { readonly kind: 'GotoCase'; readonly value: Expression | null })
  | (Span & { readonly kind: 'Goto'; readonly label: Identifier })
  /** `name:`; what it labels is the next statement of the list. */
  | (Span & { readonly kind: 'Label'; readonly label: Identifier })
  | (Span & { readonly kind: 'Return'; readonly value: Expression | null })
  | (Span & { readonly kind: 'ThrowStatement'; readonly value: Expression | null })
  | TryStatement
  | (Span & { readonly kind: 'Using'; readonly resource: Statement; readonly body: Statement })
  | (Span & { readonly kind: 'CheckedBlock'; readonly checked: boolean; readonly body: BlockStatement })
  | (Span & { readonly kind: 'Empty' });

export interface BlockStatement extends Span {
  readonly kind: 'Block';
  readonly statements: readonly Statement[];
}
export interface Declarator extends Span {
  readonly name: Identifier;
  readonly value: Expression | null;
}
export interface LocalFunctionStatement extends Span {
  readonly kind: 'LocalFunction';
  readonly name: Identifier;
  readonly returnType: TypeSyntax;
  readonly typeParameters: readonly TypeParameterSyntax[];
  readonly parameters: readonly FunctionParameter[];
  readonly body: Expression | BlockStatement;
  /** Has it `yield` statements of its own? */
  readonly isIterator: boolean;
}
export interface TypeParameterSyntax extends Span {
  readonly name: string;
  /** Of its `where`: types, and the keywords `class`, `struct` and `new`. */
  readonly constraints: readonly (TypeSyntax | 'class' | 'struct' | 'new')[];
}
export interface YieldStatement extends Span {
  readonly kind: 'Yield';
  /** Null for `yield break`. */
  readonly value: Expression | null;
}
export interface FunctionParameter extends Span {
  readonly name: string;
  readonly type: TypeSyntax;
  readonly mode: 'value' | 'ref' | 'out' | 'params' | 'this';
  readonly defaultValue: Expression | null;
}
export interface ForStatement extends Span {
  readonly kind: 'For';
  readonly initial: readonly Statement[];
  readonly condition: Expression | null;
  readonly step: readonly Expression[];
  readonly body: Statement;
}
export interface ForeachStatement extends Span {
  readonly kind: 'Foreach';
  readonly type: TypeSyntax;
  readonly designation: Designation;
  readonly source: Expression;
  readonly body: Statement;
}
export interface SwitchStatement extends Span {
  readonly kind: 'Switch';
  readonly value: Expression;
  readonly sections: readonly SwitchSection[];
}
export interface SwitchSection extends Span {
  readonly labels: readonly (Span & { readonly pattern: Pattern | null; readonly when: Expression | null })[];
  readonly statements: readonly Statement[];
}
export interface TryStatement extends Span {
  readonly kind: 'Try';
  readonly body: BlockStatement;
  readonly catches: readonly CatchClause[];
  readonly finally: BlockStatement | null;
}
export interface CatchClause extends Span {
  readonly type: TypeSyntax | null;
  readonly name: Identifier | null;
  readonly filter: Expression | null;
  readonly body: BlockStatement;
}
