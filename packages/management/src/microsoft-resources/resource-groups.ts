import type { ResourceType } from '../contract.ts';
import { locationName, tagProblems } from '../engine/tracked.ts';
import { armError } from '../errors.ts';
import { resourceGroupType } from '../ids/arm-id.ts';
import { defined, isJsonObject, stringAt } from '../json/json.ts';
import { map, object, string } from '../schema/schema.ts';
import type { Services } from '../services.ts';

/** Letters, digits and `-_.()` of any script, not ending with a period ("Naming rules and restrictions"). */
const namePattern = /^[\p{L}\p{N}._()-]{0,89}[\p{L}\p{N}_()-]$/u;

export function resourceGroups(services: () => Services): ResourceType {
  return {
    type: resourceGroupType,
    permission: 'Microsoft.Resources/subscriptions/resourceGroups',
    scopes: ['subscription'],
    name: { pattern: namePattern, says: "1 to 90 letters, digits, '.', '_', '-', '(' or ')', not ending with '.'" },
    body: {
      location: string(),
      managedBy: string(),
      tags: map(string()),
      properties: object({ provisioningState: string({ readOnly: true, default: 'Succeeded' }) }, { default: {} }),
    },
    get: { etag: false },
    put: {
      prepare({ body, existing, id }) {
        const given = stringAt(body, 'location') ?? stringAt(existing?.body ?? {}, 'location');
        if (given === undefined || given === '') throw armError('LocationRequired');
        const name = locationName(given);
        if (!services().locations.some((location) => location.name === name))
          throw armError('LocationNotAvailableForResourceType', {
            location: given,
            type: id.type,
            supported: services()
              .locations.map((location) => location.name)
              .join(','),
          });
        const before = stringAt(existing?.body ?? {}, 'location');
        if (before !== undefined && before !== name)
          throw armError('InvalidResourceGroupLocation', { location: name, existing: before });
        const properties = {
          ...(isJsonObject(body.properties) ? body.properties : {}),
          provisioningState: 'Succeeded',
        };
        return { body: { ...body, location: name, properties: defined(properties) }, problems: tagProblems(body.tags) };
      },
    },
    patch: {},
    delete: {
      async prepare({ existing }) {
        const properties = { provisioningState: 'Deleting' };
        const body = { ...existing.body, properties };
        return {
          operations: [{ operation: 'put', id: existing.id, type: existing.type, body, ifMatch: existing.etag }],
        };
      },
      longRunning: {
        via: 'Location',
        retryAfterSeconds: 1,
        onRestart: 'repeat',
        async work({ resourceId, change }) {
          await change([{ operation: 'deleteSubtree', id: resourceId }]);
          return { status: 200 };
        },
      },
    },
    present: ({ systemData: _, ...document }) => document,
  };
}
