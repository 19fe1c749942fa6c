import { array, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { only } from '../names.ts';

/** The wiki of a product: which pages it shows. */
export const productWiki = apiManagementType('products/wikis', {
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
