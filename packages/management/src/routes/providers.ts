import type { JsonObject } from '@lazuli/store';
import type { ResourceProvider } from '../contract.ts';
import { armError } from '../errors.ts';
import { defined } from '../json/json.ts';
import { resourcesVersions } from '../microsoft-resources/api-versions.ts';
import type { Services } from '../services.ts';
import type { Route, RouteContext } from './route.ts';

const read = 'Microsoft.Resources/subscriptions/providers/read';

/** A provider with its types as clients read them, to choose API versions above all. */
export function providerDocument(services: Services, provider: ResourceProvider, isScoped: boolean): JsonObject {
  const { namespace } = provider;
  const { subscriptionId } = services.subscription;
  const types = [...services.registry.types()].filter((one) => one.provider.namespace === namespace);
  return {
    id: isScoped ? `/subscriptions/${subscriptionId}/providers/${namespace}` : `/providers/${namespace}`,
    namespace,
    resourceTypes: types.map(({ type, apiVersions }) => ({
      resourceType: type.type.slice(namespace.length + 1),
      locations: type.tracked ? services.locations.map((location) => location.displayName) : [],
      apiVersions,
      defaultApiVersion: apiVersions[0] ?? '',
      capabilities: type.tracked ? 'SupportsTags, SupportsLocation' : 'None',
    })),
    // What is served is there: nothing has to be registered first.
    registrationState: 'Registered',
    registrationPolicy: 'RegistrationFree',
  };
}

function one({ services, parameters }: RouteContext, isScoped: boolean) {
  const namespace = parameters.resourceProviderNamespace ?? '';
  const provider = services.registry.provider(namespace);
  if (provider === undefined) throw armError('InvalidResourceNamespace', { namespace });
  return { status: 200, body: providerDocument(services, provider, isScoped) };
}

function all({ services }: RouteContext, isScoped: boolean) {
  const value = services.registry.providers.map((provider) => defined(providerDocument(services, provider, isScoped)));
  return { status: 200, body: { value } };
}

export const providerRoutes: readonly Route[] = [
  {
    methods: ['GET'],
    path: '/providers',
    apiVersions: resourcesVersions,
    run: async (context) => all(context, false),
  },
  {
    methods: ['GET'],
    path: '/providers/{resourceProviderNamespace}',
    apiVersions: resourcesVersions,
    run: async (context) => one(context, false),
  },
  {
    methods: ['GET'],
    path: '/subscriptions/{subscriptionId}/providers',
    apiVersions: resourcesVersions,
    permission: read,
    run: async (context) => all(context, true),
  },
  {
    methods: ['GET'],
    path: '/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}',
    apiVersions: resourcesVersions,
    permission: read,
    run: async (context) => one(context, true),
  },
  {
    methods: ['GET'],
    path: '/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}/resourceTypes',
    apiVersions: resourcesVersions,
    permission: read,
    async run(context) {
      const { resourceTypes } = one(context, true).body;
      return { status: 200, body: { value: resourceTypes ?? [] } };
    },
  },
  {
    methods: ['POST'],
    path: '/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}/register',
    apiVersions: resourcesVersions,
    permission: 'Microsoft.Resources/subscriptions/providers/register/action',
    run: async (context) => one(context, true),
  },
  {
    methods: ['POST'],
    path: '/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}/unregister',
    apiVersions: resourcesVersions,
    permission: 'Microsoft.Resources/subscriptions/providers/unregister/action',
    async run(context) {
      one(context, true);
      throw armError('UnsupportedFeature', { feature: 'Unregistering a resource provider' });
    },
  },
  {
    methods: ['GET'],
    path: '/providers/{resourceProviderNamespace}/operations',
    apiVersions: 'any',
    async run(context) {
      const namespace = context.parameters.resourceProviderNamespace ?? '';
      const provider = context.services.registry.provider(namespace);
      if (provider === undefined) throw armError('InvalidResourceNamespace', { namespace });
      return { status: 200, body: { value: operationsOf(context.services, provider) } };
    },
  },
];

/** Every permission that the provider asks for (proxy-api-reference, "Operations API"). */
export function operationsOf(services: Services, provider: ResourceProvider) {
  const found: { name: string; isDataAction: boolean; display: Record<string, string> }[] = [];
  const seen = new Set<string>();
  const add = (name: string, resource: string, operation: string, description: string, isDataAction = false) => {
    if (seen.has(name.toLowerCase())) return;
    seen.add(name.toLowerCase());
    found.push({ name, isDataAction, display: { provider: provider.displayName, resource, operation, description } });
  };
  for (const { type, permission, provider: own } of services.registry.types()) {
    if (own.namespace !== provider.namespace) continue;
    const resource = type.type.slice(provider.namespace.length + 1);
    const verbs = {
      read: [true, 'Get or list'],
      write: [type.put ?? type.patch ?? type.handlers?.PUT, 'Create or update'],
      delete: [type.delete ?? type.handlers?.DELETE, 'Delete'],
    } as const;
    for (const [verb, [isServed, word]] of Object.entries(verbs))
      if (isServed)
        add(`${permission}/${verb}`, resource, `${word} ${resource}`, `${word} resources of type ${resource}.`);
    for (const action of type.actions ?? [])
      add(
        action.permission ?? `${permission}/${action.name}/action`,
        resource,
        action.name,
        `Run ${action.name} on ${resource}.`,
      );
  }
  for (const action of provider.actions ?? []) {
    const verb = action.method === 'GET' ? 'read' : 'action';
    add(action.permission ?? `${provider.namespace}/${action.name}/${verb}`, '', action.name, `Run ${action.name}.`);
  }
  for (const { name, isDataAction, display } of provider.operations ?? [])
    add(name, display.resource, display.operation, display.description, isDataAction);
  return found;
}
