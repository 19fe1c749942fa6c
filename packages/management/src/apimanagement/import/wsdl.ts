import type { JsonObject, JsonValue, Operation } from '@lazuli/store';
import { failed, type Imported, type ImportRequest, type ImportTarget, parsingError } from './import-api.ts';
import { type Json, putOperation, putSchema, schemaIdOf } from './imported-resources.ts';
import { LinkProblem } from './linked-documents.ts';
import { operationNames } from './operation-names.ts';
import { bodyShape } from './wsdl/body-shape.ts';
import { UnsupportedShape } from './wsdl/json-members.ts';
import { exampleOf, JsonSchemas } from './wsdl/json-schema.ts';
import { isSchemaReference, loadWsdl, type WsdlDocuments } from './wsdl/load-wsdl.ts';
import { mergeWsdl } from './wsdl/merge-wsdl.ts';
import { readWsdl, type WsdlOperation, type WsdlPort } from './wsdl/read-wsdl.ts';
import { requestTemplate } from './wsdl/request-template.ts';
import { responseTemplate } from './wsdl/response-template.ts';
import { passThroughPolicy, restPolicy } from './wsdl/soap-policies.ts';
import { childrenOf, XmlProblem } from './xml/xml-tree.ts';
import { SchemaSet } from './xsd/schema-set.ts';

/** What Azure keeps a WSDL and its schemas under. */
export const wsdlContentType = 'application/vnd.ms-azure-apim.xsd+xml';

/** WSDL 1.1: with apiType `soap` an API that passes SOAP through, else one of JSON whose policies speak SOAP. */
export async function importWsdl(text: string, request: ImportRequest, target: ImportTarget): Promise<Imported> {
  const apiType = request.apiType.toLowerCase();
  if (!['', 'http', 'soap'].includes(apiType))
    return failed(
      'properties.apiType',
      `The apiType '${request.apiType}' cannot be imported from WSDL: expected soap or http.`,
    );
  try {
    const documents = await loadWsdl(text, request.url);
    const port = readWsdl(documents, selectorOf(request.wsdlSelector));
    const { origin, path } = addressOf(port, target);
    const contents =
      apiType === 'soap' ? passThrough(text, documents, port, path, target) : rest(documents, port, path, target);
    return {
      properties: {
        displayName: port.service.slice(0, 300) || port.endpoint,
        ...(port.documentation === null ? {} : { description: port.documentation }),
        ...(origin === null ? {} : { serviceUrl: origin }),
        type: apiType === 'soap' ? 'soap' : 'http',
      },
      operations: contents,
      problems: [],
    };
  } catch (error) {
    if (error instanceof LinkProblem) return failed('properties.value', error.message);
    if (error instanceof XmlProblem || error instanceof UnsupportedShape)
      return failed('properties.value', parsingError(error.message));
    throw error;
  }
}

