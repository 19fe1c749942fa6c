import { object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A comment on an issue. */
export const apiIssueComment = apiManagementType('apis/issues/comments', {
  name: identifier,
  body: {
    properties: object(
      {
        text: string({ required: true }),
        createdDate: string(),
        userId: string({ required: true }),
      },
      { required: true },
    ),
  },
  ...withoutPatch,
});
