import { pointerOf } from '../../documents/document.ts';
import type { InformationFile } from '../../information/information-file.ts';
import { object, optional, required, type ValuesOf } from '../../information/property-table.ts';
import { anything, flag, integer, list, mapOf, mapped, text } from '../../information/property-types.ts';
import type { Operation, Parameter, Representation } from '../../model/service.ts';

const parameterTable = {
  name: required(text({ min: 1 }), 'Name of the parameter.'),
  type: optional(text(), 'Its type.', 'string'),
  required: optional(flag, 'Whether it must be given.', false),
  values: optional(list(text(), 'strings'), 'Values it may have.', []),
  defaultValue: optional(text(), 'Value when it is not given.'),
  description: optional(text(), 'What it is.'),
  schemaId: optional(text(), 'Schema resource that `typeName` is in.'),
  typeName: optional(text(), 'Name of its schema.'),
  examples: optional(anything, 'Not used.'),
};

const example = mapped(anything, (value) =>
  typeof value === 'object' && value !== null && 'value' in value ? value.value : value,
);

const representationTable = {
  contentType: required(text({ min: 1 }), 'Media type.'),
  schemaId: optional(text(), 'Schema resource that `typeName` is in.'),
  typeName: optional(text(), 'Name of the schema.'),
  examples: optional(mapOf(example, 'examples'), 'Examples by name, each with a `value`.', new Map<string, unknown>()),
  sample: optional(text(), 'One example.'),
  generatedSample: optional(text(), 'Not used.'),
  formParameters: optional(list(object(parameterTable), 'parameters'), 'Not used.', []),
};

const parameters = list(object(parameterTable), 'parameters');
const representations = list(object(representationTable), 'representations');

const properties = {
  displayName: required(text({ min: 1, max: 300 }), 'Name of the operation for people.'),
  method: required(
    text({ min: 1, max: 50, pattern: /^(\*|[A-Za-z!#$%&'+.^_`|~-]+)$/, expected: "an HTTP method, or '*'" }),
    'HTTP method; `*` takes any.',
  ),
  urlTemplate: required(
    text({ min: 1, max: 1000, pattern: /^[^\s\\#]*$/, expected: "a URL template such as '/orders/{id}'" }),
    'Path below that of the API, with parameters in braces.',
  ),
  description: optional(text(), 'What the operation does.'),
  templateParameters: optional(parameters, 'Parameters of the URL template.', []),
  request: optional(
    object({
      description: optional(text(), 'Not used.'),
      queryParameters: optional(parameters, 'Query parameters.', []),
      headers: optional(parameters, 'Headers.', []),
      representations: optional(representations, 'Bodies.', []),
    }),
    'What the operation takes.',
  ),
  responses: optional(
    list(
      object({
        statusCode: required(integer(100, 599), 'Status code.'),
        description: optional(text(), 'When it is answered.'),
        headers: optional(parameters, 'Headers.', []),
        representations: optional(representations, 'Bodies.', []),
      }),
      'responses',
    ),
    'What the operation answers.',
    [],
  ),
};

export const operationInformation: InformationFile<typeof properties> = {
  name: 'operationInformation.json',
  properties,
  accepted: ['policies'],
};

/** The operation that an information file describes. `schemas` are those of the API, which `typeName`s name. */
export function toOperation(
  name: string,
  values: ValuesOf<typeof properties>,
  schemas: ReadonlyMap<string, unknown>,
): Operation {
  const schemaOf = (typeName: string | null): unknown =>
    typeName !== null && schemas.has(typeName) ? { $ref: `#/schemas${pointerOf([typeName])}` } : null;
  const toParameters = (tables: readonly ValuesOf<typeof parameterTable>[]): Parameter[] =>
    tables.map((each) => ({
      name: each.name,
      type: each.type,
      required: each.required,
      values: each.values,
      defaultValue: each.defaultValue,
      ...(each.description ? { description: each.description } : {}),
      schema: schemaOf(each.typeName),
    }));
  const toRepresentations = (tables: readonly ValuesOf<typeof representationTable>[]): Representation[] =>
    tables.map(({ contentType, typeName, examples, sample }) => {
      const given = [...examples].map(([each, value]) => ({ name: each, value }));
      return {
        contentType,
        schema: schemaOf(typeName),
        examples: given.length === 0 && sample !== null ? [{ name: 'default', value: sample }] : given,
      };
    });
  return {
    name,
    displayName: values.displayName,
    description: values.description,
    method: values.method.toUpperCase(),
    urlTemplate: values.urlTemplate.startsWith('/') ? values.urlTemplate : `/${values.urlTemplate}`,
    templateParameters: withPlaceholders(values.urlTemplate, toParameters(values.templateParameters)),
    request: {
      queryParameters: toParameters(values.request?.queryParameters ?? []),
      headers: toParameters(values.request?.headers ?? []),
      representations: toRepresentations(values.request?.representations ?? []),
    },
    responses: values.responses.map((response) => ({
      statusCode: response.statusCode,
      description: response.description,
      headers: toParameters(response.headers),
      representations: toRepresentations(response.representations),
    })),
    policy: null,
  };
}

/** Every placeholder of the template is a parameter, whether or not it is described. */
function withPlaceholders(urlTemplate: string, described: readonly Parameter[]): Parameter[] {
  const names = [...urlTemplate.matchAll(/\{\*?([^{}]+)\}/g)].map((match) => match[1] ?? '');
  const missing = names.filter((name) => !described.some((parameter) => parameter.name === name));
  return [
    ...described,
    ...missing.map((name) => ({ name, type: 'string', required: true, values: [], defaultValue: null, schema: null })),
  ];
}
