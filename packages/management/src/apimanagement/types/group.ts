import { boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A group of developers. */
export const group = apiManagementType('groups', {
  name: identifier,
  body: {
    properties: object(
      {
        displayName: string({ required: true, minLength: 1, maxLength: 300 }),
        description: string({ maxLength: 1000 }),
        builtIn: boolean({ readOnly: true, default: false }),
        type: string({ values: ['custom', 'system', 'external'], default: 'custom' }),
        externalId: string({ nullable: true }),
      },
      { required: true },
    ),
  },
});
