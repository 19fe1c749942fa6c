import type { JsonObject, ResourceRecord } from '@lazuli/store';
import type { ArmResponse, HandlerContext, ResourceHandler } from '../contract.ts';
import { armError } from '../errors.ts';
import { type ArmId, isWord, parseArmId, parsePath, resourceGroupType, scopeId } from '../ids/arm-id.ts';
import { readJsonObject } from '../json/read-json.ts';
import { lockType } from '../locks/locks.ts';
import type { RegisteredType } from '../registry/registry.ts';
import { resolveTarget, type Target } from '../registry/target.ts';
import { matchRoutes, type Route } from '../routes/route.ts';
import type { Call, Services } from '../services.ts';
import { requirePermission } from './access.ts';
import { resolveAliases } from './aliases.ts';
import { requireApiVersion } from './api-version.ts';
import { commit, retryStale, StaleReadError } from './commit.ts';
import { deleteResource } from './delete-resource.ts';
import { getResource } from './get-resource.ts';
import { type Invocation, readContext } from './invocation.ts';
import { listResources } from './list-resources.ts';
import { patchResource, putResource } from './put-resource.ts';
import { checkActionBody, finishAction, runAction } from './run-action.ts';
import { requireResourceGroup, requireSubscription } from './scope-exists.ts';

/** Serves one call: the steps that `contract.ts` lists, in their order. Errors are thrown. */
export async function dispatch(services: Services, routes: readonly Route[], original: Call): Promise<ArmResponse> {
  const call = { ...original, segments: currentPath(original.segments) };
  const url = `/${call.segments.join('/')}`;
  if (isWord(call.segments[0], 'subscriptions')) requireSubscription(services, call.segments[1]);

  const matched = matchRoutes(routes, call.segments);
  const match = matched.find(({ route }) => route.methods.includes(call.method));
  if (match !== undefined) return runRoute(services, call, match.route, match.parameters);

  const path = parsePath(call.segments);
  if (path === undefined || (path.chains.length === 0 && path.scope.resourceGroup === undefined)) {
    if (matched.length > 0) throw armError('MethodNotAllowed', { method: call.method });
    throw armError('HttpResourceNotFound', { path: url });
  }
  const target =
    path.chains.length === 0 ? groupTarget(services, call) : resolveTarget(services.registry, path, call.method, url);
  if (matched.length > 0 && target.kind !== 'resource') throw armError('MethodNotAllowed', { method: call.method });
  return runTarget(services, call, target);
}

/** `/subscriptions/{s}/resourcegroups/{g}/deployments/…`, as older clients write it. */
function currentPath(segments: readonly string[]): readonly string[] {
  if (!isWord(segments[0], 'subscriptions')) return segments;
  const at = isWord(segments[2], 'resourceGroups') ? 4 : 2;
  if (!isWord(segments[at], 'deployments')) return segments;
  return [...segments.slice(0, at), 'providers', 'Microsoft.Resources', ...segments.slice(at)];
}

function groupTarget(services: Services, call: Call): Target {
  const type = services.registry.type(resourceGroupType);
  const id = parseArmId(`/${call.segments.join('/')}`);
  if (type === undefined || id === undefined) throw armError('HttpResourceNotFound', { path: call.segments.join('/') });
  return { kind: 'resource', type, id };
}

async function runRoute(services: Services, call: Call, route: Route, parameters: Readonly<Record<string, string>>) {
  const supported = route.apiVersions === 'any' ? [call.query.get('api-version') ?? ''] : route.apiVersions;
  const apiVersion = supported === 'none' ? '' : requireApiVersion(call.query, supported, route.path);
  const { subscriptionId, resourceGroupName: resourceGroup } = parameters;
  const scope = { subscriptionId: subscriptionId?.toLowerCase(), resourceGroup };
  const type = 'Microsoft.Resources/subscriptions';
  const allowedBy =
    route.permission === undefined
      ? undefined
      : await requirePermission(services, call, route.permission, scopeId(scope), type);
  await requireResourceGroup(services, scope, false);
  return route.run({ services, call, apiVersion, parameters, allowedBy });
}

async function runTarget(services: Services, call: Call, target: Target): Promise<ArmResponse> {
  if (target.kind === 'providerAction') return runProviderAction(services, call, target);
  const { type } = target;
  requireApiVersion(call.query, type.apiVersions, type.type.type);
  const action = permissionOf(call, target);
  const isWideList = target.kind === 'collection' && isFilteredList(type, target.id);
  const allowedBy =
    isWideList && (await services.authorizer.allows(call.principal, action, target.id.parentId)) === false
      ? undefined
      : await requirePermission(services, call, action, permissionScope(target), type.type.type);
  await checkLocks(services, call, target);

  const isGroup = type.type.type === resourceGroupType;
  if (!isGroup) await requireResourceGroup(services, target.id, call.method === 'PUT' || call.method === 'PATCH');
  const asked = await resolveAliases(services.registry, target.id, services.store);
  checkName(type, asked, target.kind);
  const parent = await requireParent(services, type, asked, action);
  const id = parent === undefined ? asked : spelledBelow(asked, parent.id);
  const invocation: Invocation = { services, call, action, allowedBy, id, type, parent };

  if (target.kind === 'action') {
    const body = await readBody(invocation);
    return retryStale(id.text, () => runAction(invocation, target.action, body));
  }
  const method = target.kind === 'collection' ? 'LIST' : call.method;
  if (target.kind === 'collection' && call.method !== 'GET')
    throw armError('MethodNotAllowed', { method: call.method });
  if (method === 'POST') throw armError('HttpResourceNotFound', { path: `/${call.segments.join('/')}` });
  const handler = type.type.handlers?.[method];
  const handled = handler && (await runHandler(invocation, method, handler));
  if (handled !== undefined) return handled;
  if (method === 'LIST') return listResources(invocation);
  if (method === 'PUT') return putResource(invocation, await readBody(invocation));
  if (method === 'PATCH') return patchResource(invocation, await readBody(invocation));
  return method === 'DELETE' ? deleteResource(invocation) : getResource(invocation);
}

