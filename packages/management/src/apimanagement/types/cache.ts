import { object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** An external cache. */
export const cache = apiManagementType('caches', {
  name: identifier,
  body: {
    properties: object(
      {
        description: string({ maxLength: 2000 }),
        connectionString: string({ required: true, maxLength: 300, secret: true }),
        useFromLocation: string({ required: true, maxLength: 256 }),
        resourceId: string({ maxLength: 2000 }),
      },
      { required: true },
    ),
  },
});
