import type { XmlElement, XmlNode } from '../../xml/xml-tree.ts';

interface WriteOptions {
  /** Namespaces that are declared around the element and must be declared on it, by prefix (empty: the default one). */
  readonly declared: ReadonlyMap<string, string>;
  /** Called for each element before it is written. */
  readonly change: (element: XmlElement) => XmlElement;
}

/** Writes an element as a document of its own. Comments and processing instructions are left out. */
export function writeXml(element: XmlElement, { declared, change }: WriteOptions): string {
  const inherited = [...declared]
    .filter(([prefix]) => !element.attributes.some(({ name }) => name === nameOf(prefix)))
    .map(([prefix, value]) => ({ name: nameOf(prefix), value }));
  return written(element, change, inherited);
}

const nameOf = (prefix: string): string => (prefix === '' ? 'xmlns' : `xmlns:${prefix}`);

function written(
  original: XmlElement,
  change: WriteOptions['change'],
  more: readonly { readonly name: string; readonly value: string }[] = [],
): string {
  const element = change(original);
  const attributes = [...more, ...element.attributes].map(({ name, value }) => ` ${name}="${escaped(value)}"`);
  const content = element.nodes.map((node) => writtenNode(node, change)).join('');
  return `<${element.name}${attributes.join('')}>${content}</${element.name}>`;
}

function writtenNode(node: XmlNode, change: WriteOptions['change']): string {
  if (node.kind === 'element') return written(node, change);
  return node.kind === 'text' || node.kind === 'cdata' ? escaped(node.value) : '';
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"\t\n\r]/g, (character) => entities[character] ?? character);