async function runHandler(invocation: Invocation, method: HandlerContext['method'], handler: ResourceHandler) {
  const { services, id, parent } = invocation;
  const context: HandlerContext = {
    ...readContext(invocation),
    method,
    name: id.name,
    parent,
    existing: method === 'LIST' ? undefined : await services.store.get(id.text),
    body: method === 'PUT' || method === 'PATCH' ? await readBody(invocation) : {},
    async change(operations) {
      try {
        await commit(invocation, id.text, operations, 200);
      } catch (error) {
        if (error instanceof StaleReadError) throw armError('Conflict', { id: id.text }, { cause: error });
        throw error;
      }
    },
  };
  return handler(context);
}

async function runProviderAction(
  services: Services,
  call: Call,
  { provider, action, id, parameters }: Target & { readonly kind: 'providerAction' },
): Promise<ArmResponse> {
  requireApiVersion(call.query, action.apiVersions ?? provider.apiVersions, `${provider.namespace}/${action.name}`);
  const kind = call.method === 'GET' ? 'read' : 'action';
  const permission = action.permission ?? `${provider.namespace}/${action.name}/${kind}`;
  const scope = scopeId(id);
  const allowedBy = action.open
    ? undefined
    : await requirePermission(services, call, permission, scope, provider.namespace);
  await requireResourceGroup(services, id, false);
  const invocation = { services, call, action: permission, allowedBy, id };
  const raw = call.method === 'GET' ? {} : readJsonObject(await call.readBody());
  const body = checkActionBody(provider, action.body, raw);
  return retryStale(id.text, async () =>
    finishAction(invocation, await action.run({ ...readContext(invocation), body, parameters })),
  );
}

function permissionOf(call: Call, target: Exclude<Target, { kind: 'providerAction' }>): string {
  const { permission } = target.type;
  if (target.kind === 'action') {
    const { action } = target;
    return action.permission ?? `${permission}/${action.name}/${action.method === 'GET' ? 'read' : 'action'}`;
  }
  if (call.method === 'GET' || call.method === 'HEAD') return `${permission}/read`;
  return `${permission}/${call.method === 'DELETE' ? 'delete' : 'write'}`;
}

/** A collection is read where it lies. */
function permissionScope(target: Exclude<Target, { kind: 'providerAction' }>): string {
  return target.id.name === '' ? target.id.parentId : target.id.text;
}

/** Lists over a whole subscription hold what the caller may see of it. */
function isFilteredList(type: RegisteredType, id: ArmId): boolean {
  return type.parent === undefined && id.resourceGroup === undefined && (type.type.tracked ?? false);
}

async function checkLocks(
  services: Services,
  call: Call,
  target: Exclude<Target, { kind: 'providerAction' }>,
): Promise<void> {
  const { id, type } = target;
  // Locks are managed under locks: otherwise nobody could take one away.
  if (type.type.type === lockType || call.method === 'GET' || call.method === 'HEAD') return;
  if (target.kind === 'action') {
    if (target.action.readOnly !== true) await services.locks.check(id.text, 'action', false);
  } else await services.locks.check(id.text, call.method === 'DELETE' ? 'delete' : 'write', call.method === 'DELETE');
}

function checkName(type: RegisteredType, id: ArmId, kind: Target['kind']): void {
  const { only, pattern, isName, says } = type.type.name;
  if (kind !== 'resource' || id.name === '') return;
  const isValid =
    (only?.some((name) => isWord(id.name, name)) ?? true) &&
    (pattern?.test(id.name) ?? true) &&
    (isName?.(id.name) ?? true);
  if (!isValid) throw armError('InvalidResourceName', { name: id.name, type: type.type.type, expected: says });
}

/** The resource in which the addressed one lies: a parent resource, or the one that it extends. */
async function requireParent(
  services: Services,
  type: RegisteredType,
  id: ArmId,
  operation: string,
): Promise<ResourceRecord | undefined> {
  if (type.type.parent === 'none' || id.parentId === '/') return undefined;
  const parentId = parseArmId(id.parentId);
  // Subscriptions and resource groups have been looked for already.
  if (parentId === undefined || parentId.type.startsWith('Microsoft.Resources/subscriptions')) return undefined;
  if (parentId.type === resourceGroupType) return undefined;
  const record = await services.store.get(parentId.text);
  if (record !== undefined) return record;
  throw armError('ParentResourceNotFound', { operation, type: type.type.type, parent: parentId.text });
}

/** Names are compared without regard to case and kept as first written: those of the parents too. */
function spelledBelow(id: ArmId, parentId: string): ArmId {
  if (parentId === id.parentId || parentId.toLowerCase() !== id.parentId.toLowerCase()) return id;
  return { ...id, text: `${parentId}${id.text.slice(parentId.length)}`, parentId };
}

async function readBody({ call, type }: Invocation): Promise<JsonObject> {
  if (call.method === 'GET' || call.method === 'HEAD' || call.method === 'DELETE') return {};
  const bytes = await call.readBody();
  return type.type.readBody?.(bytes) ?? readJsonObject(bytes);
}
