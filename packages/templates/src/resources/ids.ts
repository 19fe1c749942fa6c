import type { TemplateScope } from '../scope.ts';

/** ARM id of a deployment scope; empty for the tenant. */
export function scopeId(scope: TemplateScope): string {
  switch (scope.kind) {
    case 'tenant':
      return '';
    case 'managementGroup':
      return `/providers/Microsoft.Management/managementGroups/${scope.managementGroup?.name ?? ''}`;
    case 'subscription':
      return `/subscriptions/${scope.subscription?.subscriptionId ?? ''}`;
    case 'resourceGroup':
      return `/subscriptions/${scope.subscription?.subscriptionId ?? ''}/resourceGroups/${scope.resourceGroup?.name ?? ''}`;
  }
}

/** `/providers/Microsoft.ApiManagement/service/apim/apis/echo` for a type and all its name segments. */
export function providerPath(type: string, names: readonly string[]): string {
  const [namespace, ...types] = type.split('/');
  return `/providers/${namespace}${types.map((each, i) => `/${each}/${names[i] ?? ''}`).join('')}`;
}

/** How many name segments a type takes: `Microsoft.ApiManagement/service/apis` takes 2. */
export function nameSegments(type: string): number {
  return type.split('/').length - 1;
}

/** Id of a resource below `scope`; resource groups and management groups have paths of their own. */
export function resourceIdIn(scope: string, type: string, names: readonly string[]): string {
  const lower = type.toLowerCase();
  if (lower === 'microsoft.resources/resourcegroups') return `${scope}/resourceGroups/${names[0] ?? ''}`;
  if (lower === 'microsoft.management/managementgroups') return providerPath(type, names);
  if (lower === 'microsoft.resources/subscriptions') return `/subscriptions/${names[0] ?? ''}`;
  return scope + providerPath(type, names);
}

export interface IdParts {
  /** What stands before the last `/providers/`; empty for the tenant. */
  readonly scope: string;
  readonly type: string;
  readonly name: string;
}

/** Splits an id at its last `/providers/`; resource groups and subscriptions are understood too. */
export function splitId(id: string): IdParts | undefined {
  const at = id.toLowerCase().lastIndexOf('/providers/');
  if (at === -1) {
    const group = /^(\/subscriptions\/[^/]+)\/resourceGroups\/([^/]+)$/i.exec(id);
    if (group) return { scope: group[1]!, type: 'Microsoft.Resources/resourceGroups', name: group[2]! };
    const subscription = /^\/subscriptions\/([^/]+)$/i.exec(id);
    return subscription ? { scope: '', type: 'Microsoft.Resources/subscriptions', name: subscription[1]! } : undefined;
  }
  const [namespace, ...segments] = id.slice(at + '/providers/'.length).split('/');
  if (!namespace || segments.length < 2 || segments.length % 2 !== 0) return undefined;
  const type = [namespace, ...segments.filter((_, i) => i % 2 === 0)].join('/');
  return { scope: id.slice(0, at), type, name: segments.filter((_, i) => i % 2 === 1).join('/') };
}

export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
