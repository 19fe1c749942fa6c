import type { ProviderAction, ResourceProvider, ResourceType } from '../contract.ts';
import { recordedProvider, recordedType } from './recorded-type.ts';

/** A type with what follows from its place among the others. */
export interface RegisteredType {
  readonly type: ResourceType;
  readonly provider: ResourceProvider;
  readonly apiVersions: readonly string[];
  /** Prefix of its permissions: `Microsoft.ApiManagement/service/apis`. */
  readonly permission: string;
  /** The type of the resource it lies in; undefined for types of one segment and where no such type is registered. */
  readonly parent?: RegisteredType;
}

export class RegistrationError extends Error {
  override readonly name = 'RegistrationError';
}

/** `Microsoft.KeyVault` */
const namespacePattern = /^[A-Za-z][\w]*(\.[\w]+)+$/;

/** All providers with their types, found by name without regard to case. */
export class Registry {
  readonly providers: readonly ResourceProvider[];
  readonly #providers = new Map<string, ResourceProvider>();
  readonly #types = new Map<string, RegisteredType>();
  /** Types by the names that they had once. */
  readonly #former = new Map<string, RegisteredType>();

  readonly #recordsUnknown: boolean;

  /** @throws {RegistrationError} when two types have one name, or a type is not in the namespace of its provider. */
  constructor(providers: readonly ResourceProvider[], options: { readonly recordUnknown?: boolean } = {}) {
    this.#recordsUnknown = options.recordUnknown ?? false;
    for (const provider of providers) {
      const key = provider.namespace.toLowerCase();
      const known = this.#providers.get(key);
      this.#providers.set(key, known === undefined ? provider : joined(known, provider));
      const types = [...provider.types].sort((a, b) => a.type.split('/').length - b.type.split('/').length);
      for (const type of types) this.#add(provider, type);
    }
    this.providers = [...this.#providers.values()].sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  }

  provider(namespace: string): ResourceProvider | undefined {
    const known = this.#providers.get(namespace.toLowerCase());
    return (
      known ?? (this.#recordsUnknown && namespacePattern.test(namespace) ? recordedProvider(namespace) : undefined)
    );
  }

  type(name: string): RegisteredType | undefined {
    const key = name.toLowerCase();
    const known = this.#types.get(key) ?? this.#former.get(key);
    if (!this.#recordsUnknown || (known !== undefined && !known.type.isRefused)) return known;
    const [namespace = '', ...segments] = name.split('/');
    if (!namespacePattern.test(namespace) || segments.length === 0 || segments.includes('')) return known;
    // Resources of resource groups and deployments of this process are not anybody's to invent.
    if (/^(Microsoft\.(Resources|Authorization)|Lazuli\..*)$/i.test(namespace)) return known;
    const type = recordedType(known?.type.type ?? name);
    const provider = this.provider(namespace) ?? recordedProvider(namespace);
    return { type, provider, apiVersions: ['*'], permission: type.type };
  }

  types(): IterableIterator<RegisteredType> {
    return this.#types.values();
  }

  #add(provider: ResourceProvider, type: ResourceType): void {
    const key = type.type.toLowerCase();
    const segments = key.split('/');
    if (segments.length < 2 || segments[0] !== provider.namespace.toLowerCase())
      throw new RegistrationError(`the type '${type.type}' is not in the namespace '${provider.namespace}'`);
    if (this.#types.has(key)) throw new RegistrationError(`the type '${type.type}' is registered twice`);
    const registered: RegisteredType = {
      type,
      provider,
      apiVersions: type.apiVersions ?? provider.apiVersions,
      permission: type.permission ?? type.type,
      parent: segments.length > 2 ? this.#types.get(segments.slice(0, -1).join('/')) : undefined,
    };
    this.#types.set(key, registered);
    for (const former of type.formerTypes ?? []) this.#former.set(former.toLowerCase(), registered);
  }
}

/** Two declarations of one namespace: `Microsoft.Insights` comes from several packages. */
function joined(a: ResourceProvider, b: ResourceProvider): ResourceProvider {
  return {
    ...a,
    apiVersions: [...new Set([...a.apiVersions, ...b.apiVersions])].sort().reverse(),
    types: [...a.types, ...b.types],
    actions: [...(a.actions ?? []), ...(b.actions ?? [])] satisfies ProviderAction[],
    operations: [...(a.operations ?? []), ...(b.operations ?? [])],
  };
}
