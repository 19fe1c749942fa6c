import { listResources } from '../engine/list-resources.ts';
import { armError } from '../errors.ts';
import { resourceGroupType } from '../ids/arm-id.ts';
import { resourcesVersions } from '../microsoft-resources/api-versions.ts';
import type { Route } from './route.ts';

/** Groups of the subscription, those that the caller can see. */
export const listResourceGroups: Route = {
  methods: ['GET'],
  path: '/subscriptions/{subscriptionId}/resourceGroups',
  apiVersions: resourcesVersions,
  async run({ services, call, parameters }) {
    const type = services.registry.type(resourceGroupType);
    if (type === undefined) throw armError('HttpResourceNotFound', { path: call.segments.join('/') });
    const subscriptionId = (parameters.subscriptionId ?? '').toLowerCase();
    const parentId = `/subscriptions/${subscriptionId}`;
    const action = `${type.permission}/read`;
    const allowedBy = await services.authorizer.decide(call.principal, action, parentId);
    const id = {
      text: `${parentId}/resourceGroups`,
      subscriptionId,
      type: resourceGroupType,
      names: [],
      name: '',
      parentId,
    };
    return listResources({ services, call, action, allowedBy, id, type });
  },
};
