import type { JsonObject } from '@lazuli/store';
import type { BodyProblem, WriteContext } from '../../contract.ts';
import { isJsonObject } from '../../json/json.ts';
import { propertiesOf, withProperties } from '../../json/properties.ts';
import { any, array, boolean, integer, map, object, string } from '../../schema/schema.ts';
import { apiManagementType } from '../api-management-type.ts';
import { identifier } from '../names.ts';

const parameter = object({
  name: string({ required: true }),
  description: string(),
  type: string({ required: true }),
  defaultValue: string(),
  required: boolean(),
  values: array(string()),
  schemaId: string(),
  typeName: string(),
  examples: map(any()),
});

const representation = object({
  contentType: string({ required: true }),
  schemaId: string(),
  typeName: string(),
  formParameters: array(parameter),
  examples: map(any()),
  // Before 2021-04-01-preview.
  sample: string(),
});

/** One method and URL template of an API. */
export const apiOperation = apiManagementType('apis/operations', {
  name: identifier,
  body: {
    properties: object(
      {
        displayName: string({ required: true, minLength: 1, maxLength: 300 }),
        method: string({ required: true }),
        urlTemplate: string({ required: true, minLength: 1, maxLength: 1000 }),
        templateParameters: array(parameter, { default: [] }),
        description: string({ maxLength: 1000 }),
        request: object({
          description: string(),
          queryParameters: array(parameter),
          headers: array(parameter),
          representations: array(representation),
        }),
        responses: array(
          object({
            statusCode: integer({ required: true, minimum: 100, maximum: 999 }),
            description: string(),
            headers: array(parameter),
            representations: array(representation),
          }),
        ),
        policies: string({ nullable: true }),
      },
      { required: true },
    ),
  },
  put: { prepare },
});

async function prepare({ body, id, reader }: WriteContext) {
  const { method, urlTemplate } = propertiesOf(body);
  const problems = problemsOf(body);
  const { items } = await reader.list({ parent: id.parentId, type: id.type, limit: 10_000 });
  const twin = items.find((other) => {
    const theirs = propertiesOf(other.body);
    return (
      other.key !== id.text.toLowerCase() &&
      String(theirs.method).toUpperCase() === String(method).toUpperCase() &&
      shape(String(theirs.urlTemplate)) === shape(String(urlTemplate))
    );
  });
  if (twin)
    problems.push({
      target: 'properties.urlTemplate',
      message: `Operation with the same method and URL template already exists: ${method}, ${urlTemplate}`,
    });
  return { body: withProperties(body, { method: String(method ?? '').toUpperCase() }), problems };
}

/** A template without the names of its parameters: two of one shape could not be told apart. */
function shape(template: string): string {
  return template.replace(/\{\*?[^}]*\}/g, '{}').toLowerCase();
}

/** Every parameter of the template must be declared, and the other way round. */
function problemsOf(body: JsonObject): BodyProblem[] {
  const { urlTemplate, templateParameters } = propertiesOf(body);
  if (typeof urlTemplate !== 'string') return [];
  const inTemplate = [...urlTemplate.matchAll(/\{\*?([^}=]+)(?:=[^}]*)?\}/g)].map((match) => match[1] as string);
  const declared = (Array.isArray(templateParameters) ? templateParameters : []).flatMap((one) =>
    isJsonObject(one) && typeof one.name === 'string' ? [one.name] : [],
  );
  const problem = (name: string, what: string): BodyProblem => ({
    target: 'properties.templateParameters',
    message: `All template parameters used in the UriTemplate must be defined in the Operation, and vice-versa. '${name}' is not ${what}.`,
  });
  return [
    ...inTemplate.filter((name) => !declared.includes(name)).map((name) => problem(name, 'defined')),
    ...declared.filter((name) => !inTemplate.includes(name)).map((name) => problem(name, 'used')),
  ];
}
