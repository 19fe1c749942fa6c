import { transformationFailure } from '../message/body-text.ts';
import { accepts, isJsonType, isXmlType } from '../message/media-type.ts';
import { messageOf } from '../message/response-of.ts';
import { rewriteText } from '../message/rewrite-text.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { emptyValues as emptyValuesAttribute } from '../transform/empty-values.ts';
import { xmlToJson as convert } from '../transform/xml-to-json.ts';
import { XmlSyntaxError } from '../xml/xml-tree.ts';

/** Converts an XML body to JSON. */
export const xmlToJson: PolicyDefinition = {
  name: 'xml-to-json',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      kind: { type: 'enum', values: ['javascript-friendly', 'direct'], required: true, expression: true },
      apply: { type: 'enum', values: ['always', 'content-type-xml'], required: true, expression: true },
      'consider-accept-header': { type: 'boolean', default: 'true', expression: true },
      'always-array-child-elements': { type: 'boolean', default: 'false', expression: true },
      'preserve-whitespace-nodes': { type: 'boolean', default: 'false', expression: true, note: 'undocumented' },
      'empty-values': emptyValuesAttribute,
      'trim-values': { type: 'boolean', default: 'false', expression: true, note: 'undocumented' },
    },
  },
  compile(element, compiler) {
    const kind = compiler.choice(element, 'kind');
    const apply = compiler.choice(element, 'apply');
    const considerAccept = compiler.boolean(element, 'consider-accept-header');
    const alwaysArrays = compiler.boolean(element, 'always-array-child-elements');
    const keepSpace = compiler.boolean(element, 'preserve-whitespace-nodes');
    const emptyValues = compiler.choice(element, 'empty-values');
    const trimValues = compiler.boolean(element, 'trim-values');
    const which = messageOf(compiler.section);
    compiler.reads(which);
    return rewriteText(which, (exchange, xml) => {
      const headers = which === 'request' ? exchange.request.headers : exchange.response?.headers;
      if (apply.get(exchange) === 'content-type-xml' && !isXmlType(headers?.get('Content-Type'))) return null;
      if (considerAccept.get(exchange) && !accepts(exchange.request.headers.get('Accept'), isJsonType)) return null;
      const options = {
        kind: kind.get(exchange) === 'direct' ? 'direct' : 'javascript-friendly',
        keepWhitespaceNodes: keepSpace.get(exchange),
        emptyAsNull: emptyValues.get(exchange) === 'as-null',
        trimValues: trimValues.get(exchange),
        alwaysArrays: alwaysArrays.get(exchange),
      } as const;
      try {
        return { text: convert(xml, options), contentType: 'application/json' };
      } catch (error) {
        if (!(error instanceof XmlSyntaxError)) throw error;
        const { message, line, position } = error;
        throw transformationFailure(
          `The message body is not valid XML. ${message}. Line ${line}, position ${position}.`,
          error,
        );
      }
    });
  },
  notes:
    "direct: as Newtonsoft's converter, with $ for the colon of a prefix (from a capture). javascript-friendly is not described by Azure: here it leaves out prefixes, namespace declarations, comments and processing instructions, attributes have no sign, and xsi:nil is null. consider-accept-header looks at the caller's Accept for a JSON type by name; a wildcard does not count. A body that is not XML is a TransformationFailure.",
};
