import { createHash } from 'node:crypto';
import type { ServiceSchema } from '@lazuli/resources';
import { readXml, type XmlDocument, type XmlElement, XmlSyntaxError } from '../../xml/xml-tree.ts';
import { UnusableSchema } from '../schema-validator.ts';
import { pathOf } from './schema-location.ts';
import { writeXml } from './write-xml.ts';

/** XML schemas that belong together: what a body is checked against. */
export interface XmlSchemaSet {
  /** The same for the same schemas. */
  readonly key: string;
  /** A schema that brings in all those whose elements a body may be. */
  readonly entry: string;
  /** Every schema that may be included or imported, by its path: `/schemas/{id}`. */
  readonly documents: readonly (readonly [path: string, text: string])[];
}

const xsd = 'http://www.w3.org/2001/XMLSchema';
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';

/**
 * Puts XML schemas together. `texts` hold those whose elements a body may be: each one `xs:schema`, several of them after
 * each other, or a WSDL document with schemas among its types. They, and `stored`, are found by `schemaLocation` as
 * `/schemas/{id}`, `{id}` or `{id}.xsd`; an `xs:import` whose location is none of them is resolved by its namespace.
 * @throws {UnusableSchema}
 */
export function xmlSchemaSet(
  texts: ReadonlyMap<string, string>,
  stored: ReadonlyMap<string, ServiceSchema>,
): XmlSchemaSet {
  const own = [...texts].flatMap(([id, text]) => schemasIn(id, text));
  if (own.length === 0) throw new UnusableSchema('There is no XML schema in it.');
  const others = [...stored.values()].flatMap((schema) =>
    schema.schemaType === 'xml' && !texts.has(schema.name) ? schemasOrNone(schema.name, schema.value) : [],
  );
  const paths = new Set([...own, ...others].map(({ path }) => path));
  const documents = [...own, ...others].map(({ path, element, declared }): [string, string] => [
    path,
    writeXml(element, { declared, change: (one) => withKnownLocation(one, paths) }),
  ]);
  documents.push(['/xml.xsd', xmlAttributes]);
  const entry = entryOf(own, documents);
  const key = createHash('sha256')
    .update(JSON.stringify([entry, documents]))
    .digest('base64');
  return { key, entry, documents };
}

interface Found {
  readonly path: string;
  readonly namespace: string;
  readonly element: XmlElement;
  /** Namespaces that elements around it declare, by prefix. */
  readonly declared: ReadonlyMap<string, string>;
}

function schemasOrNone(id: string, text: string): Found[] {
  try {
    return schemasIn(id, text);
  } catch (error) {
    // Another schema of the service: it matters only when it is referred to, and then the reference leads nowhere.
    if (error instanceof UnusableSchema) return [];
    throw error;
  }
}

function schemasIn(id: string, text: string): Found[] {
  const found: Found[] = [];
  const collect = (element: XmlElement, around: ReadonlyMap<string, string>): void => {
    const declared = new Map(around);
    for (const { name, value } of element.attributes)
      if (name === 'xmlns' || name.startsWith('xmlns:')) declared.set(name.slice(6), value);
    if (element.local === 'schema' && element.namespace === xsd) {
      const path = `/schemas/${encodeURIComponent(id)}${found.length === 0 ? '' : `/${found.length}`}`;
      const namespace = element.attributes.find(({ name }) => name === 'targetNamespace')?.value ?? '';
      found.push({ path, namespace, element, declared: around });
      return;
    }
    for (const node of element.nodes) if (node.kind === 'element') collect(node, declared);
  };
  collect(parsed(text).root, new Map());
  return found;
}

function parsed(text: string): XmlDocument {
  // Several schemas after each other are no document: they get a root.
  const content = text.replace(/^\uFEFF/, '').replace(/<\?xml\s[^>]*\?>/g, '');
  try {
    return readXml(`<schemas>${content}</schemas>`);
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    throw new UnusableSchema(`${error.message}. Line: ${error.line}, Position: ${error.position}`, { cause: error });
  }
}

function withKnownLocation(element: XmlElement, paths: ReadonlySet<string>): XmlElement {
  if (element.namespace !== xsd || !['import', 'include', 'redefine'].includes(element.local)) return element;
  const attributes = element.attributes.flatMap((attribute) => {
    if (attribute.name !== 'schemaLocation') return [attribute];
    const path = pathOf(attribute.value, paths);
    if (path !== undefined) return [{ ...attribute, value: path }];
    return element.local === 'import' ? [] : [attribute];
  });
  return { ...element, attributes };
}

/** A namespace may come only once: schemas that share one are included in a schema of their own. */
function entryOf(own: readonly Found[], documents: (readonly [string, string])[]): string {
  const byNamespace = new Map<string, string[]>();
  for (const { namespace, path } of own) byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), path]);
  const include = (path: string) => `<xs:include schemaLocation="${attribute(path)}"/>`;
  let content = `<xs:import namespace="${xmlNamespace}" schemaLocation="/xml.xsd"/>`;
  for (const [namespace, paths] of byNamespace) {
    if (namespace === '') {
      content = `${paths.map(include).join('')}${content}`;
      continue;
    }
    let [path = ''] = paths;
    if (paths.length > 1) {
      path = `/namespaces/${documents.length}`;
      documents.push([
        path,
        `<xs:schema xmlns:xs="${xsd}" targetNamespace="${attribute(namespace)}">${paths.map(include).join('')}</xs:schema>`,
      ]);
    }
    content += `<xs:import namespace="${attribute(namespace)}" schemaLocation="${attribute(path)}"/>`;
  }
  return `<xs:schema xmlns:xs="${xsd}">${content}</xs:schema>`;
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** `xml:lang` and its like, which schemas import from the W3C's server. */
const xmlAttributes = `<xs:schema xmlns:xs="${xsd}" targetNamespace="${xmlNamespace}">
<xs:attribute name="lang" type="xs:string"/>
<xs:attribute name="space"><xs:simpleType><xs:restriction base="xs:NCName"><xs:enumeration value="default"/><xs:enumeration value="preserve"/></xs:restriction></xs:simpleType></xs:attribute>
<xs:attribute name="base" type="xs:anyURI"/>
<xs:attribute name="id" type="xs:ID"/>
<xs:attributeGroup name="specialAttrs"><xs:attribute ref="xml:base"/><xs:attribute ref="xml:lang"/><xs:attribute ref="xml:space"/><xs:attribute ref="xml:id"/></xs:attributeGroup>
</xs:schema>`;
