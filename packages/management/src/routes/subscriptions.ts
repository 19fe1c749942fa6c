import type { JsonObject } from '@lazuli/store';
import type { Principal } from '../contract.ts';
import { subscriptionType } from '../ids/arm-id.ts';
import { defined, objectAt } from '../json/json.ts';
import { resourcesVersions } from '../microsoft-resources/api-versions.ts';
import type { Services } from '../services.ts';
import type { Route } from './route.ts';

/** Whether the caller has any right in the subscription: then it is shown, as Azure does. */
function sees({ authorizer, subscription }: Services, principal: Principal): Promise<boolean> {
  return authorizer.sees(principal, `/subscriptions/${subscription.subscriptionId}`);
}

async function document({ subscription, store }: Services): Promise<JsonObject> {
  const id = `/subscriptions/${subscription.subscriptionId}`;
  const record = await store.get(id);
  return {
    id,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscription.subscriptionId,
    tenantId: subscription.tenantId,
    displayName: subscription.displayName,
    state: 'Enabled',
    subscriptionPolicies: { locationPlacementId: 'Public_2014-09-01', quotaId: 'Lazuli', spendingLimit: 'Off' },
    ...(record?.body.tags === undefined ? {} : { tags: defined(objectAt(record.body, 'tags')) }),
  };
}

export const listSubscriptions: Route = {
  methods: ['GET'],
  path: '/subscriptions',
  apiVersions: resourcesVersions,
  async run({ services, call }) {
    const value = (await sees(services, call.principal)) ? [await document(services)] : [];
    return { status: 200, body: { value: value.map(defined), count: { type: 'Total', value: value.length } } };
  },
};

export const getSubscription: Route = {
  methods: ['GET'],
  path: '/subscriptions/{subscriptionId}',
  apiVersions: resourcesVersions,
  permission: `${subscriptionType}/read`,
  run: async ({ services }) => ({ status: 200, body: await document(services) }),
};

export const listTenants: Route = {
  methods: ['GET'],
  path: '/tenants',
  apiVersions: resourcesVersions,
  async run({ services: { subscription } }) {
    const { tenantId } = subscription;
    const tenant = { id: `/tenants/${tenantId}`, tenantId, displayName: 'Lazuli', tenantCategory: 'Home', domains: [] };
    return { status: 200, body: { value: [tenant] } };
  },
};

export const listLocations: Route = {
  methods: ['GET'],
  path: '/subscriptions/{subscriptionId}/locations',
  apiVersions: resourcesVersions,
  permission: `${subscriptionType}/locations/read`,
  async run({ services: { locations, subscription } }) {
    const value = locations.map(({ name, displayName }) => ({
      id: `/subscriptions/${subscription.subscriptionId}/locations/${name}`,
      name,
      type: 'Region',
      displayName,
      regionalDisplayName: displayName,
      metadata: { regionType: 'Physical', regionCategory: 'Recommended' },
    }));
    return { status: 200, body: { value } };
  },
};
