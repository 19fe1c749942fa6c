import { object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A page of Markdown, which wikis show. */
export const documentation = apiManagementType('documentations', {
  name: identifier,
  body: {
    properties: object(
      {
        title: string(),
        content: string(),
      },
      { required: true },
    ),
  },
});
