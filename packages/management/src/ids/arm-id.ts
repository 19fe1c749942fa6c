/** The id of one resource, or of a collection of them. */
export interface ArmId {
  /** `/subscriptions/…/resourceGroups/…/providers/…`: names decoded and as written, fixed words in Azure's spelling. */
  readonly text: string;
  /** GUID in lower case; absent at tenant scope. */
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  /** `Microsoft.ApiManagement/service/apis`; of an extension resource its own type. */
  readonly type: string;
  /** Names of the resource itself, one for each segment of its type; a collection has one less. */
  readonly names: readonly string[];
  /** The last of `names`, or empty for a collection. */
  readonly name: string;
  /** Id of what it lies directly below: parent resource, extended resource, resource group, subscription, or `/`. */
  readonly parentId: string;
}

export const resourceGroupType = 'Microsoft.Resources/resourceGroups';
export const subscriptionType = 'Microsoft.Resources/subscriptions';

/** Where in the tree a path begins. */
export interface PathScope {
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
}

/** `{namespace}/{type}/{name}/{type}/{name} …`: the part of a path between one `providers` and the next. */
export interface ProviderChain {
  readonly namespace: string;
  /** Types and names by turns; may end with a type, or an action. */
  readonly segments: readonly string[];
}

export interface ParsedPath {
  readonly scope: PathScope;
  /** The last one is what is addressed, those before it are what it extends. */
  readonly chains: readonly ProviderChain[];
}

/** Splits decoded path segments into scope and provider chains; undefined when they are no path of resources. */
export function parsePath(segments: readonly string[]): ParsedPath | undefined {
  let at = 0;
  const scope: { subscriptionId?: string; resourceGroup?: string } = {};
  if (isWord(segments[0], 'subscriptions') && segments[1] !== undefined) {
    scope.subscriptionId = segments[1].toLowerCase();
    at = 2;
    if (isWord(segments[2], 'resourceGroups') && segments[3] !== undefined) {
      scope.resourceGroup = segments[3];
      at = 4;
    }
  }
  const chains: ProviderChain[] = [];
  while (at < segments.length) {
    const namespace = segments[at + 1];
    if (!isWord(segments[at], 'providers') || namespace === undefined) return undefined;
    at += 2;
    const own: string[] = [];
    // `providers` in the place of a type begins the chain of an extension; in the place of a name it is a name.
    while (at < segments.length && !(own.length > 0 && own.length % 2 === 0 && isWord(segments[at], 'providers')))
      own.push(segments[at++] as string);
    chains.push({ namespace, segments: own });
  }
  return { scope, chains };
}

/** Id of a scope: `/`, a subscription, or a resource group. */
export function scopeId(scope: PathScope): string {
  if (scope.subscriptionId === undefined) return '/';
  const subscription = `/subscriptions/${scope.subscriptionId}`;
  return scope.resourceGroup === undefined ? subscription : `${subscription}/resourceGroups/${scope.resourceGroup}`;
}

/** Appends to an id; `/` is the empty beginning. */
export function below(parent: string, rest: string): string {
  return parent === '/' ? `/${rest}` : `${parent}/${rest}`;
}

/**
 * Parses the id of one resource, subscription or resource group (`/` has none); undefined when it is not one. Segments are taken as
 * they are: an id, unlike a URL, is not encoded.
 */
export function parseArmId(text: string): ArmId | undefined {
  if (!text.startsWith('/') || text.length > 4096) return undefined;
  const segments = text.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  if (segments.length === 0 || segments.includes('')) return undefined;
  const path = parsePath(segments);
  if (path === undefined) return undefined;
  const { scope } = path;
  const last = path.chains.at(-1);
  if (last === undefined) return scopeArmId(scope);
  let parent = scopeId(scope);
  for (const chain of path.chains) {
    if (chain.segments.length === 0 || chain.segments.length % 2 !== 0) return undefined;
    if (chain !== last) parent = below(parent, `providers/${chain.namespace}/${chain.segments.join('/')}`);
  }
  return chainArmId(scope, parent, last);
}

/** Builds the id of the resource or collection that a chain names below `extended` (a scope or another resource). */
export function chainArmId(scope: PathScope, extended: string, chain: ProviderChain): ArmId {
  const { namespace, segments } = chain;
  const types = segments.filter((_, index) => index % 2 === 0);
  const names = segments.filter((_, index) => index % 2 === 1);
  const isCollection = types.length > names.length;
  const base = below(extended, `providers/${namespace}`);
  const parentSegments = segments.slice(0, isCollection ? -1 : -2);
  return {
    text: `${base}/${segments.join('/')}`,
    ...scope,
    type: [namespace, ...types].join('/'),
    names,
    name: isCollection ? '' : (names.at(-1) ?? ''),
    parentId: parentSegments.length === 0 ? extended : `${base}/${parentSegments.join('/')}`,
  };
}

function scopeArmId(scope: PathScope): ArmId | undefined {
  if (scope.subscriptionId === undefined) return undefined;
  const parentId = scope.resourceGroup === undefined ? '/' : scopeId({ subscriptionId: scope.subscriptionId });
  const name = scope.resourceGroup ?? scope.subscriptionId;
  return {
    text: scopeId(scope),
    ...scope,
    type: scope.resourceGroup === undefined ? subscriptionType : resourceGroupType,
    names: [name],
    name,
    parentId,
  };
}

/** Ids of everything above an id, nearest first, ending with `/`. */
export function ancestorsOf(id: string): string[] {
  const found: string[] = [];
  let current = id;
  while (current !== '/') {
    const parsed = parseArmId(current);
    current = parsed === undefined ? '/' : parsed.parentId;
    found.push(current);
  }
  return found;
}

export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether `id` is `scope` or lies below it. */
export function isWithin(id: string, scope: string): boolean {
  if (scope === '/') return true;
  const inner = id.toLowerCase();
  const outer = scope.toLowerCase().replace(/\/$/, '');
  return inner === outer || inner.startsWith(`${outer}/`);
}

export function isWord(segment: string | undefined, word: string): boolean {
  return segment !== undefined && segment.toLowerCase() === word.toLowerCase();
}
