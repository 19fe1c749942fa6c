import { isObject } from '../documents/document.ts';
import type { Operation, Parameter } from '../model/service.ts';
import { normaliseOperationName, uniqueOperationName } from './operation-name.ts';
import { readParameters, type SpecificationParameter } from './parameters.ts';
import { readRequestBody, readResponses } from './representations.ts';
import type { SpecificationContext } from './specification-context.ts';
import type { SpecificationNode } from './specification-node.ts';

/** An operation of a specification, before the folder gives it a policy. */
export interface SpecificationOperation {
  readonly operation: Operation;
  /** As it is written; null when the specification gives none. */
  readonly operationId: string | null;
  readonly node: SpecificationNode;
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const pathItemKeys = new Set(['$ref', 'summary', 'description', 'servers', 'parameters']);

/** Every operation, in the order of the document. */
export function readOperations(context: SpecificationContext): SpecificationOperation[] {
  const paths = context.root.get('paths');
  if (paths === null && context.dialect !== 'openapi31') {
    context.root.at.problem('MissingProperty', { property: 'paths', expected: 'an object of paths' });
  }
  const operations: SpecificationOperation[] = [];
  const names = new Set<string>();
  const ids = new Set<string>();
  for (const [path, reference] of [...(paths?.entries() ?? []), ...context.root.entriesOf('x-ms-paths')]) {
    if (path.startsWith('x-')) continue;
    const reason = faultOf(path);
    if (reason !== null) {
      reference.at.problem('InvalidPath', { path, reason }, 'key');
      continue;
    }
    const item = context.references.resolve(reference);
    for (const [method, node] of item?.entries() ?? []) {
      if (item === null || pathItemKeys.has(method) || method.startsWith('x-')) continue;
      if (!methods.includes(method)) {
        node.at.problem(
          'InvalidValue',
          { what: 'The key of an operation', actual: method, expected: methods.join(', ') },
          'key',
        );
        continue;
      }
      if (!isObject(node.value)) {
        node.wrongType('an operation (an object)');
        continue;
      }
      const read = readOperation(path, method, item, node, context, names);
      if (read.operationId !== null) {
        if (ids.has(read.operationId))
          node.at.child('operationId').problem('DuplicateOperationName', { name: read.operationId });
        ids.add(read.operationId);
      }
      names.add(read.operation.name);
      operations.push(read);
    }
  }
  return operations;
}

function faultOf(path: string): string | null {
  if (!path.startsWith('/')) return "it must begin with '/'";
  if (/[\s\\#]/.test(path)) return 'it holds a space, a backslash or #';
  let open = false;
  for (const character of path) {
    if (character === '{' && open) return "'{' stands inside a parameter";
    if (character === '}' && !open) return "'}' closes no parameter";
    if (character === '{') open = true;
    else if (character === '}') open = false;
  }
  return open ? "a '{' is not closed" : path.includes('{}') ? 'a parameter has no name' : null;
}

function readOperation(
  path: string,
  method: string,
  item: SpecificationNode,
  node: SpecificationNode,
  context: SpecificationContext,
  names: ReadonlySet<string>,
): SpecificationOperation {
  const operationId = node.string('operationId') || null;
  const summary = (node.string('summary') ?? item.string('summary')) || null;
  const parameters = readParameters(item, node, context);
  const template = readTemplate(path, parameters, context);
  if (node.get('responses') === null && context.dialect !== 'openapi31') {
    node.at.problem('MissingProperty', { property: 'responses', expected: 'an object of responses' });
  }
  const bodiless = method === 'get' || method === 'head' || method === 'options';
  const representations = readRequestBody(node, parameters, context);
  const base =
    normaliseOperationName(operationId ?? `${method}-${path}`) || normaliseOperationName(`${method}-${path}`) || method;
  const operation: Operation = {
    name: uniqueOperationName(base, names),
    displayName: (summary ?? operationId ?? `${method.slice(0, 1).toUpperCase()}${method.slice(1)} - ${path}`).slice(
      0,
      300,
    ),
    description: node.string('description') ?? item.string('description'),
    method: method.toUpperCase(),
    urlTemplate: template.urlTemplate,
    templateParameters: template.parameters,
    request: {
      queryParameters: parameters
        .filter(({ place, parameter }) => place === 'query' && !template.parameters.includes(parameter))
        .map(({ parameter }) => parameter),
      headers: parameters.filter(({ place }) => place === 'header').map(({ parameter }) => parameter),
      // Azure's import discards the body of these methods.
      representations: bodiless ? [] : representations,
    },
    responses: readResponses(node, context),
    policy: null,
  };
  return { operation, operationId, node };
}

/** The URL template: the path and, unless the API says otherwise, the required query parameters. */
function readTemplate(
  path: string,
  parameters: readonly SpecificationParameter[],
  context: SpecificationContext,
): { urlTemplate: string; parameters: Parameter[] } {
  const inTemplate: Parameter[] = [];
  const placeholders = [...path.matchAll(/\{\*?([^{}]+)\}/g)].map((match) => match[1] ?? '');
  const declared = new Map(
    parameters.filter(({ place }) => place === 'path').map((each) => [each.parameter.name, each]),
  );
  for (const name of placeholders) {
    inTemplate.push(
      declared.get(name)?.parameter ?? {
        name,
        type: 'string',
        required: true,
        values: [],
        defaultValue: null,
        schema: null,
      },
    );
  }
  for (const [name, { node }] of declared) {
    if (!placeholders.includes(name)) node.at.child('name').problem('ParameterNotInTemplate', { name, path });
  }
  const query: string[] = [];
  for (const { place, parameter, node } of parameters) {
    if (place !== 'query' || !parameter.required || context.requiredQueryParameters === 'query') continue;
    if (inTemplate.some(({ name }) => name.toLowerCase() === parameter.name.toLowerCase())) {
      node.at.child('name').problem('DuplicateParameter', { name: parameter.name });
      continue;
    }
    if (placeholders.includes(parameter.name)) continue;
    inTemplate.push(parameter);
    query.push(`${parameter.name}={${parameter.name}}`);
  }
  const joined = query.length === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${query.join('&')}`;
  return { urlTemplate: joined, parameters: inTemplate };
}
