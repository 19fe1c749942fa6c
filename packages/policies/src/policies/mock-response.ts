import type { Api, OperationResponse, Representation } from '@lazuli/resources';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import { reasonPhrase } from '../http/reason-phrase.ts';
import { headerValueProblem } from '../message/header-rules.ts';
import { sampleOf } from '../sample/json-sample.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Ends the pipeline with what the operation's description promises: an example, else a sample made from its schema, else nothing. */
export const mockResponse: PolicyDefinition = {
  name: 'mock-response',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'status-code': { type: 'int', default: '200', expression: false, min: 200, max: 999 },
      'content-type': { type: 'string', expression: false, nonEmpty: true },
      enabled: { type: 'boolean', default: 'true', expression: false, note: 'undocumented' },
      index: { type: 'int', default: '0', expression: false, min: 0, note: 'undocumented; which example, from 0' },
    },
  },
  validate(element, compiler) {
    const type = compiler.string(element, 'content-type').constant;
    const problem = typeof type === 'string' ? headerValueProblem('Content-Type', type) : undefined;
    if (problem) compiler.report(element, problem);
  },
  compile(element, compiler) {
    const status = compiler.int(element, 'status-code').constant ?? 200;
    const contentType = compiler.string(element, 'content-type').constant ?? null;
    const index = compiler.int(element, 'index').constant ?? 0;
    if (compiler.boolean(element, 'enabled').constant === false) return () => undefined;

    return (exchange) => {
      const { api, operation } = exchange.match;
      const representation = find(operation.responses, status, contentType);
      const content = representation ? contentOf(representation, index, api) : null;
      const headers = new HeaderList();
      const type = representation?.contentType ?? contentType;
      if (type !== null) headers.set('Content-Type', type);
      const previous = exchange.response;
      exchange.response = {
        status,
        reason: reasonPhrase(status),
        headers,
        body: content === null || content === '' ? null : MessageBody.fromBytes(Buffer.from(content)),
      };
      previous?.body?.discard();
      return 'respond';
    };
  },
  notes:
    'Samples are made from JSON Schema for JSON content types: the same for the same schema, with cycles cut. An index beyond the last example takes the last.',
};

function find(
  responses: readonly OperationResponse[],
  status: number,
  contentType: string | null,
): Representation | undefined {
  const all = responses
    .filter((response) => response.statusCode === status)
    .flatMap((response) => response.representations);
  if (contentType === null) return all[0];
  return (
    all.find((one) => one.contentType.toLowerCase() === contentType.toLowerCase()) ??
    all.find((one) => essence(one.contentType) === essence(contentType))
  );
}

const essence = (contentType: string): string => (contentType.split(';')[0] ?? '').trim().toLowerCase();

function contentOf(representation: Representation, index: number, api: Api): string | null {
  const { examples, schema } = representation;
  const example = examples[Math.min(index, examples.length - 1)];
  if (example) return typeof example.value === 'string' ? example.value : JSON.stringify(example.value, null, 2);
  if (schema === null || schema === undefined || !/[/+]json$/.test(essence(representation.contentType))) return null;
  const lookup = (reference: string): unknown => {
    const name = /^#\/(?:schemas|components\/schemas|definitions)\/(.+)$/.exec(reference)?.[1];
    return name === undefined ? undefined : api.schemas.get(name.replaceAll('~1', '/').replaceAll('~0', '~'));
  };
  return JSON.stringify(sampleOf(schema, lookup), null, 2);
}
