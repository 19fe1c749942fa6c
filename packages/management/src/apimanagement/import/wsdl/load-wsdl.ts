import { LinkedDocuments, LinkProblem } from '../linked-documents.ts';
import { writeElement } from '../xml/write-xml.ts';
import { attributeOf, childrenOf, readXmlTree, type XmlElement, XmlProblem } from '../xml/xml-tree.ts';
import { xsd } from '../xsd/schema-set.ts';

export const wsdl = 'http://schemas.xmlsoap.org/wsdl/';

/** A WSDL with everything that it imports. */
export interface WsdlDocuments {
  /** `wsdl:definitions`, the document itself first. */
  readonly definitions: readonly XmlElement[];
  /** Every `xs:schema`, each once. */
  readonly schemas: readonly XmlElement[];
}

/**
 * Reads a WSDL 1.1 document and, one after another, what its `wsdl:import`, `xs:import` and `xs:include` name. Those that
 * import each other are read once.
 * @throws {XmlProblem | LinkProblem}
 */
export async function loadWsdl(text: string, url: string | undefined): Promise<WsdlDocuments> {
  const documents = new LinkedDocuments();
  const definitions: XmlElement[] = [];
  const schemas: XmlElement[] = [];
  const seen = new Set<string>(url === undefined ? [] : [documents.resolve(url, undefined)]);
  const waiting: { readonly element: XmlElement; readonly base: string | undefined }[] = [
    { element: readXmlTree(text), base: url },
  ];
  const follow = async (reference: XmlElement, location: string, base: string | undefined, target: string | null) => {
    const address = documents.resolve(location, base);
    const key = target === null ? address : `${address} ${target}`;
    if (seen.has(key)) return;
    seen.add(key);
    const linked = await documents.read(address);
    waiting.push({ element: inNamespace(readLinked(linked, address), target), base: address });
    if (waiting.length > 500)
      throw new XmlProblem('The documents import too many others', reference.line, reference.column);
  };
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { element, base } = next;
    if (element.local === 'schema' && element.namespace === xsd) {
      schemas.push(element);
      for (const reference of childrenOf(element, undefined, xsd)) {
        if (!isSchemaReference(reference)) continue;
        const location = attributeOf(reference, 'schemaLocation');
        const target = reference.local === 'import' ? null : (attributeOf(element, 'targetNamespace') ?? null);
        // Without a location it names a schema that is among the others.
        if (location !== undefined && !isInside(reference, element, schemas, waiting))
          await follow(reference, location, base, target);
      }
      continue;
    }
    if (element.local !== 'definitions' || element.namespace !== wsdl) throw notWsdl(element, definitions.length === 0);
    definitions.push(element);
    for (const types of childrenOf(element, 'types', wsdl))
      for (const schema of childrenOf(types, 'schema', xsd)) waiting.push({ element: schema, base });
    for (const reference of childrenOf(element, 'import', wsdl)) {
      const location = attributeOf(reference, 'location');
      if (location !== undefined) await follow(reference, location, base, null);
    }
  }
  return { definitions, schemas };
}

export function isSchemaReference({ local, namespace }: XmlElement): boolean {
  return namespace === xsd && ['import', 'include', 'redefine'].includes(local);
}

/** An import of a namespace whose schema stands in the same document needs no other document. */
function isInside(
  reference: XmlElement,
  schema: XmlElement,
  schemas: readonly XmlElement[],
  waiting: readonly { readonly element: XmlElement }[],
): boolean {
  if (reference.local !== 'import') return false;
  const namespace = attributeOf(reference, 'namespace') ?? '';
  return [...schemas, ...waiting.map(({ element }) => element)].some(
    (other) =>
      other !== schema && other.namespace === xsd && (attributeOf(other, 'targetNamespace') ?? '') === namespace,
  );
}

function readLinked(text: string, url: string): XmlElement {
  try {
    return readXmlTree(text);
  } catch (error) {
    if (error instanceof XmlProblem) throw new LinkProblem(`'${url}': ${error.message}`);
    throw error;
  }
}

/** A schema without a namespace that another includes belongs to the namespace of that one. */
function inNamespace(schema: XmlElement, target: string | null): XmlElement {
  if (target === null || target === '' || attributeOf(schema, 'targetNamespace') !== undefined) return schema;
  const attributes: (readonly [string, string])[] = [...schema.attributes, ['targetNamespace', target]];
  if (attributeOf(schema, 'xmlns') === undefined) attributes.push(['xmlns', target]);
  return readXmlTree(writeElement({ ...schema, attributes }));
}

function notWsdl({ local, namespace, line, column }: XmlElement, isFirst: boolean): XmlProblem {
  if (namespace === 'http://www.w3.org/ns/wsdl')
    return new XmlProblem('WSDL 2.0 is not supported: expected WSDL 1.1', line, column);
  return new XmlProblem(
    `The root element is '${local}' of '${namespace}': expected ${isFirst ? '' : "'schema' of XML Schema or "}'definitions' of '${wsdl}'`,
    line,
    column,
  );
}
