import type { ResourceType } from '../contract.ts';
import { lockType } from '../locks/locks.ts';
import { array, object, string } from '../schema/schema.ts';
import type { Services } from '../services.ts';
import { listAround } from './list-around.ts';

/** Management locks on a subscription, a resource group or a resource; what they do is in `locks/locks.ts`. */
export function locks(services: () => Services): ResourceType {
  return {
    type: lockType,
    apiVersions: ['2020-05-01', '2017-04-01', '2016-09-01', '2015-05-01-preview', '2015-01-01'],
    scopes: ['subscription', 'resourceGroup', 'extension'],
    name: { pattern: /^[^<>%&\\?/]{1,90}$/, says: '1 to 90 characters, none of < > % & \\ ? /' },
    body: {
      properties: object(
        {
          level: string({ required: true, values: ['CanNotDelete', 'ReadOnly'] }),
          notes: string({ maxLength: 512 }),
          owners: array(object({ applicationId: string() }), { maxItems: 100 }),
        },
        { required: true },
      ),
    },
    get: { etag: false },
    // The clients take both; Azure answers 201 to a new lock.
    put: {},
    delete: {},
    list: { items: (context) => listAround(services(), lockType, context) },
  };
}
