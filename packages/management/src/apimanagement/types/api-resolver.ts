import { object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A resolver of a field of a GraphQL API. */
export const apiResolver = apiManagementType('apis/resolvers', {
  name: identifier,
  body: {
    properties: object(
      {
        displayName: string({ minLength: 1, maxLength: 300 }),
        path: string({ minLength: 1, maxLength: 300 }),
        description: string({ maxLength: 1000 }),
      },
      { required: true },
    ),
  },
});
