import type { ResourceType } from '../contract.ts';
import { type RefusedResourceType, refusedResourceType } from '../refused/refused-type.ts';
import { namespaceType } from './ids.ts';

const recovery = 'Geo-disaster recovery';
const endpoints = 'Private endpoints';

/** What a client may ask for and is told that it is not there. Lists are empty, so that whoever looks through a namespace goes on. */
const refused: readonly (Omit<RefusedResourceType, 'type'> & { readonly path: string })[] = [
  {
    path: 'disasterRecoveryConfigs',
    feature: recovery,
    isEmpty: true,
    actions: ['breakPairing', 'failover'],
    collectionActions: ['checkNameAvailability'],
  },
  { path: 'disasterRecoveryConfigs/authorizationRules', feature: recovery, actions: ['listKeys'] },
  {
    path: 'migrationConfigurations',
    feature: 'Migration between namespaces',
    isEmpty: true,
    actions: ['upgrade', 'revert'],
  },
  { path: 'privateEndpointConnections', feature: endpoints, isEmpty: true },
  { path: 'privateLinkResources', feature: endpoints, isEmpty: true },
  { path: 'networkSecurityPerimeterConfigurations', feature: 'Network security perimeters', isEmpty: true },
  { path: 'eventhubs', feature: 'Event hubs of a namespace', isEmpty: true },
  { path: 'ipfilterrules', feature: 'IP filter rules (restrict the port with a firewall)', isEmpty: true },
  { path: 'virtualnetworkrules', feature: 'Virtual network rules', isEmpty: true },
];

export const refusedTypes: readonly ResourceType[] = refused.map(({ path, ...type }) =>
  refusedResourceType({ ...type, type: `${namespaceType}/${path}` }),
);
