/** Namespaces in force at a place of a document, by prefix; the default one under ''. Shares what is declared further out. */
export class Scope {
  readonly parent: Scope | null;
  readonly #own: ReadonlyMap<string, string>;

  constructor(parent: Scope | null, own: ReadonlyMap<string, string>) {
    this.parent = parent;
    this.#own = own;
  }

  get(prefix: string): string | undefined {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const found = scope.#own.get(prefix);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Every prefix with its namespace. */
  all(): ReadonlyMap<string, string> {
    const chain: Scope[] = [];
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) chain.unshift(scope);
    return new Map(chain.flatMap((scope) => [...scope.#own]));
  }
}

export const noNamespaces = new Scope(null, new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]));
