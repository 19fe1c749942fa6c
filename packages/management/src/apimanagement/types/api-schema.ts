import { any, object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** A schema of an API: components of OpenAPI, definitions of Swagger, XSD, WSDL, GraphQL. */
export const apiSchema = apiManagementType('apis/schemas', {
  name: identifier,
  body: {
    properties: object(
      {
        contentType: string({ required: true }),
        document: any(),
      },
      { required: true },
    ),
  },
  ...withoutPatch,
});
