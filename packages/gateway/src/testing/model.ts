import {
  type Api,
  type Backend,
  emptyServiceModel,
  type Operation,
  type PolicyDocument,
  type Product,
  type ServiceModel,
  type Subscription,
} from '@lazuli/resources';

/** Parts of a service with everything that a test does not care about filled in as the portal's defaults have it. */

export function serviceModel(parts: Partial<ServiceModel>): ServiceModel {
  return { ...emptyServiceModel(), ...parts };
}

export function api(name: string, parts: Partial<Api> = {}): Api {
  return {
    name,
    revision: '1',
    isCurrent: true,
    isOnline: true,
    displayName: name,
    description: null,
    path: name,
    protocols: ['http', 'https'],
    type: 'http',
    serviceUrl: null,
    subscriptionRequired: false,
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
    ...parts,
  };
}

/** `operation('GET /orders/{id}')`; the name is the text itself unless given. */
export function operation(methodAndTemplate: string, parts: Partial<Operation> = {}): Operation {
  const [method = '', urlTemplate = ''] = methodAndTemplate.split(' ');
  return {
    name: methodAndTemplate,
    displayName: methodAndTemplate,
    description: null,
    method,
    urlTemplate,
    templateParameters: [],
    request: { queryParameters: [], headers: [], representations: [] },
    responses: [],
    policy: null,
    ...parts,
  };
}

export function policy(text: string, file = 'policy.xml'): PolicyDocument {
  return { format: 'rawxml', text, file };
}

export function product(name: string, apis: readonly string[], parts: Partial<Product> = {}): Product {
  return {
    name,
    displayName: name,
    description: null,
    subscriptionRequired: true,
    approvalRequired: false,
    subscriptionsLimit: null,
    state: 'published',
    apis,
    groups: [],
    tags: [],
    policy: null,
    ...parts,
  };
}

/** Its keys are `{name}-primary` and `{name}-secondary`. */
export function subscription(
  name: string,
  scope: Subscription['scope'],
  parts: Partial<Subscription> = {},
): Subscription {
  return {
    name,
    displayName: name,
    scope,
    owner: null,
    state: 'active',
    primaryKey: `${name}-primary`,
    secondaryKey: `${name}-secondary`,
    allowTracing: false,
    createdDate: null,
    startDate: null,
    expirationDate: null,
    ...parts,
  };
}

export function backend(name: string, parts: Partial<Backend> = {}): Backend {
  return {
    name,
    title: null,
    description: null,
    type: 'Single',
    url: null,
    protocol: 'http',
    credentials: null,
    tls: { validateCertificateChain: true, validateCertificateName: true },
    proxy: null,
    circuitBreaker: null,
    pool: null,
    ...parts,
  };
}
