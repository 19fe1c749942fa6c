import { JsonSyntaxError, lineAndPosition } from '../json/json-tree.ts';
import { transformationFailure } from '../message/body-text.ts';
import { accepts, isJsonType, isXmlType } from '../message/media-type.ts';
import { messageOf } from '../message/response-of.ts';
import { rewriteText } from '../message/rewrite-text.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { emptyValues as emptyValuesAttribute } from '../transform/empty-values.ts';
import { xmlDate } from '../transform/json-date.ts';
import { jsonToXml as convert } from '../transform/json-to-xml.ts';

const text = { type: 'string', expression: false } as const;

/** Converts a JSON body to XML. */
export const jsonToXml: PolicyDefinition = {
  name: 'json-to-xml',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      apply: { type: 'enum', values: ['always', 'content-type-json'], required: true, expression: true },
      'consider-accept-header': { type: 'boolean', default: 'true', expression: true },
      'parse-date': { type: 'boolean', default: 'true', expression: false },
      'namespace-separator': { ...text, default: '_' },
      'namespace-prefix': { ...text, default: 'xmlns', nonEmpty: true },
      'attribute-block-name': { ...text, nonEmpty: true },
      'attribute-prefix': { ...text, default: '@', note: 'undocumented' },
      'namespace-block-name': { ...text, nonEmpty: true, note: 'undocumented' },
      'invalid-character-replacement': { ...text, note: 'undocumented' },
      'null-values': { ...text, default: 'empty', note: 'undocumented: empty, nil or omit' },
      'trim-values': { type: 'boolean', default: 'false', expression: false, note: 'undocumented' },
      'empty-values': emptyValuesAttribute,
    },
  },
  validate(element, compiler) {
    const given = compiler.string(element, 'null-values').constant;
    if (given !== 'empty' && given !== 'nil' && given !== 'omit')
      compiler.report(element, "The attribute 'null-values' must be 'empty', 'nil' or 'omit'.");
  },
  compile(element, compiler) {
    const constant = (name: string): string | null => compiler.string(element, name).constant ?? null;
    const apply = compiler.choice(element, 'apply');
    const considerAccept = compiler.boolean(element, 'consider-accept-header');
    const emptyValues = compiler.choice(element, 'empty-values');
    const nulls = constant('null-values');
    const options = {
      attributeBlock: constant('attribute-block-name'),
      attributePrefix: constant('attribute-prefix') ?? '',
      namespaceBlock: constant('namespace-block-name'),
      namespaceSeparator: constant('namespace-separator') ?? '',
      namespacePrefix: constant('namespace-prefix') ?? 'xmlns',
      invalidCharacter: constant('invalid-character-replacement'),
      date: compiler.boolean(element, 'parse-date').constant === false ? (value: string) => value : xmlDate,
      trimValues: compiler.boolean(element, 'trim-values').constant === true,
      nullValues: nulls === 'nil' || nulls === 'omit' ? nulls : 'empty',
    } as const;
    const which = messageOf(compiler.section);
    compiler.reads(which);
    return rewriteText(which, (exchange, json) => {
      const headers = which === 'request' ? exchange.request.headers : exchange.response?.headers;
      if (apply.get(exchange) === 'content-type-json' && !isJsonType(headers?.get('Content-Type'))) return null;
      if (considerAccept.get(exchange) && !accepts(exchange.request.headers.get('Accept'), isXmlType)) return null;
      const emptyAsNull = emptyValues.get(exchange) === 'as-null';
      try {
        return { text: convert(json, { ...options, emptyAsNull }), contentType: 'text/xml' };
      } catch (error) {
        if (!(error instanceof JsonSyntaxError)) throw error;
        const { line, position } = lineAndPosition(json, error.offset);
        throw transformationFailure(
          `The message body is not valid JSON. ${error.message}. Line ${line}, position ${position}.`,
          error,
        );
      }
    });
  },
  notes:
    "As Newtonsoft's DeserializeXNode. A name is split at namespace-separator (or a colon) only when what stands before it is a declared prefix, so that first_name stays whole. Several roots are put into Document. consider-accept-header looks at the caller's Accept for an XML type by name; a wildcard does not count. A body that is not JSON is a TransformationFailure.",
};
