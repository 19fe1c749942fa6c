import type { ProblemList } from '../problems/problem-list.ts';
import { AttributeReader } from './attribute-reader.ts';
import { ContentReader } from './content-reader.ts';
import type { PolicyElement } from './element.ts';
import type { Expansion } from './named-values.ts';
import { OpenElement } from './open-element.ts';
import { isNameStart, nameEnd, skipBlanks } from './xml-names.ts';

/** Ranges of the text in which double braces are no named values. */
export type Ranges = (readonly [number, number])[];

/** What the readers of one document share. */
export interface ParserState {
  readonly expansion: Expansion;
  readonly text: string;
  readonly format: 'rawxml' | 'xml';
  readonly problems: ProblemList;
  readonly exempt: Ranges;
  /** Says what is wrong with the XML at an offset. */
  syntax(message: string, offset: number): void;
  /** Does the range hold a `{{name}}` that names nothing? */
  isUnresolved(start: number, end: number): boolean;
}

/** Deep enough for any document that a person wrote; every walk over the tree may recurse. */
const deepest = 100;
/** After so many the rest is noise. */
export const mostProblems = 50;

/** Elements whose content is not read as elements (rule 9). */
const verbatim = new Set(['set-body']);

/** Builds the tree. Goes on after an error where the author's intention is clear, so that one run shows every problem. */
export function parseMarkup(
  expansion: Expansion,
  format: 'rawxml' | 'xml',
  problems: ProblemList,
): { readonly root: PolicyElement | null; readonly exempt: Ranges } {
  const parser = new Parser(expansion, format, problems);
  return { root: parser.parse(), exempt: parser.exempt };
}

class Parser implements ParserState {
  readonly expansion: Expansion;
  readonly text: string;
  readonly format: 'rawxml' | 'xml';
  readonly problems: ProblemList;
  readonly exempt: Ranges = [];
  readonly #attributes: AttributeReader;
  readonly #content: ContentReader;
  readonly #stack: OpenElement[] = [];
  #root: PolicyElement | null = null;
  #pos = 0;

  constructor(expansion: Expansion, format: 'rawxml' | 'xml', problems: ProblemList) {
    this.expansion = expansion;
    this.text = expansion.source.text;
    this.format = format;
    this.problems = problems;
    this.#attributes = new AttributeReader(this);
    this.#content = new ContentReader(this);
  }

  syntax(message: string, offset: number): void {
    if (this.problems.items.length < mostProblems)
      this.problems.syntax(message, this.expansion.source.position(offset));
  }

  isUnresolved(start: number, end: number): boolean {
    const { unknown } = this.expansion;
    for (let i = firstFrom(unknown, start); ; i++) {
      const one = unknown[i];
      if (!one || one.start >= end) return false;
      if (!this.exempt.some(([from, to]) => from <= one.start && one.end <= to)) return true;
    }
  }

  parse(): PolicyElement | null {
    if (this.text.startsWith('\uFEFF')) this.#pos = 1;
    while (this.#pos < this.text.length && this.problems.items.length < mostProblems) {
      const open = this.#stack.at(-1);
      if (this.text.charCodeAt(this.#pos) === 60) this.#pos = this.#markup(this.#pos, open);
      else if (open) this.#pos = this.#content.read(open, this.#pos);
      else this.#pos = this.#outside(this.#pos);
    }
    if (this.#stack.length > 0 && this.#pos >= this.text.length && this.problems.items.length < mostProblems) {
      const names = this.#stack.map((open) => open.name).reverse();
      this.syntax(
        `Unexpected end of file has occurred. The following elements are not closed: ${names.join(', ')}.`,
        this.text.length,
      );
    }
    if (this.#root === null && this.problems.items.length === 0)
      this.syntax('Root element is missing.', this.text.length);
    return this.problems.hasErrors ? null : this.#root;
  }

  #outside(at: number): number {
    const next = skipBlanks(this.text, at);
    if (next > at) return next;
    this.syntax('Data at the root level is invalid.', at);
    const markup = this.text.indexOf('<', at);
    return markup < 0 || this.#root ? this.text.length : markup;
  }

  #markup(at: number, open: OpenElement | undefined): number {
    const text = this.text;
    if (text.startsWith('<!--', at)) return this.#comment(at);
    if (text.startsWith('<![CDATA[', at)) {
      if (open) return this.#content.cdata(open, at);
      this.syntax('Data at the root level is invalid.', at + 1);
      return text.length;
    }
    if (text.startsWith('<?', at)) return this.#instruction(at);
    if (text.startsWith('<!', at)) {
      this.syntax('For security reasons DTD is prohibited in this XML document.', at + 1);
      return text.length;
    }
    return text.startsWith('</', at) ? this.#endTag(at, open) : this.#startTag(at);
  }

  /** `<!-->` begins a comment and does not end it; `--` inside is let pass: deployed documents have both (rule 6). */
  #comment(at: number): number {
    const end = this.text.indexOf('-->', at + 4);
    if (end < 0) {
      this.syntax('Unexpected end of file while parsing Comment has occurred.', at);
      return this.text.length;
    }
    this.exempt.push([at, end]);
    return end + 3;
  }

