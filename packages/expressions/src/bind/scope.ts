import type { FunctionSymbol, LocalSymbol } from './bound.ts';

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
