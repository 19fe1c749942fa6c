import { exportTemplate, type ResourceDocument } from '@lazuli/templates';
import { allRecords } from '../caching/record-cache.ts';
import { presentRecord } from '../engine/document.ts';
import { readContext } from '../engine/invocation.ts';
import { isWithin, parseArmId } from '../ids/arm-id.ts';
import { stringAt } from '../json/json.ts';
import { readJsonObject } from '../json/read-json.ts';
import { resourcesVersions } from '../microsoft-resources/api-versions.ts';
import type { Route } from './route.ts';

/** A template of what stands in a resource group; resources below the named ones are in it too. */
export const exportGroupTemplate: Route = {
  methods: ['POST'],
  path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/exportTemplate',
  apiVersions: resourcesVersions,
  permission: 'Microsoft.Resources/subscriptions/resourceGroups/exportTemplate/action',
  async run({ services, call, parameters }) {
    const body = readJsonObject(await call.readBody());
    const wanted = Array.isArray(body.resources) ? body.resources.filter((one) => typeof one === 'string') : ['*'];
    const options = (stringAt(body, 'options') ?? '')
      .toLowerCase()
      .split(',')
      .map((one) => one.trim());
    const scope = `/subscriptions/${services.subscription.subscriptionId}/resourceGroups/${parameters.resourceGroupName}`;
    const documents: ResourceDocument[] = [];
    for await (const record of allRecords(services.store, { scope })) {
      const type = services.registry.type(record.type);
      const id = parseArmId(record.id);
      // What belongs to the frame (deployments, locks, assignments) describes no resource of the group.
      if (
        type?.type.put === undefined ||
        id === undefined ||
        /^Microsoft\.(Resources|Authorization)\//i.test(record.type)
      )
        continue;
      if (!wanted.includes('*') && !wanted.some((one) => isWithin(record.id, one))) continue;
      const document = await presentRecord(type, record, readContext({ services, call, id }));
      documents.push(JSON.parse(JSON.stringify(document)));
    }
    const result = exportTemplate(documents, {
      apiVersion: (type) => services.registry.type(type)?.apiVersions[0] ?? '',
      skipResourceNameParameterization: options.includes('skipresourcenameparameterization'),
      skipAllParameterization: options.includes('skipallparameterization'),
      includeParameterDefaultValue: options.includes('includeparameterdefaultvalue'),
    });
    return { status: 200, body: JSON.parse(JSON.stringify(result)) };
  },
};
