import { TemplateError } from '../errors.ts';
import type { JsonValue } from '../json/values.ts';
import type { TemplateScope } from '../scope.ts';
import { providerPath, scopeId } from './ids.ts';

/** What a resource says about where it goes, evaluated. */
export interface ScopeProperties {
  readonly scope: JsonValue | undefined;
  readonly subscriptionId: JsonValue | undefined;
  readonly resourceGroup: JsonValue | undefined;
}

/** The scope id below which a resource is put: that of the deployment, or what `scope`, `subscriptionId` and `resourceGroup` say. */
export function targetScopeId(name: string, given: ScopeProperties, target: TemplateScope): string {
  const text = (value: JsonValue | undefined, what: string): string | undefined => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' && value !== '') return value;
    throw new TemplateError('ScopeInvalid', { name, reason: `'${what}' must be a string that is not empty` });
  };
  const subscriptionId = text(given.subscriptionId, 'subscriptionId');
  const resourceGroup = text(given.resourceGroup, 'resourceGroup');
  const scope = text(given.scope, 'scope');
  let base = scopeId(target);
  if (subscriptionId !== undefined || resourceGroup !== undefined) {
    const subscription = subscriptionId ?? target.subscription?.subscriptionId;
    if (subscription === undefined)
      throw new TemplateError('ScopeInvalid', { name, reason: "'resourceGroup' needs 'subscriptionId' here" });
    base = `/subscriptions/${subscription}${resourceGroup === undefined ? '' : `/resourceGroups/${resourceGroup}`}`;
  }
  return scope === undefined ? base : explicitScope(name, scope, base);
}

/** `scope` is an absolute id, `/` for the tenant, or `type/name` of a resource below the scope of the deployment. */
function explicitScope(name: string, scope: string, base: string): string {
  if (scope === '/') return '';
  if (scope.startsWith('/')) return scope.replace(/\/+$/, '');
  const [namespace, ...segments] = scope.split('/');
  if (!namespace?.includes('.') || segments.length === 0 || segments.length % 2 !== 0) {
    throw new TemplateError('ScopeInvalid', {
      name,
      reason: `'${scope}' is neither an id nor a resource type and name`,
    });
  }
  const type = [namespace, ...segments.filter((_, i) => i % 2 === 0)].join('/');
  const path = providerPath(
    type,
    segments.filter((_, i) => i % 2 === 1),
  );
  return /^Microsoft\.Management\/managementGroups$/i.test(type) ? path : base + path;
}

/** The scope that an id of a subscription, resource group, management group or tenant names; undefined for any other. */
export function parseScopeId(id: string, tenant: TemplateScope['tenant']): TemplateScope | undefined {
  if (id === '') return { kind: 'tenant', tenant };
  const group = /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)$/i.exec(id);
  if (group) return { kind: 'managementGroup', tenant, managementGroup: { name: group[1]! } };
  const parts = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?$/i.exec(id);
  if (!parts) return undefined;
  const subscription = { subscriptionId: parts[1]! };
  if (parts[2] === undefined) return { kind: 'subscription', tenant, subscription };
  return { kind: 'resourceGroup', tenant, subscription, resourceGroup: { name: parts[2], location: '' } };
}
