import type { PolicyValue } from './element.ts';
import { skipEncodedBlanks } from './entities.ts';
import { faultBefore, scanExpression, startsExpression } from './expression-scanner.ts';
import { decodeLiteral } from './literal-decoder.ts';
import type { OpenElement } from './open-element.ts';
import type { ParserState } from './parser.ts';
import { ValueBuilder } from './value-builder.ts';
import { isBlank, isNameStart, nameEnd, skipBlanks } from './xml-names.ts';

export interface TagEnd {
  /** After the `>`. */
  readonly end: number;
  /** `<x />` */
  readonly isEmpty: boolean;
}

/** Reads the rest of a start tag. After an error in it the rest of the tag is passed over. */
export class AttributeReader {
  readonly #parser: ParserState;

  constructor(parser: ParserState) {
    this.#parser = parser;
  }

  read(element: OpenElement, from: number): TagEnd {
    const { text } = this.#parser;
    let at = from;
    for (;;) {
      const next = skipBlanks(text, at);
      const c = text.charCodeAt(next);
      if (c === 62) return { end: next + 1, isEmpty: false };
      if (c === 47 && text.charCodeAt(next + 1) === 62) return { end: next + 2, isEmpty: true };
      // The end of the file is reported where the open elements are.
      if (next >= text.length) return { end: text.length, isEmpty: false };
      if (next === at) return this.#fail(next, 'Expecting white space.');
      if (!isNameStart(text, next)) {
        const hex = c.toString(16).toUpperCase().padStart(2, '0');
        this.#parser.syntax(`Name cannot begin with the '${text[next]}' character, hexadecimal value 0x${hex}.`, next);
        return c === 60 ? { end: next, isEmpty: false } : this.#skipTag(next);
      }
      const end = this.#attribute(element, next);
      if (typeof end !== 'number') return end;
      at = end;
    }
  }

  #attribute(element: OpenElement, start: number): number | TagEnd {
    const parser = this.#parser;
    const { text } = parser;
    const stop = nameEnd(text, start);
    const name = text.slice(start, stop);
    const equals = skipBlanks(text, stop);
    if (text.charCodeAt(equals) !== 61) return this.#fail(equals, "The expected token is '='.");
    const quoteAt = skipBlanks(text, equals + 1);
    const quote = text[quoteAt];
    if (quote !== '"' && quote !== "'") return this.#fail(quoteAt, "The expected token is '\"' or '''.");
    const builder = new ValueBuilder(parser.expansion.source);
    const content = skipEncodedBlanks(text, quoteAt + 1);
    const isRaw = parser.format === 'rawxml';
    const naive = text.indexOf(quote, quoteAt + 1);
    let end: number;
    let kind: 'literal' | 'expression' = 'literal';
    let begin = quoteAt + 1;
    if (startsExpression(text, content) && (isRaw || naive >= 0)) {
      kind = 'expression';
      begin = content;
      const limit = isRaw ? text.length : naive;
      const scanned = scanExpression(text, content, limit, true, builder);
      if ('message' in scanned) {
        const close = this.#closingQuote(quoteAt + 1, quote);
        const { source } = parser.expansion;
        const fault = isRaw && close >= 0 ? faultBefore(text, content, close, true, source, scanned) : scanned;
        parser.problems.inElement('PolicySyntax', this.#place(element), fault.message, source.position(fault.at));
        return close < 0 ? this.#skipTag(quoteAt + 1) : close + 1;
      }
      parser.exempt.push(...scanned.interpolated);
      end = skipEncodedBlanks(text, scanned.end);
      if (text[end] !== quote) {
        parser.problems.inElement(
          'PolicySyntax',
          this.#place(element),
          `Only blanks may stand between the end of the expression and the closing ${quote} of the attribute '${name}'; text and expression cannot be mixed.`,
          parser.expansion.source.position(end),
        );
        const close = this.#closingQuote(scanned.end, quote);
        return close < 0 ? this.#skipTag(scanned.end) : close + 1;
      }
    } else {
      end = naive;
      if (end < 0) {
        parser.syntax('There is an unclosed literal string.', quoteAt);
        return this.#skipTag(quoteAt + 1);
      }
      const mixed = isRaw ? this.#mixed(element, name, begin, quote, builder) : -1;
      if (mixed >= 0) return this.#add(element, name, start, mixed, builder.build('literal', begin, false));
      const markup = this.#lessThan(begin, end);
      if (markup >= 0) {
        parser.syntax("'<', hexadecimal value 0x3C, is an invalid attribute character.", markup);
        // A quote on the same line is most likely the closing one; else it was forgotten, and the next tag begins here.
        if (text.slice(begin, end).includes('\n')) return { end: markup, isEmpty: false };
      }
      decodeLiteral(parser, begin, end, { attribute: true, bareAmpersand: false }, builder);
    }
    return this.#add(element, name, start, end, builder.build(kind, begin, parser.isUnresolved(begin, end)));
  }

