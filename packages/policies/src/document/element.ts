/** A place in the file as its author sees it: named values that were replaced do not shift it. Both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** An attribute's value or an element's text: literal, or one expression (never a mix: rule 1 of the dialect). */
export interface PolicyValue {
  readonly kind: 'literal' | 'expression';
  /** Entities decoded, named values replaced. An expression starts at its `@` and ends at its closing bracket. */
  readonly text: string;
  /** As its author wrote it, named values NOT replaced: the form for messages, since a named value may be a secret. */
  readonly written: string;
  /** Holds a `{{name}}` that names nothing. That has been reported; further complaints about the value would be noise. */
  readonly unresolved: boolean;
  /** Where the value begins. */
  readonly at: Position;
  /** Position of an offset in {@link text}. */
  locate(offset: number): Position;
  /** The named value that this range of {@link text} came from, wholly or in part, else null. */
  namedValueIn(offset: number, length: number): string | null;
}

export interface PolicyAttribute {
  readonly name: string;
  readonly value: PolicyValue;
  /** Where the name stands. */
  readonly at: Position;
}

/** An element of a policy document. Comments are dropped, text that is only blanks between elements too. */
export interface PolicyElement {
  readonly name: string;
  /** Where the name stands (after the `<`), as .NET's readers count. */
  readonly at: Position;
  readonly attributes: readonly PolicyAttribute[];
  /** Always empty for `set-body`, whose content is not read as elements: see {@link text}. */
  readonly children: readonly PolicyElement[];
  /**
   * The text content when there is any besides blanks (CDATA included), else null. For `set-body` with tags in it: the
   * content as it stands, nothing decoded.
   */
  readonly text: PolicyValue | null;
  /**
   * Everything between the tags as written (named values replaced, nothing decoded, comments kept): for elements whose
   * content is literal XML or JSON (`set-body`, `xsl-transform`).
   */
  readonly inner: PolicyValue;
}

export function attributeOf(element: PolicyElement, name: string): PolicyAttribute | undefined {
  return element.attributes.find((attribute) => attribute.name === name);
}
