import type { FunctionSymbol, LocalSymbol } from './bound.ts';
import type { Type } from './types.ts';

/** A declaration space: locals and local functions by name. */
export class Scope {
  readonly parent: Scope | null;
  readonly #symbols = new Map<string, LocalSymbol | FunctionSymbol>();

  constructor(parent: Scope | null) {
    this.parent = parent;
  }

  find(name: string): LocalSymbol | FunctionSymbol | undefined {
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      const symbol = scope.#symbols.get(name);
      if (symbol) return symbol;
    }
    return undefined;
  }

  /** The type that a type parameter of an enclosing local function stands for. */
  findType(name: string): Type | undefined {
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      const type = scope.#types?.get(name);
      if (type) return type;
    }
    return undefined;
  }

  addType(name: string, type: Type): void {
    this.#types ??= new Map();
    this.#types.set(name, type);
  }
  #types: Map<string, Type> | undefined;

  /** Here, not in a parent. */
  has(name: string): boolean {
    return this.#symbols.has(name);
  }

  add(symbol: LocalSymbol | FunctionSymbol): void {
    this.#symbols.set(symbol.name, symbol);
  }

  *names(): Generator<string> {
    for (let scope: Scope | null = this; scope; scope = scope.parent) yield* scope.#symbols.keys();
  }
}
