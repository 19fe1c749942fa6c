import { charge } from '../../runtime/budget.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import { made } from '../../runtime/text.ts';
import { netType } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

/** `System.IO.StringReader`. */
export class StringReader {
  readonly [netType] = 'System.IO.StringReader';
  readonly #text: string;
  #at = 0;

  constructor(text: string | null) {
    if (text === null) throw argumentNull('s');
    this.#text = text;
  }

  /** The next character, or -1. */
  peek(): number {
    return this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : -1;
  }
  read(): number {
    const code = this.peek();
    if (code >= 0) this.#at++;
    return code;
  }
  /** Without the line break; null at the end. */
  readLine(): string | null {
    if (this.#at >= this.#text.length) return null;
    lineEnd.lastIndex = this.#at;
    const end = lineEnd.exec(this.#text);
    const line = this.#text.slice(this.#at, end?.index);
    charge(1 + (line.length >> 6));
    this.#at = end ? lineEnd.lastIndex : this.#text.length;
    return line;
  }
  readToEnd(): string {
    const rest = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    return made(rest);
  }
  dispose(): void {
    this.#at = this.#text.length;
  }
}

const lineEnd = /\r\n|\r|\n/g;

export const readerTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.IO.TextReader',
    kind: 'class',
    interfaces: ['IDisposable'],
    test: (value) => value instanceof StringReader,
    members: {
      'int Peek()': (self: StringReader) => self.peek(),
      'int Read()': (self: StringReader) => self.read(),
      'string ReadLine()': (self: StringReader) => self.readLine(),
      'string ReadToEnd()': (self: StringReader) => self.readToEnd(),
      'void Close()': (self: StringReader) => self.dispose(),
    },
  }),
  declareType({
    name: 'System.IO.StringReader',
    kind: 'class',
    base: 'System.IO.TextReader',
    test: (value) => value instanceof StringReader,
    members: { 'new(string s)': (text: string | null) => new StringReader(text) },
  }),
];
