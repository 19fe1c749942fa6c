import type { ArmResponse } from '../contract.ts';
import { getResource } from '../engine/get-resource.ts';
import { armError } from '../errors.ts';
import { parseQuery } from '../http/query.ts';
import { parseArmId } from '../ids/arm-id.ts';
import { asJson } from '../json/json.ts';
import type { LongOperation } from '../operations/operation-store.ts';
import type { Route, RouteContext } from './route.ts';

/** The operation, for who started it and who may read its resource. */
async function find({ services, call, parameters }: RouteContext): Promise<LongOperation> {
  const operationId = parameters.operationId ?? '';
  const operation = await services.operations.get(operationId);
  const isOwn = operation?.principal.objectId === call.principal.objectId;
  const readAction = `${operation?.resourceType ?? ''}/read`;
  if (
    operation === undefined ||
    !(isOwn || (await services.authorizer.allows(call.principal, readAction, operation.resourceId)))
  )
    throw armError('OperationNotFound', { operationId });
  return operation;
}

/** `Azure-AsyncOperation`: always 200, the state is in the body. */
async function status(context: RouteContext): Promise<ArmResponse> {
  const operation = await find(context);
  const { services, call } = context;
  const isRunning = operation.status === 'Running';
  return {
    status: 200,
    headers: isRunning ? { 'Retry-After': '1' } : {},
    body: {
      id: `/${call.segments.join('/')}`,
      name: operation.id,
      status: isRunning ? 'InProgress' : operation.status,
      startTime: operation.startTime,
      ...(operation.endTime === undefined ? {} : { endTime: operation.endTime }),
      percentComplete: isRunning ? 0 : 100,
      resourceId: operation.resourceId,
      tenantId: services.subscription.tenantId,
      ...(operation.error === undefined ? {} : { error: asJson(operation.error) }),
      ...(operation.result?.body === undefined ? {} : { properties: asJson(operation.result.body) }),
    },
  };
}

/** `Location`: 202 while it runs, then what the request itself would have answered. */
async function result(context: RouteContext): Promise<ArmResponse> {
  const operation = await find(context);
  const { services, call } = context;
  if (operation.status === 'Running')
    return { status: 202, headers: { Location: currentUrl(context), 'Retry-After': '1' } };
  if (operation.error !== undefined) return { status: 409, body: { error: asJson(operation.error) } };
  if (operation.kind !== 'put' && operation.kind !== 'patch')
    return {
      status: operation.result?.status ?? 200,
      body: operation.result?.body,
      headers: operation.result?.headers,
    };
  const id = parseArmId(operation.resourceId);
  const type = services.registry.type(operation.resourceType);
  if (id === undefined || type === undefined) return { status: 200 };
  return getResource({ services, call: { ...call, method: 'GET', query: parseQuery('') }, action: '', id, type });
}

function currentUrl({ call }: RouteContext): string {
  const query = call.query.entries.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `${call.baseUrl}/${call.segments.map(encodeURIComponent).join('/')}?${query.join('&')}`;
}

export const operationRoutes: readonly Route[] = ['/subscriptions/{subscriptionId}', ''].flatMap((scope) => [
  {
    methods: ['GET'] as const,
    path: `${scope}/providers/{namespace}/operationStatuses/{operationId}`,
    apiVersions: 'any' as const,
    run: status,
  },
  {
    methods: ['GET'] as const,
    path: `${scope}/providers/{namespace}/operationResults/{operationId}`,
    apiVersions: 'any' as const,
    run: result,
  },
]);
