import { escapeAttribute, escapeText } from '../import/xml/write-xml.ts';
import type { ExportedApi, ExportedOperation, ExportedParameter, ExportedRepresentation } from './exported-api.ts';
import { placeOf } from './url-template.ts';

/** An API as WADL. */
export function wadlDocument(api: ExportedApi): string {
  const byPath = Map.groupBy(api.operations, (operation) => placeOf(operation).path);
  const grammars = api.schemas.find(({ contentType }) => /wadl\.grammars/.test(contentType))?.document.value;
  const resources = [...byPath].map(([path, operations]) => {
    const inPath = operations[0]?.templateParameters.filter(({ name }) => path.includes(`{${name}}`)) ?? [];
    return `    <resource path="${escapeAttribute(path)}">
${inPath.map((one) => param(one, 'template', '      ')).join('')}${operations.map(method).join('')}    </resource>
`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<application xmlns="http://wadl.dev.java.net/2009/02" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <doc title="${escapeAttribute(api.displayName)}">${escapeText(api.description ?? '')}</doc>
${typeof grammars === 'string' ? `${grammars}\n` : ''}  <resources base="${escapeAttribute(api.url)}">
${resources.join('')}  </resources>
</application>
`;
}

function method(operation: ExportedOperation): string {
  const { query, path } = placeOf(operation);
  const request = [
    ...operation.templateParameters
      .filter(({ name }) => query.has(name) && !path.includes(`{${name}}`))
      .map((one) => param({ ...one, required: true }, 'query', '          ')),
    ...operation.queryParameters.map((one) => param(one, 'query', '          ')),
    ...operation.headers.map((one) => param(one, 'header', '          ')),
    ...operation.representations.map(representation),
  ].join('');
  const responses = operation.responses.map(
    ({ statusCode, description, headers, representations }) =>
      `        <response status="${statusCode}">
${description ? `          <doc>${escapeText(description)}</doc>\n` : ''}${headers.map((one) => param(one, 'header', '          ')).join('')}${representations.map(representation).join('')}        </response>
`,
  );
  return `      <method name="${escapeAttribute(operation.method)}" id="${escapeAttribute(operation.name)}">
        <doc title="${escapeAttribute(operation.displayName)}">${escapeText(operation.description ?? '')}</doc>
${request === '' ? '' : `        <request>\n${request}        </request>\n`}${responses.join('')}      </method>
`;
}

function representation({ contentType, formParameters }: ExportedRepresentation): string {
  const start = `          <representation mediaType="${escapeAttribute(contentType)}"`;
  return formParameters.length === 0
    ? `${start}/>\n`
    : `${start}>\n${formParameters.map((one) => param(one, 'query', '            ')).join('')}          </representation>\n`;
}

const types: Readonly<Record<string, string>> = { integer: 'xs:long', number: 'xs:double', boolean: 'xs:boolean' };

function param(one: ExportedParameter, style: string, pad: string): string {
  const attributes = [
    ['name', one.name],
    ['style', style],
    ['type', types[one.type] ?? 'xs:string'],
    ...(one.required ? [['required', 'true']] : []),
    ...(one.defaultValue === null ? [] : [['default', one.defaultValue]]),
  ]
    .map(([name, value]) => ` ${name}="${escapeAttribute(value ?? '')}"`)
    .join('');
  const inner =
    (one.description ? `<doc>${escapeText(one.description)}</doc>` : '') +
    one.values.map((value) => `<option value="${escapeAttribute(value)}"/>`).join('');
  return inner === '' ? `${pad}<param${attributes}/>\n` : `${pad}<param${attributes}>${inner}</param>\n`;
}
