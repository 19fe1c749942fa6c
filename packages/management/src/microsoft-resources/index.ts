import type { ResourceProvider } from '../contract.ts';
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
    types: [resourceGroups(services), tags(services)],
    actions: [checkResourceName],
  };
}
