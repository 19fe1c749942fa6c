import type { Span } from './problems.ts';

export type TokenKind = 'identifier' | 'keyword' | 'number' | 'string' | 'char' | 'interpolated' | 'punctuator' | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** Identifier without `@`, keyword, or punctuator; the source text for a literal. */
  readonly text: string;
  readonly value?: LiteralValue;
  readonly parts?: readonly InterpolationPart[];
}

export type LiteralValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'char'; readonly value: number }
  | { readonly type: 'int' | 'uint' | 'float' | 'double'; readonly value: number }
  | { readonly type: 'long' | 'ulong'; readonly value: bigint }
  /** The digits: the value is made by the declared `System.Decimal`. */
  | { readonly type: 'decimal'; readonly value: string };

export type InterpolationPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'hole';
      /** Tokens of the expression, with an `end` token. */
      readonly tokens: readonly Token[];
      /** Tokens of the alignment, with an `end` token. */
      readonly alignment: readonly Token[] | null;
      readonly format: string | null;
    };

export const keywords: ReadonlySet<string> = new Set(
  (
    'abstract as base bool break byte case catch char checked class const continue decimal default delegate do double ' +
    'else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal ' +
    'is lock long namespace new null object operator out override params private protected public readonly ref return ' +
    'sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked ' +
    'unsafe ushort using virtual void volatile while'
  ).split(' '),
);

/** Keywords that name a type. */
export const predefinedTypes: ReadonlySet<string> = new Set(
  'bool byte char decimal double float int long object sbyte short string uint ulong ushort void'.split(' '),
);