function selectorOf(selector: JsonValue | undefined) {
  if (typeof selector !== 'object' || selector === null || Array.isArray(selector)) return {};
  const member = (name: string) => {
    const value = (selector as JsonObject)[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return { service: member('wsdlServiceName'), endpoint: member('wsdlEndpointName') };
}

/** The host becomes the serviceUrl and the rest a rewrite, unless the request has a serviceUrl with a path of its own. */
function addressOf({ location }: WsdlPort, { properties }: ImportTarget) {
  const given = typeof properties.serviceUrl === 'string' ? properties.serviceUrl : '';
  const isOwn = URL.canParse(given) && new URL(given).pathname !== '/';
  if (location === null || !/^https?:\/\//i.test(location) || !URL.canParse(location))
    return { origin: null, path: '/' };
  const url = new URL(location);
  return { origin: url.origin, path: isOwn ? '/' : `${url.pathname}${url.search}` };
}

function passThrough(
  text: string,
  documents: WsdlDocuments,
  port: WsdlPort,
  path: string,
  { id }: ImportTarget,
): Operation[] {
  const needsOthers =
    documents.definitions.length > 1 ||
    documents.schemas.some((schema) =>
      childrenOf(schema).some(
        (one) => isSchemaReference(one) && one.attributes.some(([name]) => name === 'schemaLocation'),
      ),
    );
  const wsdl = needsOthers ? mergeWsdl(documents) : text.replace(/^\uFEFF/, '');
  const schemaId = schemaIdOf(wsdl);
  const byAction = Map.groupBy(port.operations, ({ action }) => action);
  const shared = [...byAction.values()];
  const name = operationNames();
  const contentType = port.soapVersion === '1.1' ? 'text/xml' : 'application/soap+xml';
  const operations = shared.flatMap(([first, ...others]) => {
    if (!first) return [];
    return putOperation(id, {
      name: name(first.name),
      displayName: first.name,
      method: 'POST',
      urlTemplate: `/?soapAction=${first.action.replace(/[{}\s\\#&+%]/g, (one) => encodeURIComponent(one))}`,
      description: descriptionOf(first, others),
      requestRepresentations: [{ contentType, ...typeOf(first, 'input', schemaId) }],
      responses: [
        { statusCode: 200, headers: [], representations: [{ contentType, ...typeOf(first, 'output', schemaId) }] },
      ],
      policy: passThroughPolicy(path),
    });
  });
  return [putSchema(id, schemaId, wsdlContentType, { value: wsdl }), ...operations];
}

function typeOf({ input, output, style, name }: WsdlOperation, which: 'input' | 'output', schemaId: string): Json {
  const message = which === 'input' ? input : output;
  const [part] = message?.parts ?? [];
  const local =
    style === 'rpc' ? (which === 'input' ? name : `${name}Response`) : part?.element?.replace(/^\{[^}]*\}/, '');
  return local === undefined ? {} : { schemaId, typeName: local };
}

function descriptionOf({ documentation }: WsdlOperation, others: readonly WsdlOperation[]): string {
  const more =
    others.length === 0
      ? ''
      : `The SOAP action is also that of the operations ${others.map(({ name }) => name).join(', ')}.`;
  return [documentation ?? '', more].filter(Boolean).join('\n').slice(0, 1000);
}

function rest({ schemas }: WsdlDocuments, port: WsdlPort, path: string, { id }: ImportTarget): Operation[] {
  const set = new SchemaSet(schemas);
  const json = new JsonSchemas();
  const name = operationNames();
  const templates = new Set<string>();
  const drafts = port.operations.map((operation) => {
    const input = bodyShape(operation, operation.input, 'input', set);
    const output = operation.output && bodyShape(operation, operation.output, 'output', set);
    // The templates first: they refuse what the other walks would never come to the end of.
    const value = restPolicy({
      path,
      action: operation.action,
      soapVersion: port.soapVersion,
      request: requestTemplate(input, port.soapVersion),
      response: output && responseTemplate(output),
    });
    if (Buffer.byteLength(value) > 256 * 1024)
      throw new UnsupportedShape(`The policy of the operation '${operation.name}' would be larger than 256 KiB.`);
    return {
      operation,
      input,
      output,
      value,
      typeName: json.add(`${operation.name}Request`, input),
      responseName: output && json.add(`${operation.name}Result`, output),
    };
  });
  const schemaId = schemaIdOf(JSON.stringify(json.components));
  const representation = (typeName: string, example: JsonValue) => ({
    contentType: 'application/json',
    schemaId,
    typeName,
    examples: { default: { value: example } },
  });
  const operations = drafts.flatMap(({ operation, input, output, value, typeName, responseName }) => {
    const unique = name(operation.name);
    const template = templates.has(operation.name.toLowerCase())
      ? `/${unique}`
      : `/${encodeURIComponent(operation.name)}`;
    templates.add(operation.name.toLowerCase());
    return putOperation(id, {
      name: unique,
      displayName: operation.name,
      method: 'POST',
      urlTemplate: template,
      description: operation.documentation ?? undefined,
      requestRepresentations: [representation(typeName, exampleOf(input))],
      responses: [
        {
          statusCode: 200,
          headers: [],
          representations: output && responseName ? [representation(responseName, exampleOf(output))] : [],
        },
      ],
      policy: value,
    });
  });
  const document = { components: { schemas: json.components } };
  return [putSchema(id, schemaId, 'application/vnd.oai.openapi.components+json', document), ...operations];
}
