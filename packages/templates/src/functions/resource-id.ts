import type { JsonValue } from '../json/values.ts';
import { isGuid, nameSegments, providerPath, resourceIdIn, scopeId } from '../resources/ids.ts';
import { stringArgument } from './arguments.ts';
import { eager, type FunctionCall, type FunctionGroup } from './definition.ts';

/** The functions that write ids, "Resource functions for ARM templates". */
export const resourceIdFunctions: FunctionGroup = {
  extensionResourceId: eager(3, Infinity, extensionResourceId),
  managementGroupResourceId: eager(2, Infinity, managementGroupResourceId),
  resourceId: eager(2, Infinity, resourceId),
  subscriptionResourceId: eager(2, Infinity, subscriptionResourceId),
  tenantResourceId: eager(2, Infinity, (args, call) => {
    const { type, names } = typeAndNames(args, 0, call);
    return resourceIdIn('', type, names);
  }),
};

function resourceId(args: JsonValue[], call: FunctionCall): string {
  const { before, type, names } = typeAndNames(args, 2, call);
  const { scope } = call.scope.facts;
  const [first, second] = before;
  const isSubscription = second !== undefined || (first !== undefined && isGuid(first));
  const subscription = (isSubscription ? first : undefined) ?? scope.subscription?.subscriptionId;
  const group = second ?? (isSubscription ? undefined : first) ?? scope.resourceGroup?.name;
  if (type.toLowerCase() === 'microsoft.resources/resourcegroups')
    return resourceIdIn(`/subscriptions/${subscription ?? ''}`, type, names);
  if (subscription === undefined) return providerPath(type, names);
  // With a subscription id alone the resource group is that of the deployment, if it has one.
  if (group === undefined) return resourceIdIn(`/subscriptions/${subscription}`, type, names);
  return resourceIdIn(`/subscriptions/${subscription}/resourceGroups/${group}`, type, names);
}

function subscriptionResourceId(args: JsonValue[], call: FunctionCall): string {
  const { before, type, names } = typeAndNames(args, 1, call);
  const subscription = before[0] ?? call.scope.facts.scope.subscription?.subscriptionId;
  if (subscription === undefined) throw call.scope.notAtScope('subscriptionResourceId');
  return resourceIdIn(`/subscriptions/${subscription}`, type, names);
}

function managementGroupResourceId(args: JsonValue[], call: FunctionCall): string {
  const { before, type, names } = typeAndNames(args, 1, call);
  const { scope } = call.scope.facts;
  const group = before[0] ?? scope.managementGroup?.name;
  if (group === undefined) throw call.scope.notAtScope('managementGroupResourceId');
  return resourceIdIn(
    scopeId({ kind: 'managementGroup', tenant: scope.tenant, managementGroup: { name: group } }),
    type,
    names,
  );
}

function extensionResourceId(args: JsonValue[], call: FunctionCall): string {
  const [base, ...rest] = args;
  const { type, names } = typeAndNames(rest, 0, call);
  return stringArgument([base!], 0, call) + providerPath(type, names);
}

/** Splits the arguments at the resource type, the first that holds a slash; up to `most` may stand before it. */
function typeAndNames(args: JsonValue[], most: number, call: FunctionCall) {
  const texts = args.map((_, i) => stringArgument(args, i, call));
  const at = texts.findIndex((text, i) => i <= most && /^[^/]+\.[^/]+\/|^[^/]+\/[^/]+/.test(text));
  // Published templates end a type with a slash here and there, and Azure takes it.
  const type = texts[at]?.replace(/\/+$/, '');
  if (type === undefined)
    throw call.error('an argument must be a fully qualified resource type, like Microsoft.ApiManagement/service');
  const names = texts.slice(at + 1);
  if (names.length !== nameSegments(type)) {
    throw call.error(
      `the type '${type}' requires '${nameSegments(type)}' resource name argument(s) and '${names.length}' were given. Please see https://aka.ms/arm-resource-functions#resourceid`,
    );
  }
  return { before: texts.slice(0, at), type, names };
}