  #instruction(at: number): number {
    const end = this.text.indexOf('?>', at + 2);
    if (end < 0) {
      this.syntax('Unexpected end of file while parsing PI has occurred.', at);
      return this.text.length;
    }
    return end + 2;
  }

  #startTag(at: number): number {
    const text = this.text;
    if (!isNameStart(text, at + 1)) {
      this.#badName(at + 1);
      return at + 1;
    }
    const end = nameEnd(text, at + 1);
    const element = new OpenElement(this, text.slice(at + 1, end), at + 1);
    if (this.#stack.length === 0 && this.#root !== null) {
      this.syntax('There are multiple root elements.', at + 1);
      return text.length;
    }
    if (this.#stack.length >= deepest) {
      const place = { name: element.name, at: this.expansion.source.position(at + 1) };
      this.problems.inElement('PolicyTooLarge', place, `Elements are nested more than ${deepest} levels deep.`);
      return text.length;
    }
    const tag = this.#attributes.read(element, end);
    element.innerStart = tag.end;
    if (tag.isEmpty) {
      this.#close(element, tag.end);
      return tag.end;
    }
    this.#stack.push(element);
    return verbatim.has(element.name) ? this.#content.readVerbatim(element, tag.end) : tag.end;
  }

  #endTag(at: number, open: OpenElement | undefined): number {
    const text = this.text;
    const nameStop = nameEnd(text, at + 2);
    const name = text.slice(at + 2, nameStop);
    let end = skipBlanks(text, nameStop);
    if (text.charCodeAt(end) === 62) end++;
    else this.syntax(`'${text[end] ?? ''}' is an unexpected token. The expected token is '>'.`, end);
    if (!open) {
      this.syntax('Unexpected end tag.', at + 2);
      return end;
    }
    if (open.name === name) {
      this.#stack.pop();
      this.#close(open, at);
      return end;
    }
    const start = this.expansion.source.position(open.offset);
    this.syntax(
      `The '${open.name}' start tag on line ${start.line} position ${start.column} does not match the end tag of '${name}'.`,
      at + 2,
    );
    // Whoever is named further out was meant: what stands between was forgotten. Else the end tag is a stray one.
    if (!this.#stack.some((element) => element.name === name)) return end;
    for (let element = this.#stack.pop(); element; element = this.#stack.pop()) {
      this.#close(element, at);
      if (element.name === name) break;
    }
    return end;
  }

  #close(element: OpenElement, innerEnd: number): void {
    const done = element.close(innerEnd);
    const parent = this.#stack.at(-1);
    if (parent) parent.children.push(done);
    else this.#root = done;
  }

  #badName(at: number): void {
    const c = this.text[at];
    if (c === undefined) this.syntax('Unexpected end of file has occurred.', at);
    else {
      const hex = c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
      this.syntax(`Name cannot begin with the '${c}' character, hexadecimal value 0x${hex}.`, at);
    }
  }
}

/** Index of the first that does not begin before `start`. */
function firstFrom(unknown: Expansion['unknown'], start: number): number {
  let low = 0;
  let high = unknown.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((unknown[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
