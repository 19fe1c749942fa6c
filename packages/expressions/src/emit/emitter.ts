import type { Binder } from '../bind/binder.ts';
import type { Bound, LocalSymbol, Temp } from '../bind/bound.ts';
import { fullName, isNullable, type Type } from '../bind/types.ts';
import { Boxed, unbox } from '../runtime/values.ts';
import { needsBox, type RuntimeTypes } from './runtime-types.ts';

/**
 * What emitting one expression needs. The text refers to everything outside itself by `$k<n>`, the n-th of `constants`,
 * and to variables by numbers: no name and no text of the source ever becomes code, but string literals through JSON.
 */
export class Emitter {
  readonly types: RuntimeTypes;
  readonly universe: Binder['universe'];
  readonly constants: unknown[] = [];
  readonly #indexes = new Map<unknown, number>();
  readonly #boxers = new Map<string, (value: number | bigint | null) => Boxed | null>();
  /** Temporaries of the function that is being emitted. */
  #temps = new Set<string>();
  readonly #aliases = new Map<number, string>();
  readonly reads = new Set<'context' | 'requestBody' | 'responseBody' | 'unfolded'>();
  /** `context.Response` where only a member of it is wanted. */
  readonly directResponses = new Set<Bound>();
  responseEscapes = false;
  responseBodyElsewhere = false;
  /** The type that returns are converted from to UNIFORM; null leaves them RAW. */
  boxReturns: Type | null = null;
  /** Is the code inside a lambda or local function? */
  depth = 0;
  /** The exceptions that `throw;` throws again, innermost last. */
  catchVariables: string[] = [];

  constructor(types: RuntimeTypes) {
    this.types = types;
    this.universe = types.universe;
  }

  /** The name of a constant. */
  ref(value: unknown): string {
    let index = this.#indexes.get(value);
    if (index === undefined) {
      index = this.constants.length;
      this.constants.push(value);
      this.#indexes.set(value, index);
    }
    return `$k${index}`;
  }

  local(symbol: LocalSymbol): string {
    return symbol.byReference ? `$l${symbol.id}.value` : `$l${symbol.id}`;
  }

  /** The name of a temporary, which its function declares. */
  temp(temp: Temp): string {
    const alias = this.#aliases.get(temp.id);
    if (alias !== undefined) return alias;
    const name = `$t${temp.id}`;
    this.#temps.add(name);
    return name;
  }

  /** Reads of the temporary become `code`. */
  alias(temp: Temp, code: string): void {
    this.#aliases.set(temp.id, code);
  }

  #extra = 0;
  extraTemp(): string {
    const name = `$x${this.#extra++}`;
    this.#temps.add(name);
    return name;
  }

  /** A name for the exception of a `catch`, which declares it itself. */
  extraCatch(): string {
    return `$x${this.#extra++}`;
  }

  /** Emits the inside of a function; gives its text and the declaration of its temporaries. */
  inFunction(emit: () => string): string {
    const outer = this.#temps;
    this.#temps = new Set();
    this.depth++;
    const body = emit();
    const declared = this.#temps.size > 0 ? `let ${[...this.#temps].join(',')};` : '';
    this.#temps = outer;
    this.depth--;
    return declared + body;
  }

  /** RAW to UNIFORM. */
  toUniform(type: Type, code: string): string {
    if (!needsBox(type)) return code;
    const inner = isNullable(type) ? type.args[0] : type;
    const name = fullName(inner);
    let boxer = this.#boxers.get(name);
    if (!boxer) {
      boxer = (value) => (value === null ? null : new Boxed(name, value));
      this.#boxers.set(name, boxer);
    }
    return `${this.ref(boxer)}(${code})`;
  }

  /** UNIFORM to RAW. */
  fromUniform(type: Type, code: string): string {
    return needsBox(type) ? `${this.ref(unbox)}(${code})` : code;
  }

  literal(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'bigint':
        return value < 0n ? `(${value}n)` : `${value}n`;
      case 'number':
        if (Number.isNaN(value)) return '(0/0)';
        if (!Number.isFinite(value)) return value > 0 ? '(1/0)' : '(-1/0)';
        return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? '-0' : value})` : String(value);
      default:
        return 'null';
    }
  }
}

/** Is a parameter or result of this declared type UNIFORM whatever its closed type is? */
export function isUniformPosition(type: Type): boolean {
  return type.kind === 'parameter' || (isNullable(type) && type.args[0].kind === 'parameter');
}
