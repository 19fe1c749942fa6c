import type { Api, Operation, Product, Subscription, User } from '@lazuli/resources';

/** Resources for tests, whole enough for `context`; every part can be replaced. */
export function apiOf(over: Partial<Api> = {}): Api {
  return {
    name: 'orders-api',
    revision: '1',
    isCurrent: true,
    isOnline: true,
    displayName: 'Orders',
    description: null,
    path: 'orders',
    protocols: ['https'],
    type: 'http',
    serviceUrl: 'https://backend.example/base',
    subscriptionRequired: true,
    subscriptionKeyParameterNames: { header: 'Ocp-Apim-Subscription-Key', query: 'subscription-key' },
    apiVersion: '',
    apiVersionSet: null,
    apiRevisionDescription: null,
    operations: [],
    policy: null,
    diagnostics: [],
    tags: [],
    schemas: new Map(),
    xmlSchemas: new Map(),
    ...over,
  };
}

export function operationOf(over: Partial<Operation> = {}): Operation {
  return {
    name: 'get-order',
    displayName: 'Get order',
    description: null,
    method: 'GET',
    urlTemplate: '/{id}',
    templateParameters: [],
    request: { queryParameters: [], headers: [], representations: [] },
    responses: [],
    policy: null,
    ...over,
  };
}

export function productOf(over: Partial<Product> = {}): Product {
  return {
    name: 'starter',
    displayName: 'Starter',
    description: null,
    subscriptionRequired: true,
    approvalRequired: false,
    subscriptionsLimit: null,
    state: 'published',
    apis: ['orders-api'],
    groups: ['developers'],
    tags: [],
    policy: null,
    ...over,
  };
}

export function subscriptionOf(over: Partial<Subscription> = {}): Subscription {
  return {
    name: 'contoso',
    displayName: 'Contoso',
    scope: { kind: 'product', product: 'starter' },
    owner: null,
    state: 'active',
    primaryKey: 'primary-key',
    secondaryKey: 'secondary-key',
    allowTracing: false,
    createdDate: Date.UTC(2025, 0, 1),
    startDate: null,
    expirationDate: null,
    ...over,
  };
}

export function userOf(over: Partial<User> = {}): User {
  return {
    name: 'ada',
    email: 'ada@example.com',
    firstName: 'Ada',
    lastName: 'Lovelace',
    note: null,
    state: 'active',
    registrationDate: Date.UTC(2025, 0, 1),
    groups: ['developers'],
    ...over,
  };
}
