import { readReference, skipEncodedBlanks } from './entities.ts';
import { scanExpression, startsExpression } from './expression-scanner.ts';
import { SourceText } from './source-text.ts';
import { ValueBuilder } from './value-builder.ts';

/**
 * The same document in the other format of the management API: in `rawxml` expressions stand as they are, in `xml` what
 * XML reserves is escaped in them. Everything outside of expressions stays byte for byte. Meant for documents that compile;
 * a text that cannot be made sense of comes back with what could be converted.
 */
export function convertPolicyText(text: string, from: 'xml' | 'rawxml', to: 'xml' | 'rawxml'): string {
  return from === to ? text : new Converter(text, from).run();
}

class Converter {
  readonly #text: string;
  readonly #from: 'xml' | 'rawxml';
  readonly #source: SourceText;
  readonly #out: string[] = [];

  constructor(text: string, from: 'xml' | 'rawxml') {
    this.#text = text;
    this.#from = from;
    this.#source = new SourceText('', text, text, []);
  }

  run(): string {
    const text = this.#text;
    let at = 0;
    while (at < text.length) {
      at = text[at] === '<' ? this.#markup(at) : this.#content(at);
    }
    return this.#out.join('');
  }

  /** Text between tags, up to the next `<` that is no part of an expression. */
  #content(start: number): number {
    const text = this.#text;
    const next = text.indexOf('<', start);
    const end = next < 0 ? text.length : next;
    const content = Math.min(skipEncodedBlanks(text, start), end);
    this.#copy(start, content);
    if (content === end) return end;
    if (!startsExpression(text, content)) {
      this.#copy(content, end);
      return end;
    }
    const stop = this.#expression(content, this.#from === 'rawxml' ? text.length : end, false);
    const rest = text.indexOf('<', stop);
    const last = rest < 0 ? text.length : rest;
    this.#copy(stop, last);
    return last;
  }

  #markup(start: number): number {
    const text = this.#text;
    for (const [open, close] of verbatim) if (text.startsWith(open, start)) return this.#copyTo(close, start);
    let at = start;
    for (let copied = start; ; ) {
      const quoteAt = indexOfAny(text, at, '"', "'", '>');
      if (quoteAt < 0) {
        this.#copy(copied, text.length);
        return text.length;
      }
      const quote = text[quoteAt];
      if (quote === '>') {
        this.#copy(copied, quoteAt + 1);
        return quoteAt + 1;
      }
      const content = skipEncodedBlanks(text, quoteAt + 1);
      const naive = text.indexOf(quote as string, quoteAt + 1);
      if (startsExpression(text, content) && naive >= 0) {
        this.#copy(copied, content);
        copied = this.#expression(content, this.#from === 'rawxml' ? text.length : naive, true);
        at = Math.max(copied, text.indexOf(quote as string, copied)) + 1;
      } else {
        at = naive < 0 ? text.length : naive + 1;
      }
    }
  }

  /** Writes the expression in the other format; gives where it ends. */
  #expression(start: number, limit: number, inAttribute: boolean): number {
    const text = this.#text;
    const scanned = scanExpression(text, start, limit, true, new ValueBuilder(this.#source));
    const end = 'message' in scanned ? limit : scanned.end;
    const code = decoded(text, start, end);
    this.#out.push(this.#from === 'xml' ? code : escaped(code, inAttribute));
    return end;
  }

  #copy(from: number, to: number): void {
    if (to > from) this.#out.push(this.#text.slice(from, to));
  }

  #copyTo(close: string, start: number): number {
    const found = this.#text.indexOf(close, start);
    const end = found < 0 ? this.#text.length : found + close.length;
    this.#copy(start, end);
    return end;
  }
}

const verbatim = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['</', '>'],
] as const;

function decoded(text: string, from: number, to: number): string {
  let out = '';
  let copied = from;
  for (let at = text.indexOf('&', from); at >= 0 && at < to; at = text.indexOf('&', at + 1)) {
    const reference = readReference(text, at, to);
    if (!reference) continue;
    out += text.slice(copied, at) + reference.text;
    copied = at + reference.length;
    at = copied - 1;
  }
  return out + text.slice(copied, to);
}

/** Line ends in attributes are written as references, since XML readers make blanks of them. */
function escaped(code: string, inAttribute: boolean): string {
  const text = code.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  if (!inAttribute) return text;
  return text
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replace(/\r/g, '&#xD;')
    .replace(/\n/g, '&#xA;')
    .replace(/\t/g, '&#x9;');
}

function indexOfAny(text: string, from: number, ...wanted: readonly string[]): number {
  for (let at = from; at < text.length; at++) if (wanted.includes(text[at] as string)) return at;
  return -1;
}
