import type { Diagnostic } from '../diagnostic.ts';
import { type Place, problem } from '../errors.ts';
import type { Api, NamedValue, Product, Subscription } from '../model/service.ts';
import type { ReadApi } from './resources/api.ts';

/** Where the property of a resource stands, found only when something is wrong. */
export type PlaceOf<T> = (resource: T, property: string) => Place;

/** Contradictions between APIs: revisions, and paths that would answer for each other. */
export function checkApis(apis: readonly ReadApi[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const byName = Map.groupBy(apis, ({ api }) => api.name.toLowerCase());
  for (const revisions of byName.values()) diagnostics.push(...checkRevisions(revisions));
  const byPath = new Map<string, Api>();
  for (const { api, at } of apis) {
    if (!api.isCurrent) continue;
    // APIs of one version set share a path and differ by version; others must differ by path.
    const key = JSON.stringify([api.path.toLowerCase(), api.apiVersion.toLowerCase()]);
    const other = byPath.get(key);
    if (other === undefined) byPath.set(key, api);
    else if (other.name.toLowerCase() !== api.name.toLowerCase()) {
      diagnostics.push(
        problem('DuplicateApiPath', at.child('path').place(), {
          other: other.name,
          path: api.path,
          version: api.apiVersion,
        }),
      );
    }
  }
  return diagnostics;
}

function checkRevisions(revisions: readonly ReadApi[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const first = revisions[0];
  if (first === undefined) return [];
  const { name } = first.api;
  if (revisions.every(({ directory }) => directory.includes(';'))) {
    diagnostics.push(problem('RevisionWithoutBase', first.at.place(), { name }));
  } else if (revisions.every(({ api }) => !api.isCurrent)) {
    diagnostics.push(problem('NoCurrentRevision', first.at.child('isCurrent').place(), { name }));
  }
  const byNumber = new Map<string, ReadApi>();
  let current: ReadApi | null = null;
  for (const each of revisions) {
    const same = byNumber.get(each.api.revision);
    if (same !== undefined) {
      diagnostics.push(
        problem('DuplicateRevision', each.at.child('apiRevision').place(), {
          other: same.directory,
          revision: each.api.revision,
        }),
      );
    }
    byNumber.set(each.api.revision, each);
    if (!each.api.isCurrent) continue;
    if (current !== null)
      diagnostics.push(
        problem('SeveralCurrentRevisions', each.at.child('isCurrent').place(), { other: current.directory }),
      );
    current = each;
  }
  return diagnostics;
}

/** An API may be in at most one product that needs no subscription. */
export function checkProducts(products: readonly Product[], placeOf: PlaceOf<Product>): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const openProducts = new Map<string, Product>();
  for (const product of products) {
    if (product.subscriptionRequired) continue;
    for (const api of product.apis) {
      const other = openProducts.get(api);
      if (other === undefined) openProducts.set(api, product);
      else
        diagnostics.push(
          problem('SeveralOpenProducts', placeOf(product, 'subscriptionRequired'), { api, other: other.displayName }),
        );
    }
  }
  return diagnostics;
}

/** Two named values that policies could not tell apart. */
export function checkNamedValues(namedValues: readonly NamedValue[], placeOf: PlaceOf<NamedValue>): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const byDisplayName = new Map<string, NamedValue>();
  for (const namedValue of namedValues) {
    const key = namedValue.displayName.toLowerCase();
    const other = byDisplayName.get(key);
    if (other === undefined) byDisplayName.set(key, namedValue);
    else {
      diagnostics.push(
        problem('DuplicateDisplayName', placeOf(namedValue, 'displayName'), {
          other: other.name,
          displayName: namedValue.displayName,
        }),
      );
    }
  }
  return diagnostics;
}

/** A key opens one subscription. The key itself is never named. */
export function checkSubscriptions(
  subscriptions: readonly Subscription[],
  placeOf: PlaceOf<Subscription>,
): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const byKey = new Map<string, Subscription>();
  for (const subscription of subscriptions) {
    for (const property of ['primaryKey', 'secondaryKey'] as const) {
      const key = subscription[property];
      const other = key === '' ? undefined : byKey.get(key);
      if (other === undefined) byKey.set(key, subscription);
      else if (other !== subscription)
        diagnostics.push(problem('DuplicateSubscriptionKey', placeOf(subscription, property), { other: other.name }));
    }
  }
  return diagnostics;
}
