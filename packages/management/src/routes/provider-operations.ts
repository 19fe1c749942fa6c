import type { ResourceProvider } from '../contract.ts';
import { armError } from '../errors.ts';
import type { Services } from '../services.ts';
import { operationsOf } from './providers.ts';
import type { Route } from './route.ts';

const apiVersions = ['2022-04-01', '2018-01-01-preview', '2015-07-01'];
const type = 'Microsoft.Authorization/providerOperations';

/** What roles can be made of: the operations of a provider by resource type (`az provider operation`). */
function document(services: Services, provider: ResourceProvider) {
  const operations = operationsOf(services, provider);
  const resources = new Map<string, ReturnType<typeof operation>[]>();
  for (const one of operations) {
    const name = one.display.resource ?? '';
    const own = resources.get(name);
    if (own === undefined) resources.set(name, [operation(one)]);
    else own.push(operation(one));
  }
  const own = resources.get('') ?? [];
  resources.delete('');
  return {
    id: `/providers/${type}/${provider.namespace}`,
    type,
    name: provider.namespace,
    displayName: provider.displayName,
    resourceTypes: [...resources].map(([name, list]) => ({ name, displayName: name, operations: list })),
    operations: own,
  };
}

function operation({ name, isDataAction, display }: ReturnType<typeof operationsOf>[number]) {
  return {
    name,
    displayName: display.operation ?? '',
    description: display.description ?? '',
    origin: 'user,system',
    isDataAction,
  };
}

export const providerOperationRoutes: readonly Route[] = [
  {
    methods: ['GET'],
    path: '/providers/Microsoft.Authorization/providerOperations',
    apiVersions,
    async run({ services }) {
      return { status: 200, body: { value: services.registry.providers.map((one) => document(services, one)) } };
    },
  },
  {
    methods: ['GET'],
    path: '/providers/Microsoft.Authorization/providerOperations/{namespace}',
    apiVersions,
    async run({ services, parameters }) {
      const namespace = parameters.namespace ?? '';
      const provider = services.registry.provider(namespace);
      if (provider === undefined) throw armError('InvalidResourceNamespace', { namespace });
      return { status: 200, body: document(services, provider) };
    },
  },
];
