/** A service of a protobuf file. */
export interface ProtoService {
  /** With its package. */
  readonly name: string;
  readonly methods: readonly ProtoMethod[];
}

export interface ProtoMethod {
  readonly name: string;
  /** `stream Point`, `Point`. */
  readonly request: string;
  readonly response: string;
}

/** The file is no protobuf definition; the message ends with line and column. */
export class ProtoProblem extends Error {}

interface Token {
  readonly text: string;
  readonly offset: number;
}

/**
 * Reads the services of a protobuf file (proto2 and proto3). Messages, enumerations and options are skipped: calls go
 * through as they are.
 * @throws {ProtoProblem}
 */
export function readProto(text: string): ProtoService[] {
  return new Reader(text).services();
}

class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = this.#split();
  }

  services(): ProtoService[] {
    let scope = '';
    const services: ProtoService[] = [];
    while (this.#next < this.#tokens.length) {
      const token = this.#take();
      switch (token.text) {
        case ';':
          break;
        case 'package':
          scope = `${this.#word('the name of the package')}.`;
          this.#expect(';');
          break;
        case 'service':
          services.push(this.#service(scope));
          break;
        case 'syntax':
        case 'edition':
        case 'import':
        case 'option':
        case 'message':
        case 'enum':
        case 'extend':
          this.#skipStatement();
          break;
        default:
          throw this.#problem(token, `'${shown(token)}' was found: expected a definition of protobuf`);
      }
    }
    if (services.every(({ methods }) => methods.length === 0))
      throw this.#problem(undefined, 'The file defines no service with an rpc');
    return services;
  }

  #service(scope: string): ProtoService {
    const name = `${scope}${this.#word('the name of the service')}`;
    const methods: ProtoMethod[] = [];
    this.#expect('{');
    for (;;) {
      const token = this.#take();
      if (token.text === '}') return { name, methods };
      if (token.text === ';') continue;
      if (token.text === 'option') this.#skipStatement();
      else if (token.text === 'rpc') methods.push(this.#method());
      else throw this.#problem(token, `'${shown(token)}' was found: expected rpc, option or '}'`);
    }
  }

  #method(): ProtoMethod {
    const name = this.#word('the name of the rpc');
    const request = this.#message();
    this.#expect('returns');
    const response = this.#message();
    const end = this.#take();
    if (end.text === '{') this.#skipBlock(end);
    else if (end.text !== ';') throw this.#problem(end, `'${shown(end)}' was found: expected ';' or '{'`);
    return { name, request, response };
  }

  #message(): string {
    this.#expect('(');
    const first = this.#word('the name of a message');
    const isStream = first === 'stream' && this.#tokens[this.#next]?.text !== ')';
    const message = isStream ? `stream ${this.#word('the name of a message')}` : first;
    this.#expect(')');
    return message;
  }

  /** Up to the semicolon or over the block that comes first. */
  #skipStatement(): void {
    for (;;) {
      const token = this.#take();
      if (token.text === ';') return;
      if (token.text === '{') {
        this.#skipBlock(token);
        // An option ends with a semicolon after its block; that of a message is an empty statement.
        return;
      }
    }
  }

  #skipBlock(opened: Token): void {
    for (let depth = 1; depth > 0; ) {
      const token = this.#tokens[this.#next++];
      if (!token) throw this.#problem(opened, "A '{' is not closed");
      if (token.text === '{') depth += 1;
      if (token.text === '}') depth -= 1;
    }
  }

  #word(expected: string): string {
    const token = this.#take();
    if (!/^\.?[A-Za-z_][\w.]*$/.test(token.text))
      throw this.#problem(token, `'${shown(token)}' was found: expected ${expected}`);
    return token.text.replace(/^\./, '');
  }

  #expect(text: string): void {
    const token = this.#take();
    if (token.text !== text) throw this.#problem(token, `'${shown(token)}' was found: expected '${text}'`);
  }

  #take(): Token {
    const token = this.#tokens[this.#next++];
    if (!token) throw this.#problem(undefined, 'The file ends too early');
    return token;
  }

  #split(): Token[] {
    const pattern = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\w.]+|[^\s\w])/y;
    const tokens: Token[] = [];
    while (pattern.lastIndex < this.#text.length) {
      const offset = pattern.lastIndex;
      const [, token] = pattern.exec(this.#text) ?? [];
      if (token === '"' || token === "'" || (token === '/' && this.#text.startsWith('/*', offset)))
        throw this.#problem({ text: '', offset }, 'A text or comment is not closed');
      if (token !== undefined) tokens.push({ text: token, offset });
    }
    return tokens;
  }

  #problem(token: Token | undefined, message: string): ProtoProblem {
    const before = this.#text.slice(0, token?.offset ?? this.#text.length).split('\n');
    return new ProtoProblem(`${message}. Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`);
  }
}

const shown = ({ text }: Token): string => text.slice(0, 50);
