import { TemplateError } from '../errors.ts';
import { splitId } from './ids.ts';

/** What a reference to a resource of the template can find out before the deployment. */
export interface ResourceEntry {
  readonly key: string;
  readonly symbolicName?: string;
  /** Name of the copy loop that made it. */
  readonly copyName?: string;
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly existing: boolean;
  readonly condition: boolean;
}

/** Finds resources of one template by what `reference()`, `list*()` and `dependsOn` may call them. */
export class ResourceIndex {
  readonly #entries: readonly ResourceEntry[];
  readonly #byId = new Map<string, ResourceEntry[]>();
  readonly #byText = new Map<string, ResourceEntry[]>();
  /** A nested child may be called by the name that it has inside its parent. */
  readonly #byLastSegment = new Map<string, ResourceEntry[]>();
  readonly #bySymbol = new Map<string, ResourceEntry[]>();
  readonly #outer: ResourceIndex | undefined;

  /** `outer`: resources of the template around this one, for nested templates of outer scope. */
  constructor(entries: readonly ResourceEntry[], outer?: ResourceIndex) {
    this.#entries = entries;
    this.#outer = outer;
    for (const entry of entries) {
      push(this.#byId, entry.id, entry);
      if (entry.symbolicName !== undefined) {
        push(this.#bySymbol, entry.symbolicName, entry);
        if (entry.key !== entry.symbolicName) push(this.#bySymbol, entry.key, entry);
      }
      const texts = new Set([
        entry.name,
        `${entry.type}/${entry.name}`,
        interleaved(entry),
        entry.copyName ?? entry.name,
      ]);
      for (const text of texts) push(this.#byText, text, entry);
      push(this.#byLastSegment, entry.name.split('/').at(-1)!, entry);
    }
  }

  get entries(): readonly ResourceEntry[] {
    return this.#entries;
  }

  /** All that `text` names: a symbolic name, an id, a name, `type/name`, or a copy loop. */
  find(text: string): readonly ResourceEntry[] {
    const key = text.toLowerCase();
    return (
      this.#bySymbol.get(key) ?? this.#byId.get(key) ?? this.#byText.get(key) ?? this.#byLastSegment.get(key) ?? []
    );
  }

  /** The one resource that `text` names; undefined when there is none here. Throws when there are several. */
  findOne(text: string): ResourceEntry | undefined {
    const found = this.find(text);
    const live = found.length > 1 ? found.filter((entry) => entry.condition) : found;
    const entry = live[0] ?? found[0];
    if (entry === undefined) return this.#outer?.findOne(text);
    if (live.some((other) => other.id.toLowerCase() !== entry.id.toLowerCase())) {
      throw new TemplateError('ResourceAmbiguous', { name: text, matches: live.map((other) => other.id).join("', '") });
    }
    return entry;
  }

  /** The instances of the copy loop with this symbolic name, in order. */
  collection(symbol: string): readonly ResourceEntry[] {
    return this.#bySymbol.get(symbol.toLowerCase()) ?? this.#outer?.collection(symbol) ?? [];
  }
}

function push(map: Map<string, ResourceEntry[]>, text: string, entry: ResourceEntry): void {
  const key = text.toLowerCase();
  const list = map.get(key);
  if (list) list.push(entry);
  else map.set(key, [entry]);
}

/** `Microsoft.ApiManagement/service/apim/apis/echo` */
function interleaved({ type, name }: ResourceEntry): string {
  const names = name.split('/');
  const [namespace, ...types] = type.split('/');
  return [namespace, ...types.flatMap((each, i) => [each, names[i] ?? ''])].join('/');
}

/** The parent of a child resource by id: the service of an API; undefined for a resource without one. */
export function parentId(id: string): string | undefined {
  const parts = splitId(id);
  if (parts === undefined || !parts.name.includes('/')) return undefined;
  return id
    .split('/')
    .slice(0, -2)
    .join('/')
    .replace(/\/providers\/[^/]+$/i, '');
}
