import { isObject } from '../documents/document.ts';
import type { OperationResponse, Representation } from '../model/service.ts';
import { type SpecificationParameter, toParameter } from './parameters.ts';
import type { SpecificationContext } from './specification-context.ts';
import type { SpecificationNode } from './specification-node.ts';

type Example = Representation['examples'][number];

/** The bodies that an operation takes. */
export function readRequestBody(
  operation: SpecificationNode,
  parameters: readonly SpecificationParameter[],
  context: SpecificationContext,
): Representation[] {
  if (context.dialect === 'swagger2') return readSwaggerBody(operation, parameters, context);
  const reference = operation.get('requestBody');
  const body = reference === null ? null : context.references.resolve(reference);
  if (body === null) return [];
  if (body.get('content') === null)
    body.at.problem('MissingProperty', { property: 'content', expected: 'media types with their schemas' });
  return readContent(body, context);
}

/**
 * The responses by status code. `4XX` stands for 400 unless 400 is described itself; `default` stands for 200 when no
 * success is described, and otherwise for nothing, as Azure keeps responses by number only.
 */
export function readResponses(operation: SpecificationNode, context: SpecificationContext): OperationResponse[] {
  const entries = operation.entriesOf('responses').filter(([code]) => !code.startsWith('x-'));
  const codes = new Set(entries.map(([code]) => code.toUpperCase()));
  const responses: OperationResponse[] = [];
  for (const [code, reference] of entries) {
    const node = context.references.resolve(reference);
    if (node === null) continue;
    const response = {
      description: node.string('description'),
      headers: readHeaders(node, context),
      representations: readResponseBody(operation, node, context),
    };
    const statusCode = statusCodeOf(code, codes, reference);
    if (statusCode !== null) responses.push({ statusCode, ...response });
  }
  return responses;
}

function statusCodeOf(code: string, codes: ReadonlySet<string>, node: SpecificationNode): number | null {
  if (/^[1-5]\d\d$/.test(code)) return Number(code);
  const range = /^([1-5])XX$/i.exec(code)?.[1];
  if (range !== undefined) return codes.has(`${range}00`) ? null : Number(range) * 100;
  if (code === 'default') return [...codes].some((each) => each.startsWith('2')) ? null : 200;
  node.at.problem(
    'InvalidValue',
    { what: 'The key of a response', actual: code, expected: "a status code, '2XX' or 'default'" },
    'key',
  );
  return null;
}

function readHeaders(response: SpecificationNode, context: SpecificationContext): OperationResponse['headers'] {
  return response.entriesOf('headers').flatMap(([name, reference]) => {
    const node = context.references.resolve(reference);
    return node === null ? [] : [toParameter(name, node.boolean('required'), node, context)];
  });
}

function readResponseBody(
  operation: SpecificationNode,
  response: SpecificationNode,
  context: SpecificationContext,
): Representation[] {
  if (context.dialect !== 'swagger2') return readContent(response, context);
  const schemaNode = response.get('schema');
  const examples = new Map(response.entriesOf('examples'));
  const produced = mediaTypes('produces', operation, context);
  const types = new Set([...(schemaNode === null && examples.size > 0 ? [] : produced), ...examples.keys()]);
  if (schemaNode === null && examples.size === 0) return [];
  const schema = context.schemas.convert(schemaNode);
  return [...types].map((contentType) => {
    const example = examples.get(contentType);
    return {
      contentType,
      schema,
      examples:
        example === undefined ? schemaExamples(schemaNode, context) : [{ name: 'default', value: example.value }],
    };
  });
}

function readContent(owner: SpecificationNode, context: SpecificationContext): Representation[] {
  return owner.entriesOf('content').map(([contentType, media]) => {
    const schemaNode = media.get('schema');
    const examples = mediaExamples(media, context);
    return {
      contentType,
      examples: examples.length > 0 ? examples : schemaExamples(schemaNode, context),
      schema: context.schemas.convert(schemaNode),
    };
  });
}

function mediaExamples(media: SpecificationNode, context: SpecificationContext): Example[] {
  const single = media.get('example');
  if (single !== null) return [{ name: 'default', value: single.value }];
  return media.entriesOf('examples').flatMap(([name, reference]): Example[] => {
    const node = context.references.resolve(reference);
    const value = node?.get('value') ?? null;
    return value === null ? [] : [{ name, value: value.value }];
  });
}

function schemaExamples(schema: SpecificationNode | null, context: SpecificationContext): Example[] {
  const node = schema === null ? null : context.references.resolve(schema);
  const example = node?.get('example') ?? null;
  if (example !== null) return [{ name: 'default', value: example.value }];
  const examples = node?.get('examples')?.value;
  return Array.isArray(examples) && examples.length > 0 ? [{ name: 'default', value: examples[0] as unknown }] : [];
}

function readSwaggerBody(
  operation: SpecificationNode,
  parameters: readonly SpecificationParameter[],
  context: SpecificationContext,
): Representation[] {
  const body = parameters.find(({ place }) => place === 'body');
  if (body !== undefined) {
    const schemaNode = body.node.get('schema');
    const schema = context.schemas.convert(schemaNode);
    return mediaTypes('consumes', operation, context).map((contentType) => ({
      contentType,
      schema,
      examples: schemaExamples(schemaNode, context),
    }));
  }
  const fields = parameters.filter(({ place }) => place === 'formData');
  if (fields.length === 0) return [];
  const schema = {
    type: 'object',
    properties: Object.fromEntries(
      fields.map(({ parameter }) => [parameter.name, parameter.schema ?? { type: parameter.type }]),
    ),
    required: fields.filter(({ parameter }) => parameter.required).map(({ parameter }) => parameter.name),
  };
  const hasFile = fields.some(({ node }) => isObject(node.value) && node.value.type === 'file');
  const declared = mediaTypes('consumes', operation, context).filter((type) => /form/i.test(type));
  const types =
    declared.length > 0 ? declared : [hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded'];
  return types.map((contentType) => ({ contentType, schema, examples: [] }));
}

function mediaTypes(
  key: 'consumes' | 'produces',
  operation: SpecificationNode,
  context: SpecificationContext,
): string[] {
  const own = operation.get(key) === null ? context.root.strings(key) : operation.strings(key);
  return own.length === 0 ? ['application/json'] : own;
}
