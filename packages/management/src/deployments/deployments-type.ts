import type { JsonObject } from '@lazuli/store';
import { validate, whatIf } from '@lazuli/templates';
import type { ActionContext, ActionResult, ArmResponse, HandlerContext, ResourceType } from '../contract.ts';
import { ArmError, armError } from '../errors.ts';
import { defined, isJsonObject, objectAt, stringAt } from '../json/json.ts';
import { operationHeaders } from '../operations/operation-headers.ts';
import type { Services } from '../services.ts';
import { makeRoom } from './history.ts';
import { makePlan } from './make-plan.ts';
import { deploymentPorts } from './ports.ts';
import { readDeploymentBody } from './read-body.ts';
import {
  deploymentTemplateType,
  deploymentType,
  isActive,
  stateOf,
  writeDeployment,
  writeTemplate,
} from './records.ts';
import { deploymentWork } from './run-deployment.ts';
import { TemplateLinks } from './template-links.ts';

/** Template deployments into a resource group or a subscription. */
export function deployments(services: () => Services): ResourceType {
  return {
    type: deploymentType,
    scopes: ['tenant', 'subscription', 'resourceGroup'],
    name: { says: "1 to 64 letters, digits, '-', '.', '_', '(' or ')'" },
    readBody: readDeploymentBody,
    get: { etag: false },
    handlers: {
      PUT: (context) => create(services(), context),
      DELETE: (context) => remove(context),
      async HEAD({ existing, id }) {
        if (existing === undefined) throw missing(id.name);
        return { status: 204 };
      },
      async GET({ existing, id }) {
        if (existing === undefined) throw missing(id.name);
        return { status: 200, body: document(existing.id, existing.body) };
      },
    },
    present: ({ id }, record) => document(String(id), record.body),
    actions: [
      { name: 'validate', needsResource: false, readOnly: true, run: (context) => validateOnly(services(), context) },
      { name: 'whatIf', needsResource: false, readOnly: true, run: (context) => predict(services(), context) },
      { name: 'cancel', readOnly: true, run: (context) => cancel(services(), context) },
      { name: 'exportTemplate', readOnly: true, run: exportOriginal },
    ],
  };
}

async function create(services: Services, context: HandlerContext): Promise<ArmResponse> {
  const { id, body, call, existing, principal, correlationId } = context;
  if (isActive(existing)) {
    const started = stringAt(objectAt(existing?.body ?? {}, 'properties'), 'timestamp') ?? '';
    throw armError('DeploymentActive', { name: id.name, started });
  }
  const room = existing === undefined ? await makeRoom(services, id) : [];
  const ports = deploymentPorts(services, call, new TemplateLinks(true));
  const { plan, template } = await makePlan(services, context, body, ports);
  const { operation, write } = services.operations.create({
    namespace: 'Microsoft.Resources',
    resourceId: id.text,
    resourceType: deploymentType,
    kind: 'deployment',
    action: `${deploymentType}/write`,
    principal,
    correlationId,
    onRestart: 'fail',
  });
  const properties = {
    templateHash: plan.templateHash,
    parameters: plan.parameters,
    mode: plan.deployment.mode,
    provisioningState: 'Accepted',
    timestamp: new Date(context.now).toISOString(),
    duration: 'PT0S',
    correlationId,
    providers: [],
    dependencies: [],
  };
  const tags = isJsonObject(body.tags) ? defined(body.tags) : undefined;
  const record = { id: existing?.id ?? id.text, name: id.name, location: plan.deployment.location, properties };
  await context.change([
    ...room,
    // Operations of an earlier deployment of this name are not those of this one.
    {
      operation: 'deleteSubtree',
      id: record.id,
      ...(existing === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: existing.etag }),
    },
    writeDeployment(record, operation.id, tags),
    writeTemplate(record.id, template),
    write,
  ]);
  services.operations.run(operation, deploymentWork(services, call, plan, operation));
  const stored = writeDeployment(record, operation.id, tags);
  return {
    status: existing === undefined ? 201 : 200,
    body: document(record.id, stored.body),
    headers: operationHeaders(call, operation, { via: 'Azure-AsyncOperation', retryAfterSeconds: 1 }),
  };
}

async function remove({ existing, id, change }: HandlerContext): Promise<ArmResponse> {
  if (existing === undefined) return { status: 204 };
  if (isActive(existing)) throw armError('DeploymentActive', { name: id.name, started: existing.updatedAt });
  await change([{ operation: 'deleteSubtree', id: existing.id, ifMatch: existing.etag }]);
  return { status: 204 };
}

async function validateOnly(services: Services, context: ActionContext): Promise<ActionResult> {
  const links = new TemplateLinks(true);
  const ports = deploymentPorts(services, context.call, links);
  const { plan } = await makePlan(services, context, context.body, ports);
  const { record, error } = await validate(plan, ports, {
    correlationId: context.correlationId,
    now: new Date(context.now),
  });
  if (error !== undefined) throw new ArmError({ status: 400, ...error });
  // Azure's word for a nested deployment that could not be looked into.
  const diagnostics = [...links.unread].map(([uri, problem]) => ({
    level: 'Warning',
    code: 'NestedDeploymentShortCircuited',
    target: uri,
    message: `The linked template at '${uri}' cannot be read from here (${problem}) Its resources have not been checked.`,
  }));
  const properties = { ...record.properties, ...(diagnostics.length === 0 ? {} : { diagnostics }) };
  return { status: 200, body: document(record.id, { location: record.location, properties }) };
}

async function predict(services: Services, context: ActionContext): Promise<ActionResult> {
  const ports = deploymentPorts(services, context.call, new TemplateLinks(true));
  const { plan } = await makePlan(services, context, context.body, ports);
  const settings = objectAt(objectAt(context.body, 'properties'), 'whatIfSettings');
  const ids = stringAt(settings, 'resultFormat')?.toLowerCase() === 'resourceidonly';
  const result = await whatIf(plan, ports, { resultFormat: ids ? 'ResourceIdOnly' : 'FullResourcePayloads' });
  return { status: 200, body: JSON.parse(JSON.stringify(result)) };
}

async function cancel(services: Services, { resource, id }: ActionContext): Promise<ActionResult> {
  if (resource === undefined) throw missing(id.name);
  if (!isActive(resource)) throw armError('DeploymentNotCancellable', { name: id.name, state: stateOf(resource) });
  await services.operations.cancel(stringAt(resource.body, 'operationId') ?? '');
  return { status: 204 };
}

async function exportOriginal({ resource, reader, id }: ActionContext): Promise<ActionResult> {
  const record = resource && (await reader.get(`${resource.id}/providers/${deploymentTemplateType}/default`));
  const text = record === undefined ? undefined : stringAt(record.body, 'text');
  if (text === undefined) throw missing(id.name);
  return { status: 200, body: { template: JSON.parse(text) } };
}

function document(id: string, body: JsonObject): JsonObject {
  const { location, tags, properties } = body;
  return { id, name: id.split('/').at(-1) ?? '', type: deploymentType, location, tags, properties };
}

function missing(name: string): Error {
  return armError('DeploymentNotFound', { name });
}