  #add(element: OpenElement, name: string, start: number, end: number, value: PolicyValue): number {
    const parser = this.#parser;
    if (element.attributeNames.has(name)) parser.syntax(`'${name}' is a duplicate attribute name.`, start);
    element.attributeNames.add(name);
    const { source } = parser.expansion;
    element.attributes.push({
      name,
      value,
      get at() {
        return source.position(start);
      },
    });
    return end + 1;
  }

  /**
   * Text with something after it that looks like an expression and has the attribute's own quotes in it:
   * `key="Code-@(context.Variables["state"])"`. API Management reads the value to its end all the same, but as text: it
   * evaluates nothing in it. Gives where the closing quote is; -1 when the value is none of this kind.
   */
  #mixed(element: OpenElement, name: string, begin: number, quote: string, builder: ValueBuilder): number {
    const parser = this.#parser;
    const { text } = parser;
    const naive = text.indexOf(quote, begin);
    const next = text.charCodeAt(naive + 1);
    const mark = /@[({]/.exec(text.slice(begin, naive));
    if (!mark || isBlank(next) || next === 47 || next === 62) return -1;
    const at = begin + mark.index;
    const scanned = scanExpression(text, at, text.length, true, new ValueBuilder(parser.expansion.source));
    if ('message' in scanned) return -1;
    const end = text.indexOf(quote, scanned.end);
    if (end < 0 || /[<>@]/.test(text.slice(scanned.end, end))) return -1;
    decodeLiteral(parser, begin, at, { attribute: true, bareAmpersand: false }, builder);
    scanExpression(text, at, text.length, true, builder);
    decodeLiteral(parser, scanned.end, end, { attribute: true, bareAmpersand: false }, builder);
    parser.problems.inElement(
      'PolicySyntax',
      this.#place(element),
      `Text and expression cannot be mixed: the attribute '${name}' is taken as text, and nothing in it is evaluated. Put the text into the expression: @("text" + ...).`,
      parser.expansion.source.position(at),
      'warning',
    );
    return end;
  }

  #place(element: OpenElement) {
    return { name: element.name, at: this.#parser.expansion.source.position(element.offset) };
  }

  /** The first `<` that its author wrote: one out of a named value is text. */
  #lessThan(start: number, end: number): number {
    const { text, expansion } = this.#parser;
    for (let at = text.indexOf('<', start); at >= 0 && at < end; at = text.indexOf('<', at + 1))
      if (expansion.source.namedValueIn(at, at + 1) === null) return at;
    return -1;
  }

  /** Where an attribute probably ends whose expression does not: a quote that is followed by what may follow one. */
  #closingQuote(from: number, quote: string): number {
    const { text } = this.#parser;
    for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
      const next = skipBlanks(text, at + 1);
      const c = text.charCodeAt(next);
      if (c === 62 || (c === 47 && text.charCodeAt(next + 1) === 62)) return at;
      if (
        next > at + 1 &&
        isNameStart(text, next) &&
        /^\s*=\s*["']/.test(text.slice(nameEnd(text, next), nameEnd(text, next) + 20))
      )
        return at;
    }
    return -1;
  }

  /** `'token' is an unexpected token. <expectation>` */
  #fail(at: number, expectation: string): TagEnd {
    const { text, expansion } = this.#parser;
    const stop = isNameStart(text, at) ? nameEnd(text, at) : at + 1;
    const token =
      expansion.source.namedValueIn(at, stop) === null ? text.slice(at, stop) : expansion.source.written(at, stop);
    if (at >= text.length) return { end: at, isEmpty: false };
    this.#parser.syntax(`'${token}' is an unexpected token. ${expectation}`, at);
    return text.charCodeAt(at) === 60 ? { end: at, isEmpty: false } : this.#skipTag(at);
  }

  #skipTag(from: number): TagEnd {
    const { text } = this.#parser;
    const close = text.indexOf('>', from);
    if (close < 0) return { end: text.length, isEmpty: false };
    let before = close - 1;
    while (before > from && isBlank(text.charCodeAt(before))) before--;
    return { end: close + 1, isEmpty: text.charCodeAt(before) === 47 };
  }
}
