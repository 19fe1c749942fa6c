import { pointerOf } from '../documents/document.ts';
import { convertSchema, type Dialect } from './convert-schema.ts';
import { type References, referenceOf } from './references.ts';
import type { SpecificationNode } from './specification-node.ts';

/**
 * Collects the schemas of a specification under names, as JSON Schema 2020-12. A `$ref` becomes `#/schemas/{name}`,
 * whatever it pointed at, so schemas that refer to themselves stay finite.
 */
export class SchemaCollector {
  readonly schemas = new Map<string, unknown>();
  readonly #references: References;
  readonly #dialect: Dialect;
  /** Names by file and pointer. */
  readonly #names = new Map<string, string>();
  readonly #waiting: { readonly name: string; readonly node: SpecificationNode }[] = [];

  constructor(references: References, dialect: Dialect) {
    this.#references = references;
    this.#dialect = dialect;
  }

  /** Takes in every schema of `components.schemas` or `definitions` under its own name. */
  addNamed(container: SpecificationNode | null): void {
    for (const [name, node] of container?.entries() ?? []) this.#name(node, name);
    this.#convertWaiting();
  }

  /** A schema as JSON Schema; null when the node is null. */
  convert(node: SpecificationNode | null): unknown {
    if (node === null) return null;
    const converted = this.#convert(node);
    this.#convertWaiting();
    return converted;
  }

  #convert(node: SpecificationNode): unknown {
    return convertSchema(node, this.#dialect, (from) => this.#pointerTo(from));
  }

  /** `#/schemas/{name}` for the target of a `$ref`; null after reporting that it leads nowhere. */
  #pointerTo(from: SpecificationNode): string | null {
    const target = this.#references.target(from, referenceOf(from) ?? '');
    if (target === null || this.#references.resolve(from) === null) return null;
    return `#/schemas${pointerOf([this.#name(target, null)])}`;
  }

  #name(node: SpecificationNode, wanted: string | null): string {
    const key = `${node.at.document.file}#${pointerOf(node.at.path)}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const base =
      wanted ??
      String(
        node.at.path.at(-1) ??
          node.at.document.file
            .split('/')
            .at(-1)
            ?.replace(/\.\w+$/, '') ??
          'schema',
      );
    let name = base;
    for (let suffix = 2; this.schemas.has(name); suffix++) name = `${base}-${suffix}`;
    this.#names.set(key, name);
    this.schemas.set(name, true);
    this.#waiting.push({ name, node });
    return name;
  }

  #convertWaiting(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.schemas.set(next.name, this.#convert(next.node));
    }
  }
}
