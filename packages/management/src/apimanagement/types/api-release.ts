import { object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** Makes a revision of an API the current one. */
export const apiRelease = apiManagementType('apis/releases', {
  name: identifier,
  body: {
    properties: object(
      {
        apiId: string(),
        notes: string(),
        createdDateTime: string({ readOnly: true }),
        updatedDateTime: string({ readOnly: true }),
      },
      { required: true },
    ),
  },
});
