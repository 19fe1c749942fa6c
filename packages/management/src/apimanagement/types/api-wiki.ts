import { array, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { only } from '../names.ts';

/** The wiki of an API: which pages it shows. */
export const apiWiki = apiManagementType('apis/wikis', {
  name: only('default'),
  body: {
    properties: object(
      {
        documents: array(object({ documentationId: string() })),
      },
      { required: true },
    ),
  },
});
