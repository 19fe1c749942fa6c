import { Scope } from '../xml/scope.ts';
import { escapeAttribute, writeElement } from '../xml/write-xml.ts';
import { attributeOf, childrenOf, localOf, resolveName, type XmlElement, XmlProblem } from '../xml/xml-tree.ts';
import { isSchemaReference, type WsdlDocuments, wsdl } from './load-wsdl.ts';

/** What stands in a definitions element, in the order of the specification. */
const parts = ['message', 'portType', 'binding', 'service'];
const references: Readonly<Record<string, readonly string[]>> = {
  input: ['message'],
  output: ['message'],
  fault: ['message'],
  port: ['binding'],
  binding: ['type'],
};

/**
 * One WSDL document that needs no other: schemas that were imported stand among its types, and messages, port types,
 * bindings and services of imported documents belong to the namespace of the first.
 */
export function mergeWsdl({ definitions, schemas }: WsdlDocuments): string {
  const [root] = definitions as [XmlElement];
  const namespace = attributeOf(root, 'targetNamespace') ?? '';
  // One prefix that means the same everywhere, whatever the documents declare.
  const scope = new Scope(root.scope, new Map([['lz', namespace]]));
  const attributes = root.attributes.map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('');
  const lines = [`<${root.name}${attributes} xmlns:lz="${escapeAttribute(namespace)}">`];
  const prefix = root.name.includes(':') ? `${root.name.split(':')[0]}:` : '';
  const documentation = childrenOf(root, 'documentation', wsdl)[0];
  if (documentation) lines.push(writeElement(documentation, scope, '  '));
  lines.push(`  <${prefix}types>`);
  for (const schema of schemas) lines.push(writeElement(withoutLocations(schema), scope, '    '));
  lines.push(`  </${prefix}types>`);
  for (const part of parts) {
    const names = new Set<string>();
    for (const one of definitions)
      for (const element of childrenOf(one, part, wsdl)) {
        const name = attributeOf(element, 'name') ?? '';
        if (names.has(name))
          throw new XmlProblem(
            `The imported WSDL documents have two of the ${part} '${name}'`,
            element.line,
            element.column,
          );
        names.add(name);
        lines.push(writeElement(withOwnReferences(element), scope, '  '));
      }
  }
  return `${lines.join('\n')}\n</${root.name}>`;
}

/** Imported schemas stand beside it and are found by their namespace; those that are included have been put beside it too. */
function withoutLocations(schema: XmlElement): XmlElement {
  const nodes = schema.nodes.flatMap((node): (XmlElement | string)[] => {
    if (typeof node === 'string' || !isSchemaReference(node) || node.local === 'redefine') return [node];
    if (node.local === 'include') return [];
    return [{ ...node, attributes: node.attributes.filter(([name]) => name !== 'schemaLocation') }];
  });
  return { ...schema, nodes };
}

function withOwnReferences(element: XmlElement): XmlElement {
  const names = element.namespace === wsdl ? (references[element.local] ?? []) : [];
  return {
    ...element,
    attributes: element.attributes.map(([name, value]): readonly [string, string] =>
      names.includes(name) ? [name, `lz:${localOf(resolveName(element, value))}`] : [name, value],
    ),
    nodes: element.nodes.map((node) => (typeof node === 'string' ? node : withOwnReferences(node))),
  };
}
