import { array, boolean, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** The text of a message to developers. */
export const emailTemplate = apiManagementType('templates', {
  name: identifier,
  body: {
    properties: object(
      {
        subject: string({ maxLength: 1000 }),
        title: string(),
        description: string(),
        body: string(),
        isDefault: boolean({ readOnly: true, default: false }),
        parameters: array(object({ name: string(), title: string(), description: string() })),
      },
      { required: true },
    ),
  },
});
