import { allRecords } from '../caching/record-cache.ts';
import { isJsonObject } from '../json/json.ts';
import { resourcesVersions } from '../microsoft-resources/api-versions.ts';
import type { Route } from './route.ts';

/** `/subscriptions/{s}/tagNames`: the tags that resources and groups of the subscription have, with their values. */
export const listTagNames: Route = {
  methods: ['GET'],
  path: '/subscriptions/{subscriptionId}/tagNames',
  apiVersions: resourcesVersions,
  permission: 'Microsoft.Resources/subscriptions/tagNames/read',
  async run({ services }) {
    const scope = `/subscriptions/${services.subscription.subscriptionId}`;
    const names = new Map<string, { readonly tagName: string; readonly values: Map<string, number> }>();
    for await (const { body } of allRecords(services.store, { scope })) {
      for (const [tagName, value] of Object.entries(isJsonObject(body.tags) ? body.tags : {})) {
        const key = tagName.toLowerCase();
        const entry = names.get(key) ?? { tagName, values: new Map<string, number>() };
        names.set(key, entry);
        entry.values.set(String(value), (entry.values.get(String(value)) ?? 0) + 1);
      }
    }
    const value = [...names.values()].map(({ tagName, values }) => ({
      id: `${scope}/tagNames/${tagName}`,
      tagName,
      count: { type: 'Total', value: [...values.values()].reduce((sum, count) => sum + count, 0) },
      values: [...values].map(([tagValue, count]) => ({
        id: `${scope}/tagNames/${tagName}/tagValues/${tagValue}`,
        tagValue,
        count: { type: 'Total', value: count },
      })),
    }));
    return { status: 200, body: { value } };
  },
};
