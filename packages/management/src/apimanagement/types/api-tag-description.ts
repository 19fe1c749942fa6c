import { object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** What a tag means for one API. */
export const apiTagDescription = apiManagementType('apis/tagDescriptions', {
  name: identifier,
  body: {
    properties: object(
      {
        description: string(),
        externalDocsUrl: string({ maxLength: 2000 }),
        externalDocsDescription: string(),
        tagId: string(),
        displayName: string(),
      },
      { required: true },
    ),
  },
  ...withoutPatch,
});
