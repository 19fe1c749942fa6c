import type { ResourceProvider } from '../contract.ts';
import { calculateTemplateHash } from '../deployments/calculate-template-hash.ts';
import { deployments } from '../deployments/deployments-type.ts';
import { deploymentOperations } from '../deployments/operations-type.ts';
import type { Services } from '../services.ts';
import { resourcesVersions } from './api-versions.ts';
import { checkResourceName } from './check-resource-name.ts';
import { resourceGroups } from './resource-groups.ts';
import { tags } from './tags.ts';

export function microsoftResources(services: () => Services): ResourceProvider {
  return {
    namespace: 'Microsoft.Resources',
    displayName: 'Microsoft Resources',
    apiVersions: resourcesVersions,
    types: [resourceGroups(services), tags(services), deployments(services), deploymentOperations(services)],
    actions: [checkResourceName, calculateTemplateHash],
  };
}
