import type { ProviderAction, ResourceAction, ResourceProvider, ScopeKind } from '../contract.ts';
import { armError } from '../errors.ts';
import {
  type ArmId,
  below,
  chainArmId,
  isWord,
  type ParsedPath,
  type PathScope,
  type ProviderChain,
  scopeId,
} from '../ids/arm-id.ts';
import type { RegisteredType, Registry } from './registry.ts';

/** What a path of resources addresses. */
export type Target =
  | { readonly kind: 'resource'; readonly type: RegisteredType; readonly id: ArmId }
  | { readonly kind: 'collection'; readonly type: RegisteredType; readonly id: ArmId }
  | { readonly kind: 'action'; readonly type: RegisteredType; readonly id: ArmId; readonly action: ResourceAction }
  | {
      readonly kind: 'providerAction';
      readonly provider: ResourceProvider;
      readonly action: ProviderAction;
      readonly id: ArmId;
      readonly parameters: Readonly<Record<string, string>>;
    };

/**
 * Finds the type (or action) that a parsed path addresses, and its id in the spelling of the types.
 * @throws {ArmError} `InvalidResourceNamespace`, `InvalidResourceType`, `HttpResourceNotFound`.
 */
export function resolveTarget(registry: Registry, path: ParsedPath, method: string, url: string): Target {
  let extended = scopeId(path.scope);
  let extendedKind: ScopeKind = scopeKind(path.scope);
  for (const chain of path.chains.slice(0, -1)) {
    const spelled = spell(registry, chain);
    if (spelled.segments.length === 0 || spelled.segments.length % 2 !== 0)
      throw armError('HttpResourceNotFound', { path: url });
    extended = below(extended, `providers/${spelled.namespace}/${spelled.segments.join('/')}`);
    extendedKind = 'extension';
  }
  const chain = path.chains.at(-1);
  if (chain === undefined || chain.segments.length === 0) throw armError('HttpResourceNotFound', { path: url });
  const provider = registry.provider(chain.namespace);
  if (provider === undefined) throw armError('InvalidResourceNamespace', { namespace: chain.namespace });

  const place = { scope: path.scope, extended, kind: extendedKind };
  const target = providerAction(provider, chain, method, place) ?? typeTarget(registry, chain, method, place);
  if (target !== undefined) return target;
  throw armError('InvalidResourceType', {
    namespace: provider.namespace,
    type: chain.segments.filter((_, index) => index % 2 === 0).join('/'),
    apiVersion: '*',
    supported: provider.apiVersions.join(', '),
  });
}

interface Place {
  readonly scope: PathScope;
  readonly extended: string;
  readonly kind: ScopeKind;
}

function typeTarget(registry: Registry, chain: ProviderChain, method: string, place: Place): Target | undefined {
  const { segments } = chain;
  const named = (count: number) =>
    chainArmId(place.scope, place.extended, spell(registry, { ...chain, segments: segments.slice(0, count) }));
  const typeOf = (count: number) => {
    const type = registry.type(
      [chain.namespace, ...segments.slice(0, count).filter((_, index) => index % 2 === 0)].join('/'),
    );
    return type !== undefined && livesAt(type, place.kind) ? type : undefined;
  };
  // `…/service/x/listSecrets`: an action after a whole resource, in one segment or two.
  for (const length of [1, 2]) {
    const count = segments.length - length;
    const type = count >= 2 && count % 2 === 0 ? typeOf(count) : undefined;
    const action =
      type === undefined ? undefined : findAction(type, 'resource', segments.slice(count).join('/'), method);
    if (type !== undefined && action !== undefined) return { kind: 'action', type, action, id: named(count) };
  }
  // `…/service/x/reports/byApi`: an action of a collection.
  const collection = segments.length % 2 === 0 ? typeOf(segments.length - 1) : undefined;
  const action =
    collection === undefined ? undefined : findAction(collection, 'collection', segments.at(-1) ?? '', method);
  if (collection !== undefined && action !== undefined)
    return { kind: 'action', type: collection, action, id: named(segments.length - 1) };

  const type = typeOf(segments.length);
  if (type === undefined) {
    const wide = registry.type([chain.namespace, ...segments].join('/'));
    // `/subscriptions/{s}/providers/Microsoft.ApiManagement/service`: all of a subscription, whatever the group.
    if (wide === undefined || segments.length !== 1 || !listsWide(wide, place.kind)) return undefined;
    return { kind: 'collection', type: wide, id: named(1) };
  }
  return { kind: segments.length % 2 === 0 ? 'resource' : 'collection', type, id: named(segments.length) };
}

function listsWide(type: RegisteredType, kind: ScopeKind): boolean {
  return kind === 'subscription' && (type.type.listBySubscription ?? type.type.tracked ?? false);
}

function livesAt(type: RegisteredType, kind: ScopeKind): boolean {
  let top = type;
  while (top.parent !== undefined) top = top.parent;
  return (top.type.scopes ?? ['resourceGroup']).includes(kind);
}

function findAction(
  type: RegisteredType,
  on: 'resource' | 'collection',
  name: string,
  method: string,
): ResourceAction | undefined {
  return type.type.actions?.find(
    (action) => (action.on ?? 'resource') === on && isWord(name, action.name) && (action.method ?? 'POST') === method,
  );
}

function providerAction(
  provider: ResourceProvider,
  chain: ProviderChain,
  method: string,
  place: Place,
): Target | undefined {
  for (const action of provider.actions ?? []) {
    if ((action.method ?? 'POST') !== method || !action.scopes.includes(place.kind)) continue;
    const parameters = matchSegments(action.name.split('/'), chain.segments);
    if (parameters === undefined) continue;
    const id = chainArmId(place.scope, place.extended, { namespace: provider.namespace, segments: chain.segments });
    return { kind: 'providerAction', provider, action, id, parameters };
  }
  return undefined;
}

/** Matches `locations/{location}/check` against segments; undefined when they differ. */
export function matchSegments(
  template: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (template.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const actual = segments[index] as string;
    if (expected.startsWith('{')) parameters[expected.slice(1, -1)] = actual;
    else if (!isWord(actual, expected)) return undefined;
  }
  return parameters;
}

/** The chain in the spelling of the registered types and of their fixed names. */
function spell(registry: Registry, chain: ProviderChain): ProviderChain {
  const provider = registry.provider(chain.namespace);
  const namespace = provider?.namespace ?? chain.namespace;
  const segments: string[] = [];
  let type: RegisteredType | undefined;
  let path = namespace;
  for (const [index, segment] of chain.segments.entries()) {
    if (index % 2 === 0) {
      path += `/${segment}`;
      type = registry.type(path);
      segments.push(type?.type.type.split('/').at(-1) ?? segment);
    } else segments.push(type?.type.name.only?.find((name) => isWord(segment, name)) ?? segment);
  }
  return { namespace, segments };
}

function scopeKind(scope: PathScope): ScopeKind {
  if (scope.subscriptionId === undefined) return 'tenant';
  return scope.resourceGroup === undefined ? 'subscription' : 'resourceGroup';
}
