import { skipEncodedBlanks } from './entities.ts';
import { faultBefore, scanExpression, startsExpression } from './expression-scanner.ts';
import { decodeLiteral } from './literal-decoder.ts';
import type { OpenElement } from './open-element.ts';
import type { ParserState } from './parser.ts';
import { ValueBuilder } from './value-builder.ts';
import { isNameStart, nameEnd, skipBlanks } from './xml-names.ts';

/** Reads what stands between the tags of an element, up to the next markup. */
export class ContentReader {
  readonly #parser: ParserState;

  constructor(parser: ParserState) {
    this.#parser = parser;
  }

  /** Text from `from` to the next `<`. Gives where to go on. */
  read(element: OpenElement, from: number): number {
    const { text, format } = this.#parser;
    const next = text.indexOf('<', from);
    const end = next < 0 ? text.length : next;
    const content = Math.min(skipEncodedBlanks(text, from), end);
    if (content === end) {
      if (element.hasText) element.literalAt(from, end).slice(from, end);
      return end;
    }
    if (!element.hasText && element.children.length === 0 && startsExpression(text, content)) {
      return this.#expression(element, content, format === 'rawxml' ? text.length : end, true);
    }
    this.#literal(element, from, end, false);
    return end;
  }

  /** `<![CDATA[` ... `]]>`: literal, or an expression in which nothing is decoded (rule 5). */
  cdata(element: OpenElement, at: number): number {
    const { text } = this.#parser;
    const start = at + '<![CDATA['.length;
    const end = text.indexOf(']]>', start);
    if (end < 0) {
      this.#parser.syntax('Unexpected end of file while parsing CDATA has occurred.', at);
      return text.length;
    }
    const content = skipBlanks(text, start, end);
    if (!element.hasText && element.children.length === 0 && startsExpression(text, content)) {
      const stop = this.#expression(element, content, end, false);
      if (skipBlanks(text, stop, end) < end && stop < end) this.#mixed(element, stop);
    } else if (content < end) {
      this.#noMix(element, start);
      element.hasText = true;
      element.literalAt(start, end).slice(start, end);
    }
    return end + ']]>'.length;
  }

  /**
   * The content of an element that is not read as XML: up to its end tag, whatever stands there. Gives where that is.
   * JSON and Liquid become decoded text; content with tags in it becomes text as it stands, nothing decoded.
   */
  readVerbatim(element: OpenElement, from: number): number {
    const { text, format } = this.#parser;
    const content = skipBlanks(text, from);
    if (startsExpression(text, content)) {
      const naive = text.indexOf('<', content);
      const limit = format === 'rawxml' || naive < 0 ? text.length : naive;
      return this.#expression(element, content, limit, true);
    }
    const end = this.#endOfVerbatim(element.name, from);
    if (end < 0) return text.length;
    let at = from;
    const pieces: { readonly from: number; readonly to: number; readonly kind: 'text' | 'cdata' }[] = [];
    while (at < end) {
      const open = text.indexOf('<', at);
      const stop = open < 0 || open > end ? end : open;
      if (stop > at) pieces.push({ from: at, to: stop, kind: 'text' });
      if (stop === end) break;
      if (text.startsWith('<!--', stop)) {
        const close = text.indexOf('-->', stop + 4);
        at = close + 3;
        this.#parser.exempt.push([stop, at]);
      } else if (text.startsWith('<![CDATA[', stop)) {
        const close = text.indexOf(']]>', stop);
        pieces.push({ from: stop + 9, to: close, kind: 'cdata' });
        at = close + 3;
      } else if (isNameStart(text, stop + 1) || text[stop + 1] === '/' || text[stop + 1] === '?') {
        element.hasText = true;
        element.literalAt(from, end).verbatim(from, end);
        return end;
      } else {
        pieces.push({ from: stop, to: stop + 1, kind: 'text' });
        at = stop + 1;
      }
    }
    const only = pieces.filter((piece) => piece.kind === 'cdata' || skipBlanks(text, piece.from, piece.to) < piece.to);
    const [first] = only;
    if (
      only.length === 1 &&
      first?.kind === 'cdata' &&
      startsExpression(text, skipBlanks(text, first.from, first.to))
    ) {
      const stop = this.#expression(element, skipBlanks(text, first.from, first.to), first.to, false);
      if (skipBlanks(text, stop, first.to) < first.to) this.#mixed(element, stop);
      return end;
    }
    for (const piece of pieces) {
      if (piece.kind === 'text') this.#literal(element, piece.from, piece.to, true);
      else {
        element.literalAt(piece.from, piece.to).slice(piece.from, piece.to);
        if (piece.to > piece.from) element.hasText = true;
      }
    }
    return end;
  }

  #literal(element: OpenElement, from: number, to: number, bareAmpersand: boolean): void {
    if (skipBlanks(this.#parser.text, from, to) < to) {
      this.#noMix(element, from);
      element.hasText = true;
    }
    decodeLiteral(this.#parser, from, to, { attribute: false, bareAmpersand }, element.literalAt(from, to));
  }

  #expression(element: OpenElement, start: number, limit: number, decode: boolean): number {
    const parser = this.#parser;
    const builder = new ValueBuilder(parser.expansion.source);
    const scanned = scanExpression(parser.text, start, limit, decode, builder);
    element.hasText = true;
    if ('message' in scanned) {
      const close = this.#endOfVerbatim(element.name, start);
      const { source } = parser.expansion;
      const fault =
        close >= 0 ? faultBefore(parser.text, start, Math.min(close, limit), decode, source, scanned) : scanned;
      parser.problems.inElement('PolicySyntax', this.#place(element), fault.message, source.position(fault.at));
      return close < 0 ? parser.text.length : close;
    }
    parser.exempt.push(...scanned.interpolated);
    element.expression = builder.build('expression', start, parser.isUnresolved(start, scanned.end));
    return scanned.end;
  }

  #endOfVerbatim(name: string, from: number): number {
    const { text } = this.#parser;
    for (let at = text.indexOf('<', from); at >= 0; at = text.indexOf('<', at + 1)) {
      if (text.startsWith('<!--', at)) {
        at = text.indexOf('-->', at + 4);
        if (at < 0) return -1;
      } else if (text.startsWith('<![CDATA[', at)) {
        at = text.indexOf(']]>', at);
        if (at < 0) return -1;
      } else if (text.startsWith(`</${name}`, at) && nameEnd(text, at + 2) === at + 2 + name.length) return at;
    }
    return -1;
  }

  /** Text after the expression of this element. */
  #noMix(element: OpenElement, at: number): void {
    if (element.expression) this.#mixed(element, skipBlanks(this.#parser.text, at));
  }

  #mixed(element: OpenElement, at: number): void {
    this.#parser.problems.inElement(
      'PolicySyntax',
      this.#place(element),
      'Only blanks may stand after the end of the expression; text and expression cannot be mixed.',
      this.#parser.expansion.source.position(at),
    );
  }

  #place(element: OpenElement) {
    return { name: element.name, at: this.#parser.expansion.source.position(element.offset) };
  }
}
