import { changeSet } from '../change-sets/change-set.ts';
import { activityLog } from './activity-log.ts';
import { exportGroupTemplate } from './export-template.ts';
import { operationRoutes } from './operation-results.ts';
import { providerOperationRoutes } from './provider-operations.ts';
import { providerRoutes } from './providers.ts';
import { refusals } from './refusals.ts';
import { listResourceGroups } from './resource-groups.ts';
import { listGroupResources, listSubscriptionResources } from './resources.ts';
import type { Route } from './route.ts';
import { getSubscription, listLocations, listSubscriptions, listTenants } from './subscriptions.ts';
import { listTagNames } from './tag-names.ts';

/** Paths that are no resources of a provider. The first that matches path and method is served. */
export const routes: readonly Route[] = [
  listTenants,
  listSubscriptions,
  getSubscription,
  listLocations,
  listTagNames,
  listResourceGroups,
  listSubscriptionResources,
  listGroupResources,
  exportGroupTemplate,
  activityLog,
  changeSet,
  ...operationRoutes,
  ...providerOperationRoutes,
  ...refusals,
  ...providerRoutes,
];
