import type { Api, Operation } from '@lazuli/resources';

/** Stands for the API of a request that belongs to none, so that on-error policies can ask `context.Api` for its name. */
export const noApi: Api = {
  name: '',
  revision: '',
  isCurrent: false,
  isOnline: false,
  displayName: '',
  description: null,
  path: '',
  protocols: [],
  type: 'http',
  serviceUrl: null,
  subscriptionRequired: false,
  subscriptionKeyParameterNames: { header: '', query: '' },
  apiVersion: '',
  apiVersionSet: null,
  apiRevisionDescription: null,
  operations: [],
  policy: null,
  diagnostics: [],
  tags: [],
  schemas: new Map(),
  xmlSchemas: new Map(),
};

/** The same for the operation. */
export const noOperation: Operation = {
  name: '',
  displayName: '',
  description: null,
  method: '',
  urlTemplate: '',
  templateParameters: [],
  request: { queryParameters: [], headers: [], representations: [] },
  responses: [],
  policy: null,
};
