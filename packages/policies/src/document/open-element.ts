import type { PolicyAttribute, PolicyElement, PolicyValue } from './element.ts';
import type { ParserState } from './parser.ts';
import { ValueBuilder } from './value-builder.ts';

/** An element whose end tag has not been read yet. */
export class OpenElement {
  readonly name: string;
  /** Of the name in the text. */
  readonly offset: number;
  readonly attributes: PolicyAttribute[] = [];
  readonly attributeNames = new Set<string>();
  readonly children: PolicyElement[] = [];
  /** Literal text so far. */
  literal: ValueBuilder | null = null;
  literalStart = 0;
  literalEnd = 0;
  hasText = false;
  expression: PolicyValue | null = null;
  innerStart = 0;
  readonly #parser: ParserState;

  constructor(parser: ParserState, name: string, offset: number) {
    this.#parser = parser;
    this.name = name;
    this.offset = offset;
  }

  /** Where the next piece of literal text goes. */
  literalAt(start: number, end: number): ValueBuilder {
    if (!this.literal) {
      this.literal = new ValueBuilder(this.#parser.expansion.source);
      this.literalStart = start;
    }
    this.literalEnd = end;
    return this.literal;
  }

  close(innerEnd: number): PolicyElement {
    const parser = this.#parser;
    if (attributeText(this, 'template')?.toLowerCase() === 'liquid') parser.exempt.push([this.innerStart, innerEnd]);
    return new ReadElement(parser, this, innerEnd);
  }
}

function attributeText(element: OpenElement, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value.text;
}

class ReadElement implements PolicyElement {
  readonly name: string;
  readonly attributes: readonly PolicyAttribute[];
  readonly children: readonly PolicyElement[];
  readonly text: PolicyValue | null;
  readonly #parser: ParserState;
  readonly #offset: number;
  readonly #innerStart: number;
  readonly #innerEnd: number;

  constructor(parser: ParserState, open: OpenElement, innerEnd: number) {
    this.name = open.name;
    this.attributes = open.attributes;
    this.children = open.children;
    this.#parser = parser;
    this.#offset = open.offset;
    this.#innerStart = open.innerStart;
    this.#innerEnd = innerEnd;
    const literal = open.hasText
      ? open.literal?.build('literal', open.literalStart, parser.isUnresolved(open.literalStart, open.literalEnd))
      : null;
    this.text = open.expression ?? literal ?? null;
  }

  get at() {
    return this.#parser.expansion.source.position(this.#offset);
  }

  get inner(): PolicyValue {
    const builder = new ValueBuilder(this.#parser.expansion.source);
    builder.verbatim(this.#innerStart, this.#innerEnd);
    const isUnresolved = this.#parser.isUnresolved(this.#innerStart, this.#innerEnd);
    return builder.build('literal', this.#innerStart, isUnresolved);
  }
}
