import { type RefusedType, refusedType } from './refused-type.ts';

const credentials = 'The credential manager (authorization providers)';
const gateways = 'Workspace gateways';

/** What a client may ask for and is told that it is not there. */
const refused: readonly RefusedType[] = [
  { path: 'authorizationProviders', feature: credentials },
  {
    path: 'authorizationProviders/authorizations',
    feature: credentials,
    actions: ['confirmConsentCode', 'getLoginLinks'],
  },
  { path: 'authorizationProviders/authorizations/accessPolicies', feature: credentials },
  { path: 'apis/resolvers/policies', feature: 'Resolvers of GraphQL APIs' },
  { path: 'settings', feature: 'Settings of the tenant' },
  { path: 'users/confirmations', feature: 'Sending mail to developers', actions: ['send'] },
  { path: 'portalRevisions', feature: 'Publishing the developer portal' },
  { path: 'privateEndpointConnections', feature: 'Private endpoints' },
  { path: 'privateLinkResources', feature: 'Private endpoints' },
  { path: 'outboundNetworkDependenciesEndpoints', feature: 'Outbound dependencies of an Azure region' },
  { path: 'workspaceLinks', feature: 'Workspaces' },
  { path: 'workspaces', feature: 'Workspaces' },
  { path: 'Microsoft.ApiManagement/gateways', feature: gateways, scopes: ['resourceGroup'] },
  { path: 'Microsoft.ApiManagement/gateways/configConnections', feature: gateways },
  { path: 'Microsoft.ApiManagement/gateways/skus', feature: gateways },
];

/** The tree that a workspace has below it, as Azure's clients know it, with the actions of each type. */
const workspaceTypes: Readonly<Record<string, readonly string[]>> = {
  'workspaces/apiVersionSets': [],
  'workspaces/apis': [],
  'workspaces/apis/diagnostics': [],
  'workspaces/apis/operations': [],
  'workspaces/apis/operations/policies': [],
  'workspaces/apis/policies': [],
  'workspaces/apis/releases': [],
  'workspaces/apis/revisions': [],
  'workspaces/apis/schemas': [],
  'workspaces/backends': [],
  'workspaces/certificates': ['refreshSecret'],
  'workspaces/diagnostics': [],
  'workspaces/groups': [],
  'workspaces/groups/users': [],
  'workspaces/loggers': [],
  'workspaces/namedValues': ['listValue', 'refreshSecret'],
  'workspaces/notifications': [],
  'workspaces/notifications/recipientEmails': [],
  'workspaces/notifications/recipientUsers': [],
  'workspaces/policies': [],
  'workspaces/policyFragments': ['listReferences'],
  'workspaces/products': [],
  'workspaces/products/apiLinks': [],
  'workspaces/products/groupLinks': [],
  'workspaces/products/policies': [],
  'workspaces/schemas': [],
  'workspaces/subscriptions': ['listSecrets', 'regeneratePrimaryKey', 'regenerateSecondaryKey'],
  'workspaces/tags': [],
  'workspaces/tags/apiLinks': [],
  'workspaces/tags/operationLinks': [],
  'workspaces/tags/productLinks': [],
};

export const refusedTypes = [
  ...refused.map(refusedType),
  ...Object.entries(workspaceTypes).map(([path, actions]) => refusedType({ path, feature: 'Workspaces', actions })),
];
