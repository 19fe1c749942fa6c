import { object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A tag of APIs, operations and products. */
export const tag = apiManagementType('tags', {
  name: identifier,
  body: {
    properties: object(
      {
        displayName: string({ required: true, minLength: 1, maxLength: 160 }),
      },
      { required: true },
    ),
  },
});
