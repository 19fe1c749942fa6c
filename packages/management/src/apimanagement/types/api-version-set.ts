import type { JsonObject } from '@lazuli/store';
import type { BodyProblem } from '../../contract.ts';
import { propertiesOf } from '../../json/properties.ts';
import { object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

/** How the versions of an API are told apart. */
export const apiVersionSet = apiManagementType('apiVersionSets', {
  formerTypes: ['Microsoft.ApiManagement/service/api-version-sets'],
  name: identifier,
  body: {
    properties: object(
      {
        displayName: string({ required: true, minLength: 1, maxLength: 100 }),
        versioningScheme: string({ required: true, values: ['Segment', 'Query', 'Header'] }),
        versionQueryName: string({ minLength: 1, maxLength: 100 }),
        versionHeaderName: string({ minLength: 1, maxLength: 100 }),
        description: string(),
      },
      { required: true },
    ),
  },
  put: {
    prepare: ({ body }) => ({ problems: problemsOf(body) }),
  },
});

/** A scheme needs the name that it looks at. */
function problemsOf(body: JsonObject): BodyProblem[] {
  const properties = propertiesOf(body);
  const needed = { Query: 'versionQueryName', Header: 'versionHeaderName', Segment: null }[
    String(properties.versioningScheme)
  ];
  if (!needed || properties[needed] !== undefined) return [];
  return [
    { target: `properties.${needed}`, message: `The versioning scheme '${properties.versioningScheme}' needs it.` },
  ];
}
