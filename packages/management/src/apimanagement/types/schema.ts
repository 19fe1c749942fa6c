import { any, object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A schema of the service, which policies name by `schema-id`. */
export const schema = apiManagementType('schemas', {
  name: identifier,
  body: {
    properties: object(
      {
        schemaType: string({ required: true, values: ['xml', 'json'] }),
        description: string(),
        value: any(),
        document: any(),
        provisioningState: string({ readOnly: true, default: 'Succeeded' }),
      },
      { required: true },
    ),
  },
  ...withoutPatch,
});
