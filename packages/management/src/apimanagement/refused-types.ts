import { refusedType } from './refused-type.ts';

/** What a client may ask for and is told that it is not there: path of the type, and what it is called. */
const refused: readonly (readonly [string, string])[] = [
  ['authorizationProviders', 'The credential manager (authorization providers)'],
  ['authorizationProviders/authorizations', 'The credential manager (authorization providers)'],
  ['authorizationProviders/authorizations/accessPolicies', 'The credential manager (authorization providers)'],
  ['portalRevisions', 'Publishing the developer portal'],
  ['portalconfigs', 'The configuration of the developer portal'],
  ['privateEndpointConnections', 'Private endpoints'],
  ['privateLinkResources', 'Private endpoints'],
  ['outboundNetworkDependenciesEndpoints', 'Network status of an Azure region'],
  ['networkstatus', 'Network status of an Azure region'],
  ['locations/networkstatus', 'Network status of an Azure region'],
  ['workspaceLinks', 'Workspaces'],
  ['workspaces', 'Workspaces'],
];

export const refusedTypes = refused.map(([path, feature]) => refusedType(path, feature));
