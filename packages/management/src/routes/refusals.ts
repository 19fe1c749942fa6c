import { armError } from '../errors.ts';
import type { Route } from './route.ts';

/** What Azure has beside and Lazuli does not: an error that names it, instead of a 404 that leaves one guessing. */
export const refusals: readonly Route[] = [
  {
    methods: ['POST'],
    path: '/providers/Microsoft.ResourceGraph/resources',
    apiVersions: 'any',
    run: () => refuse('Azure Resource Graph (queries in KQL)'),
  },
  {
    methods: ['POST'],
    path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/moveResources',
    apiVersions: 'any',
    run: () => refuse('Moving resources to another resource group'),
  },
  {
    methods: ['POST'],
    path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/validateMoveResources',
    apiVersions: 'any',
    run: () => refuse('Moving resources to another resource group'),
  },
  ...[
    '/subscriptions/{subscriptionId}/tagNames/{tagName}',
    '/subscriptions/{subscriptionId}/tagNames/{tagName}/tagValues/{tagValue}',
  ].map(
    (path): Route => ({
      methods: ['PUT', 'DELETE'],
      path,
      apiVersions: 'any',
      run: () => refuse('Predefining names and values of tags'),
    }),
  ),
  {
    methods: ['POST'],
    path: '/providers/Microsoft.Authorization/elevateAccess',
    apiVersions: 'any',
    run: () => refuse('Elevating the access of a global administrator'),
  },
];

function refuse(feature: string): Promise<never> {
  return Promise.reject(armError('UnsupportedFeature', { feature }));
}
