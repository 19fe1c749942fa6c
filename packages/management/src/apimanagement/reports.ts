import type { ResourceType } from '../contract.ts';
import { serviceType } from './api-management-type.ts';
import { longIdentifier } from './names.ts';
import { refusedAction } from './refused.ts';
import { refusedType } from './refused-type.ts';

/** Reports need the history of requests, which is not kept yet; quotas those of the gateway. */
export const reports: readonly ResourceType[] = [
  {
    type: `${serviceType}/reports`,
    name: longIdentifier,
    get: false,
    list: false,
    actions: ['byApi', 'byGeo', 'byOperation', 'byProduct', 'byRequest', 'bySubscription', 'byTime', 'byUser'].map(
      (name) => ({
        ...refusedAction(name, 'Analytics reports', 'collection'),
        method: 'GET',
      }),
    ),
  },
  refusedType({ path: 'quotas', feature: 'Reading quota counters by the management API' }),
  refusedType({ path: 'quotas/periods', feature: 'Reading quota counters by the management API' }),
];
