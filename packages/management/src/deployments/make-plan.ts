import type { JsonObject } from '@lazuli/store';
import {
  type DeploymentPlan,
  evaluateTemplate,
  parseTemplate,
  readJson,
  type TemplatePorts,
  type TemplateScope,
} from '@lazuli/templates';
import type { ReadContext } from '../contract.ts';
import { armError } from '../errors.ts';
import { isJsonObject, memberOf, objectAt, stringAt } from '../json/json.ts';
import type { Services } from '../services.ts';
import { deploymentError, positionsIn } from './read-body.ts';
import { TemplateLinks } from './template-links.ts';
import { refuseUnknownTypes } from './unknown-types.ts';

const namePattern = /^[\w.()-]{1,64}$/;
/** Members of a deployment that are not served; a deployment that has one is refused, for it would do something else. */
const unsupported = ['onErrorDeployment'];

/** What a request for a deployment (or its validation) comes to. @throws {ArmError} with the code of the template's problem. */
export async function makePlan(
  services: Services,
  context: ReadContext,
  body: JsonObject,
  ports: TemplatePorts,
): Promise<{ readonly plan: DeploymentPlan; readonly template: object }> {
  const { id, principal } = context;
  if (!namePattern.test(id.name)) throw armError('DeploymentNameInvalidCharacters', { name: id.name });
  const properties = objectAt(body, 'properties');
  for (const name of unsupported)
    if (memberOf(properties, name) !== undefined && memberOf(properties, name) !== null)
      throw armError('UnsupportedFeature', { feature: `The property '${name}' of deployments` });
  try {
    const { template, link } = await templateOf(properties);
    const parameters = await parametersOf(properties);
    const plan = await evaluateTemplate(parseTemplate(template, positionsIn(body)), {
      parameters: isJsonObject(parameters) ? parameters : null,
      scope: await templateScope(services, context),
      deployment: {
        name: id.name,
        id: id.text,
        location: stringAt(body, 'location'),
        mode: modeOf(stringAt(properties, 'mode')),
        deployer: { objectId: principal.objectId, tenantId: principal.tenantId },
        ...(link === undefined ? {} : { templateLink: link }),
      },
      ports,
      now: new Date(context.now),
    });
    refuseUnknownTypes(services.registry, plan);
    return { plan, template };
  } catch (error) {
    throw deploymentError(error);
  }
}

/** The template in the request, or at its link: there is nothing to check without it. */
async function templateOf(properties: JsonObject) {
  const template = memberOf(properties, 'template');
  if (isJsonObject(template)) return { template };
  const link = memberOf(properties, 'templateLink');
  if (!isJsonObject(link))
    throw armError('InvalidDeployment', {
      reason: "neither 'properties.template' nor 'properties.templateLink' is given",
    });
  return { template: await linked(link), link: JSON.parse(JSON.stringify(link)) };
}

async function parametersOf(properties: JsonObject): Promise<unknown> {
  const link = memberOf(properties, 'parametersLink');
  return isJsonObject(link) ? linked(link) : memberOf(properties, 'parameters');
}

async function linked(link: JsonObject): Promise<object> {
  const [uri, query] = [stringAt(link, 'uri'), stringAt(link, 'queryString')];
  const id = stringAt(link, 'id');
  if (uri === undefined && id === undefined)
    throw armError('InvalidDeployment', { reason: "a link needs the member 'uri'" });
  const address = uri !== undefined && query ? `${uri}?${query.replace(/^\?/, '')}` : uri;
  const text = await new TemplateLinks(false).fetch(address === undefined ? { id } : { uri: address });
  const { value } = readJson(text ?? '');
  if (typeof value !== 'object' || value === null)
    throw armError('InvalidDeployment', { reason: `what is at '${uri}' is no JSON object` });
  return value;
}

async function templateScope(services: Services, { id }: ReadContext): Promise<TemplateScope> {
  const { tenantId, subscriptionId, displayName } = services.subscription;
  const tenant = { tenantId, displayName: 'Lazuli' };
  if (id.subscriptionId === undefined)
    throw armError('UnsupportedFeature', { feature: 'Deploying at the scope of the tenant' });
  const subscription = { subscriptionId, displayName };
  if (id.resourceGroup === undefined) return { kind: 'subscription', tenant, subscription };
  const record = await services.store.get(`/subscriptions/${subscriptionId}/resourceGroups/${id.resourceGroup}`);
  const body = record?.body ?? {};
  const tags = Object.entries(objectAt(body, 'tags')).filter(
    (one): one is [string, string] => typeof one[1] === 'string',
  );
  const resourceGroup = {
    name: record?.id.split('/').at(-1) ?? id.resourceGroup,
    location: stringAt(body, 'location') ?? '',
    tags: Object.fromEntries(tags),
    provisioningState: 'Succeeded',
  };
  return { kind: 'resourceGroup', tenant, subscription, resourceGroup };
}

function modeOf(mode: string | undefined): 'Incremental' | 'Complete' {
  if (mode === undefined || /^incremental$/i.test(mode)) return 'Incremental';
  if (/^complete$/i.test(mode)) return 'Complete';
  throw armError('InvalidDeployment', {
    reason: `the mode '${mode}' is not known; expected 'Incremental' or 'Complete'`,
  });
}
