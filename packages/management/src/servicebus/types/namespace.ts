import type { JsonObject } from '@lazuli/store';
import type { BodyProblem, Prepared, ResourceType, WriteContext } from '../../contract.ts';
import { armError } from '../../errors.ts';
import { identitySchema, withIdentity } from '../../identity/resource-identity.ts';
import { asJson, isJsonObject } from '../../json/json.ts';
import { lastSegment, propertiesOf, withProperties } from '../../json/properties.ts';
import { refusedAction } from '../../refused/refused-action.ts';
import { boolean, integer, object, string } from '../../schema/schema.ts';
import { namespaceType } from '../ids.ts';
import { namespaceName } from '../names.ts';
import { refuseClosed } from '../network-access.ts';
import { nameProblem } from '../provider-actions.ts';
import type { ServiceBusRuntime } from '../service-bus-runtime.ts';
import { rootRule } from './authorization-rule.ts';

const tiers = ['Basic', 'Standard', 'Premium'];

/** A namespace: what has a name, keys and entities. It is served at once. */
export const namespace = (runtime: ServiceBusRuntime): ResourceType => ({
  type: namespaceType,
  tracked: true,
  listBySubscription: true,
  name: namespaceName,
  body: {
    sku: object(
      {
        name: string({ required: true, values: tiers }),
        tier: string({ values: tiers }),
        capacity: integer({ minimum: 0, maximum: 16 }),
      },
      { default: { name: 'Standard', tier: 'Standard' } },
    ),
    identity: identitySchema,
    properties: object(
      {
        provisioningState: string({ readOnly: true, default: 'Succeeded' }),
        status: string({ readOnly: true, default: 'Active' }),
        zoneRedundant: boolean({ default: false, createOnly: true }),
        disableLocalAuth: boolean({ default: false }),
        minimumTlsVersion: string({ values: ['1.0', '1.1', '1.2'], default: '1.2' }),
        publicNetworkAccess: string({ values: ['Enabled', 'Disabled', 'SecuredByPerimeter'], default: 'Enabled' }),
        premiumMessagingPartitions: integer({ minimum: 0, maximum: 4, createOnly: true }),
      },
      { default: {} },
    ),
  },
  put: { prepare },
  patch: { prepare },
  delete: {},
  actions: [refusedAction('failover', 'Geo-replication of namespaces')],
  present(document, record) {
    const { id, body, createdAt, updatedAt } = record;
    const name = lastSegment(id);
    const [, , subscription = ''] = id.split('/');
    return {
      ...document,
      ...withProperties(body, {
        // What was made with fewer members has their defaults.
        disableLocalAuth: propertiesOf(body).disableLocalAuth ?? false,
        zoneRedundant: propertiesOf(body).zoneRedundant ?? false,
        minimumTlsVersion: propertiesOf(body).minimumTlsVersion ?? '1.2',
        publicNetworkAccess: propertiesOf(body).publicNetworkAccess ?? 'Enabled',
        provisioningState: 'Succeeded',
        status: 'Active',
        metricId: `${subscription}:${name.toLowerCase()}`,
        serviceBusEndpoint: `https://${name}.servicebus.windows.net:443/`,
        createdAt,
        updatedAt,
      }),
    };
  },
  onChange: ({ id }) => runtime.changed?.(id, [id]),
});

async function prepare(write: WriteContext): Promise<Prepared> {
  const { body, existing, id, name, reader, tenantId } = write;
  refuseUnserved(propertiesOf(body));
  const problems: BodyProblem[] = [];
  if (existing === undefined) {
    const taken = await nameProblem(name, reader);
    if (taken !== undefined) problems.push({ target: 'name', message: taken.message });
  }
  const { sku, problem } = skuOf(body, existing?.body);
  if (problem !== undefined) problems.push({ target: 'sku.name', message: problem });
  return {
    body: withIdentity({ ...body, sku }, tenantId),
    problems,
    operationsAfter: existing === undefined ? [rootRule(id.text)] : [],
  };
}

/** The tier is the name's; Premium is neither left nor entered. */
function skuOf(body: JsonObject, before: JsonObject | undefined) {
  const given = isJsonObject(body.sku) ? body.sku : {};
  const name = String(given.name ?? 'Standard');
  const was = isJsonObject(before?.sku) ? String(before.sku.name) : name;
  const isPremium = name === 'Premium';
  const problem =
    (was === 'Premium') === isPremium ? undefined : `A namespace of the tier ${was} cannot become ${name}.`;
  const capacity = isPremium ? { capacity: given.capacity || 1 } : {};
  return { sku: asJson({ name, tier: name, ...capacity }), problem };
}

/** What would mean less security than was asked for is refused. @throws {ArmError} `UnsupportedFeature` */
function refuseUnserved(properties: JsonObject): void {
  const isGiven = (name: string) => properties[name] !== undefined && properties[name] !== null;
  refuseClosed(properties.publicNetworkAccess);
  if (isGiven('encryption')) throw armError('UnsupportedFeature', { feature: 'Encryption with keys of Key Vault' });
  if (isGiven('alternateName')) throw armError('UnsupportedFeature', { feature: 'Geo-disaster recovery' });
  if (isGiven('geoDataReplication')) throw armError('UnsupportedFeature', { feature: 'Geo-replication of namespaces' });
}
