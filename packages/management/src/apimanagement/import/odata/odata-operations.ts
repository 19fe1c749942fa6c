import type { ImportedOperation, ImportedParameter, Json } from '../imported-resources.ts';
import { operationNames } from '../operation-names.ts';
import type { BoundCallable, Callable, EntityType, Metadata, Property } from './read-metadata.ts';

const most = 5000;

/** The operations of an OData service; too many of them are cut at those of navigation, which come last. */
export function odataOperations(metadata: Metadata): ImportedOperation[] {
  const name = operationNames();
  const seen = new Set<string>();
  const operations: ImportedOperation[] = [];
  const add = (method: string, urlTemplate: string, displayName: string, more: Partial<ImportedOperation> = {}) => {
    const key = `${method} ${urlTemplate.replace(/\{[^{}]*\}/g, '{}')}`;
    if (seen.has(key) || operations.length >= most || urlTemplate.length > 1000) return;
    seen.add(key);
    operations.push({
      name: name(displayName),
      displayName,
      method,
      urlTemplate,
      responses: [response(method)],
      ...more,
    });
  };
  const updates = metadata.version === 4 ? ['PATCH'] : ['PUT', 'PATCH', 'MERGE'];

  add('GET', '/', 'Get the service document');
  add('GET', '/$metadata', 'Get the metadata', { responses: [xml] });
  add('POST', '/$batch', 'Send a batch', { requestRepresentations: [{ contentType: 'multipart/mixed' }] });
  for (const { name: set, type } of metadata.entitySets) {
    add('GET', `/${set}`, `Get entities from ${set}`, { queryParameters: collectionOptions(metadata.version) });
    add('POST', `/${set}`, `Add new entity to ${set}`, { requestRepresentations: [json] });
    if (metadata.version === 4 || type.keys.length > 0)
      add('GET', `/${set}/$count`, `Count entities of ${set}`, { responses: [plain] });
    const keyed = keyOf(type);
    if (keyed === null) continue;
    const path = `/${set}${keyed.text}`;
    const { parameters: templateParameters } = keyed;
    add('GET', path, `Get entity from ${set} by key`, { templateParameters, queryParameters: entityOptions });
    for (const method of updates)
      add(method, path, `Update entity in ${set}${method === 'PATCH' ? '' : ` with ${method}`}`, {
        templateParameters,
        requestRepresentations: [json],
      });
    add('DELETE', path, `Delete entity from ${set}`, { templateParameters });
  }
  for (const { name: singleton } of metadata.singletons) {
    add('GET', `/${singleton}`, `Get ${singleton}`, { queryParameters: entityOptions });
    add('PATCH', `/${singleton}`, `Update ${singleton}`, { requestRepresentations: [json] });
  }
  for (const one of metadata.functionImports) addFunctionImport(one, metadata.version, add);
  for (const { name: action } of metadata.actionImports)
    add('POST', `/${action}`, `Invoke action ${action}`, { requestRepresentations: [json] });
  for (const one of metadata.bound) addBound(one, metadata, add);
  for (const { name: set, type } of metadata.entitySets) {
    const keyed = keyOf(type);
    if (keyed === null) continue;
    for (const navigation of type.navigation)
      add('GET', `/${set}${keyed.text}/${navigation}`, `Get ${navigation} from ${set}`, {
        templateParameters: keyed.parameters,
        queryParameters: collectionOptions(metadata.version),
      });
  }
  for (const { name: singleton, type } of metadata.singletons)
    for (const navigation of type.navigation)
      add('GET', `/${singleton}/${navigation}`, `Get ${navigation} from ${singleton}`, {
        queryParameters: collectionOptions(metadata.version),
      });
  return operations;
}

type Add = (method: string, urlTemplate: string, displayName: string, more?: Partial<ImportedOperation>) => void;

function addFunctionImport({ name, parameters, method }: Callable, version: 2 | 4, add: Add): void {
  if (version === 2) {
    // Before version 4 the parameters stand in the query.
    add(method?.toUpperCase() ?? 'GET', `/${name}`, `Invoke function ${name}`, {
      queryParameters: parameters.map((one) => parameterOf(one, false)),
    });
    return;
  }
  const call = argumentsOf(parameters);
  add('GET', `/${name}${call.text}`, `Invoke function ${name}`, { templateParameters: call.parameters });
}

