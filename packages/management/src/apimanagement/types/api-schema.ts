import type { Prepared, WriteContext } from '../../contract.ts';
import { isJsonObject } from '../../json/json.ts';
import { propertiesOf } from '../../json/properties.ts';
import { any, object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { graphQlContentType, sdlProblem } from '../import/graphql.ts';
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
  put: { prepare },
});

/** A GraphQL schema is uploaded here; it must be one that the gateway can use. */
function prepare({ body }: WriteContext): Prepared {
  const { contentType, document } = propertiesOf(body);
  const value = isJsonObject(document) ? document.value : undefined;
  if (contentType !== graphQlContentType || typeof value !== 'string') return {};
  const problem = sdlProblem(value);
  return problem === null ? {} : { problems: [{ target: 'properties.document.value', message: problem }] };
}
