import { any, object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A type of content of the developer portal. */
export const contentType = apiManagementType('contentTypes', {
  name: identifier,
  body: {
    properties: object(
      {
        id: string(),
        name: string(),
        description: string(),
        schema: any(),
        version: string(),
      },
      { required: true },
    ),
  },
  get: { headStatus: 200 },
  ...withoutPatch,
});
