import { stepThrough } from '../../runtime/enumerate.ts';
import type { Uniform } from '../../runtime/values.ts';
import type { XName } from '../../runtime/xml/name.ts';
import { XAttribute, XContainer, XElement, XNode } from '../../runtime/xml/nodes.ts';
import { declareType, type Implementation, type TypeDeclaration } from '../declare.ts';
import { inDocumentOrder } from './document-order.ts';
import { ancestors, sequence } from './nodes.ts';

type Each = (node: XNode, name: XName | null) => Iterable<XNode | XAttribute>;

const elements: Each = (node, name) => (node instanceof XContainer ? node.elements(name) : []);
const descendants: Each = (node, name) => (node instanceof XContainer ? node.descendants(name) : []);
const attributes: Each = (node, name) =>
  node instanceof XElement ? node.attributes.filter((attribute) => name === null || attribute.name.is(name)) : [];
const nodes: Each = (node) => (node instanceof XContainer ? [...node.nodes] : []);
const descendantNodes: Each = (node) => (node instanceof XContainer ? node.descendantNodes() : []);
const descendantsAndSelf: Each = function* (node, name) {
  if (node instanceof XElement && (name === null || node.name.is(name))) yield node;
  yield* descendants(node, name);
};

/** A member over every node of a sequence. .NET's type parameter is its constraint: the sequence is covariant. */
function over(
  result: string,
  member: string,
  source: string,
  each: Each,
  named = true,
): Record<string, Implementation> {
  function* all(items: Uniform, name: XName | null): Iterable<XNode | XAttribute> {
    for (const node of stepThrough(items)) if (node instanceof XNode) yield* each(node, name);
  }
  const plain = `static IEnumerable<${result}> ${member}(this IEnumerable<${source}> source`;
  const members: Record<string, Implementation> = {
    [`${plain})`]: (items: Uniform) => sequence(() => all(items, null)),
  };
  if (named) {
    members[`${plain}, XName name)`] = (items: Uniform, name: XName | null) =>
      sequence(() => (name ? all(items, name) : []));
  }
  return members;
}

function removeAll(source: Uniform): void {
  for (const item of [...stepThrough(source)]) if (item instanceof XNode || item instanceof XAttribute) item.remove();
}

export const extensionTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Xml.Linq.Extensions',
    kind: 'static',
    members: {
      ...over('XElement', 'Elements', 'XContainer', elements),
      ...over('XElement', 'Descendants', 'XContainer', descendants),
      ...over('XElement', 'DescendantsAndSelf', 'XElement', descendantsAndSelf),
      ...over('XElement', 'Ancestors', 'XNode', (node, name) => ancestors(node, false, name)),
      ...over('XElement', 'AncestorsAndSelf', 'XElement', (node, name) => ancestors(node, true, name)),
      ...over('XAttribute', 'Attributes', 'XElement', attributes),
      ...over('XNode', 'Nodes', 'XContainer', nodes, false),
      ...over('XNode', 'DescendantNodes', 'XContainer', descendantNodes, false),
      'static IEnumerable<T> InDocumentOrder<T>(this IEnumerable<T> source)': (source: Uniform) =>
        sequence(() => inDocumentOrder(source)),
      'static void Remove(this IEnumerable<XNode> source)': removeAll,
      'static void Remove(this IEnumerable<XAttribute> source)': removeAll,
    },
  }),
];
