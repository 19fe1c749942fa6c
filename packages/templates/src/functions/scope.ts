import { type JsonObject, type JsonValue, newObject } from '../json/values.ts';
import type { TemplateScope } from '../scope.ts';
import { eager, type FunctionCall, type FunctionGroup } from './definition.ts';

/** "Scope functions for ARM templates" */
export const scopeFunctions: FunctionGroup = {
  managementGroup: eager(0, 0, (_, call) => managementGroup(call)),
  resourceGroup: eager(0, 0, (_, call) => resourceGroup(call)),
  subscription: eager(0, 0, (_, call) => subscription(call)),
  tenant: eager(0, 0, (_, call) => tenant(call.scope.facts.scope)),
};

function managementGroup(call: FunctionCall): JsonValue {
  const { scope } = call.scope.facts;
  const group = scope.managementGroup;
  if (group === undefined) throw call.scope.notAtScope('managementGroup');
  const { tenantId } = scope.tenant;
  return object({
    id: `/providers/Microsoft.Management/managementGroups/${group.name}`,
    name: group.name,
    properties: group.properties ?? object({ displayName: group.displayName ?? group.name, tenantId }),
    type: '/providers/Microsoft.Management/managementGroups',
  });
}

function resourceGroup(call: FunctionCall): JsonValue {
  const { resourceGroup: group, subscription: owner } = call.scope.facts.scope;
  if (group === undefined || owner === undefined) throw call.scope.notAtScope('resourceGroup');
  return object({
    id: `/subscriptions/${owner.subscriptionId}/resourceGroups/${group.name}`,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    ...(group.managedBy === undefined ? {} : { managedBy: group.managedBy }),
    tags: Object.assign(newObject(), group.tags),
    properties: object({ provisioningState: group.provisioningState ?? 'Succeeded' }),
  });
}

function subscription(call: FunctionCall): JsonValue {
  const { subscription: owner, tenant: of } = call.scope.facts.scope;
  if (owner === undefined) throw call.scope.notAtScope('subscription');
  return object({
    id: `/subscriptions/${owner.subscriptionId}`,
    subscriptionId: owner.subscriptionId,
    tenantId: of.tenantId,
    displayName: owner.displayName ?? owner.subscriptionId,
  });
}

function tenant({ tenant: of }: TemplateScope): JsonValue {
  return object({
    countryCode: of.countryCode ?? 'US',
    displayName: of.displayName ?? 'Lazuli',
    id: `/tenants/${of.tenantId}`,
    tenantId: of.tenantId,
  });
}

function object(values: JsonObject): JsonObject {
  return Object.assign(newObject(), values);
}
