import { noNamespaces, type Scope } from './scope.ts';
import type { XmlElement } from './xml-tree.ts';

/** Writes an element with everything in it. `around`: namespaces that are declared where it is put. */
export function writeElement(element: XmlElement, around: Scope = noNamespaces, pad = ''): string {
  const attributes = [...missing(element, around), ...element.attributes]
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join('');
  const nodes = element.nodes.filter((node) => typeof node !== 'string' || node.trim() !== '');
  if (nodes.length === 0) return `${pad}<${element.name}${attributes}/>`;
  if (nodes.some((node) => typeof node === 'string'))
    return `${pad}<${element.name}${attributes}>${element.nodes
      .map((node) => (typeof node === 'string' ? escapeText(node) : writeElement(node, element.scope)))
      .join('')}</${element.name}>`;
  const inner = nodes.map((node) =>
    typeof node === 'string' ? escapeText(node) : writeElement(node, element.scope, `${pad}  `),
  );
  return `${pad}<${element.name}${attributes}>\n${inner.join('\n')}\n${pad}</${element.name}>`;
}

/** Declarations that an element needs where it is put, beside its own. */
function missing(element: XmlElement, around: Scope): [string, string][] {
  if (element.scope === around || element.scope.parent === around) return [];
  const own = new Set(element.attributes.map(([name]) => name));
  const needed = [...element.scope.all()]
    .filter(([prefix, uri]) => (around.get(prefix) ?? '') !== uri)
    .map(([prefix, uri]): [string, string] => [prefix === '' ? 'xmlns' : `xmlns:${prefix}`, uri]);
  // A default namespace that is in force here, and was not where the element comes from, is taken back.
  if ((around.get('') ?? '') !== '' && element.scope.get('') === undefined) needed.push(['xmlns', '']);
  return needed.filter(([name]) => !own.has(name));
}

export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
