import { object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A file with an issue. */
export const apiIssueAttachment = apiManagementType('apis/issues/attachments', {
  name: identifier,
  body: {
    properties: object(
      {
        title: string({ required: true }),
        contentFormat: string({ required: true }),
        content: string({ required: true, maxLength: 1_000_000 }),
      },
      { required: true },
    ),
  },
  ...withoutPatch,
});
