import type { Api, Product, ServiceModel, Subscription, User } from '@lazuli/resources';
import { KeyIndex } from './key-index.ts';

/** In whose name a request runs. */
export type Authorization =
  | {
      readonly kind: 'granted';
      readonly subscription: Subscription | null;
      readonly product: Product | null;
      readonly user: User | null;
    }
  | { readonly kind: 'key-missing' }
  | { readonly kind: 'key-invalid' };

/**
 * Decides by the rules of the page "Subscriptions in Azure API Management":
 *
 * - A key is checked even when none is required. It is good when its subscription is active and covers the API: the
 *   API itself, a product that contains it, all APIs, or the service.
 * - Only a product's subscription brings the product's context (and so its policies).
 * - Without a key an open product that contains the API is the context; else the API's own `subscriptionRequired` counts.
 *
 * The state of a product does not matter (unpublishing hides a product, its keys keep working), nor do the dates of a
 * subscription, which Azure keeps "for audit purposes only": `state` is what expires one. The subscriptions of a blocked
 * user are refused.
 */
export class Authorizer {
  readonly #keys: KeyIndex;
  readonly #products: ReadonlyMap<string, Product>;
  readonly #users: ReadonlyMap<string, User>;
  /** Names of the products that contain an API, by the API's name. */
  readonly #productsOf = new Map<string, Set<string>>();
  readonly #openProductOf = new Map<string, Product>();

  constructor(model: Pick<ServiceModel, 'products' | 'subscriptions' | 'users'>) {
    this.#keys = new KeyIndex(model.subscriptions);
    this.#products = new Map(model.products.map((product) => [product.name, product]));
    this.#users = new Map(model.users.map((user) => [user.name, user]));
    for (const product of model.products) {
      for (const api of product.apis) {
        const names = this.#productsOf.get(api) ?? new Set<string>();
        this.#productsOf.set(api, names.add(product.name));
        if (!product.subscriptionRequired && !this.#openProductOf.has(api)) this.#openProductOf.set(api, product);
      }
    }
  }

  authorize(api: Api, key: string): Authorization {
    return key === '' ? this.#withoutKey(api) : this.#withKey(api, key);
  }

  /** The context of a request that needs no key: a CORS preflight. */
  openProductOf(api: Api): Product | null {
    return this.#openProductOf.get(api.name) ?? null;
  }

  #withoutKey(api: Api): Authorization {
    const product = this.openProductOf(api);
    if (product) return { kind: 'granted', subscription: null, product, user: null };
    return api.subscriptionRequired ? { kind: 'key-missing' } : anonymous;
  }

  #withKey(api: Api, key: string): Authorization {
    for (const subscription of this.#keys.find(key)) {
      if (subscription.state !== 'active' || !this.#covers(subscription, api)) continue;
      const user = subscription.owner === null ? null : (this.#users.get(subscription.owner) ?? null);
      if (user?.state === 'blocked' || user?.state === 'deleted') continue;
      const { scope } = subscription;
      const product = scope.kind === 'product' ? (this.#products.get(scope.product) ?? null) : null;
      return { kind: 'granted', subscription, product, user };
    }
    return invalid;
  }

  #covers({ scope }: Subscription, api: Api): boolean {
    switch (scope.kind) {
      case 'service':
      case 'allApis':
        return true;
      case 'api':
        return scope.api === api.name;
      case 'product':
        return this.#productsOf.get(api.name)?.has(scope.product) ?? false;
    }
  }
}

const anonymous: Authorization = { kind: 'granted', subscription: null, product: null, user: null };
const invalid: Authorization = { kind: 'key-invalid' };