function addBound(callable: BoundCallable, metadata: Metadata, add: Add): void {
  const { kind, qualified, boundTo, isCollection, parameters, name } = callable;
  const owners = [
    ...metadata.entitySets.map((set) => ({ ...set, isSet: true })),
    ...metadata.singletons.map((one) => ({ ...one, isSet: false })),
  ].filter(({ type, isSet }) => type.lineage.includes(boundTo) && (isSet || !isCollection));
  for (const owner of owners) {
    const keyed = owner.isSet && !isCollection ? keyOf(owner.type) : { text: '', parameters: [] };
    if (keyed === null) continue;
    const taken = new Set(keyed.parameters.map((one) => one.name));
    const call = kind === 'function' ? argumentsOf(parameters, taken) : { text: '', parameters: [] };
    add(
      kind === 'function' ? 'GET' : 'POST',
      `/${owner.name}${keyed.text}/${qualified}${call.text}`,
      `Invoke ${kind} ${name} of ${owner.name}`,
      {
        templateParameters: [...keyed.parameters, ...call.parameters],
        ...(kind === 'action' ? { requestRepresentations: [json] } : {}),
      },
    );
  }
}

interface Written {
  readonly text: string;
  readonly parameters: readonly ImportedParameter[];
}

/** `({CustomerID})`, or `(OrderID={OrderID},ProductID={ProductID})`: strings come with their quotes. Null without a key. */
function keyOf({ keys }: EntityType): Written | null {
  const [first] = keys;
  if (!first) return null;
  if (keys.length === 1) return { text: `({${plainName(first.name)}})`, parameters: [parameterOf(first, true)] };
  return argumentsOf(keys);
}

function argumentsOf(given: readonly Property[], taken: ReadonlySet<string> = new Set()): Written {
  const parameters = given.map((one) => {
    const parameter = parameterOf(one, true);
    return taken.has(parameter.name) ? { ...parameter, name: `${parameter.name}_` } : parameter;
  });
  const text = given.map(({ name }, index) => `${name}={${parameters[index]?.name ?? name}}`).join(',');
  return { text: `(${text})`, parameters };
}

function parameterOf({ name, type }: Property, required: boolean): ImportedParameter {
  return { name: plainName(name), type: jsonType(type), required, description: type };
}

const plainName = (name: string): string => name.replaceAll('/', '_');

function jsonType(type: string): string {
  if (/^Edm\.(Byte|SByte|Int16|Int32|Int64)$/.test(type)) return 'integer';
  if (/^Edm\.(Decimal|Double|Single)$/.test(type)) return 'number';
  return type === 'Edm.Boolean' ? 'boolean' : 'string';
}

const option = (name: string, type: string, description: string): ImportedParameter => ({
  name,
  type,
  required: false,
  description,
});

const entityOptions = [
  option('$select', 'string', 'Properties to return'),
  option('$expand', 'string', 'Related entities to return with it'),
];

const collectionOptions = (version: 2 | 4): ImportedParameter[] => [
  ...entityOptions,
  option('$filter', 'string', 'Condition of the entities to return'),
  option('$orderby', 'string', 'Order of the entities'),
  option('$top', 'integer', 'How many to return'),
  option('$skip', 'integer', 'How many to leave out'),
  ...(version === 4
    ? [option('$count', 'boolean', 'Return their number too'), option('$search', 'string', 'Words to look for')]
    : [option('$inlinecount', 'string', 'Return their number too')]),
];

const json: Json = { contentType: 'application/json' };
const xml: Json = { statusCode: 200, headers: [], representations: [{ contentType: 'application/xml' }] };
const plain: Json = { statusCode: 200, headers: [], representations: [{ contentType: 'text/plain' }] };

function response(method: string): Json {
  if (method === 'GET') return { statusCode: 200, headers: [], representations: [json] };
  if (method === 'POST') return { statusCode: 201, headers: [], representations: [json] };
  return { statusCode: 204, headers: [], representations: [] };
}
