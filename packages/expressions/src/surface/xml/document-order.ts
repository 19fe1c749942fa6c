import { charge } from '../../runtime/budget.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { argumentNull, invalidOperation } from '../../runtime/exceptions.ts';
import { netType, type Uniform } from '../../runtime/values.ts';
import { nodesEqual, XNode, type XObject } from '../../runtime/xml/nodes.ts';
import { declareType, type Implementation, type TypeDeclaration } from '../declare.ts';

/** From the root down to the node. */
function path(node: XNode): XObject[] {
  const found: XObject[] = [];
  for (let at: XObject | null = node; at; at = at.parent) {
    charge();
    found.push(at);
  }
  return found.reverse();
}

/** Negative when the first comes first. Throws InvalidOperationException for nodes of two trees. */
function compareOrder(a: XNode | null, b: XNode | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  const [left, right] = [path(a), path(b)];
  if (left[0] !== right[0]) throw invalidOperation('A common ancestor is missing.');
  let depth = 0;
  while (left[depth] === right[depth]) depth++;
  const [x, y] = [left[depth], right[depth]];
  if (!(x instanceof XNode) || !(y instanceof XNode)) return x === undefined ? -1 : 1;
  charge(x.siblings.length / 16);
  return x.siblings.indexOf(x) < y.siblings.indexOf(y) ? -1 : 1;
}

class DocumentOrder {
  get [netType](): string {
    return 'System.Xml.Linq.XNodeDocumentOrderComparer';
  }
  compare(a: Uniform, b: Uniform): number {
    return compareOrder(a instanceof XNode ? a : null, b instanceof XNode ? b : null);
  }
}
const documentOrder = new DocumentOrder();

class NodeEquality {
  get [netType](): string {
    return 'System.Xml.Linq.XNodeEqualityComparer';
  }
  equals(a: Uniform, b: Uniform): boolean {
    return nodesEqual(a instanceof XNode ? a : null, b instanceof XNode ? b : null);
  }
  hash(): number {
    return 0;
  }
}
const nodeEquality = new NodeEquality();

/** Of XNode. */
export const orderMembers: Readonly<Record<string, Implementation>> = {
  'bool IsAfter(XNode node)': (self: XNode, other: XNode | null) => compareOrder(self, other) > 0,
  'bool IsBefore(XNode node)': (self: XNode, other: XNode | null) => compareOrder(self, other) < 0,
  'static int CompareDocumentOrder(XNode n1, XNode n2)': compareOrder,
  'static XNodeDocumentOrderComparer DocumentOrderComparer { get; }': () => documentOrder,
  'static XNodeEqualityComparer EqualityComparer { get; }': () => nodeEquality,
};

/** `Extensions.InDocumentOrder`. */
export function inDocumentOrder(source: Uniform): Uniform[] {
  if (source === null) throw argumentNull('source');
  const nodes = [...stepThrough(source)];
  charge(nodes.length * Math.ceil(Math.log2(nodes.length + 1)));
  return nodes.sort((a, b) => documentOrder.compare(a, b));
}

export const orderTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Xml.Linq.XNodeDocumentOrderComparer',
    kind: 'class',
    interfaces: ['IComparer<XNode>'],
    test: (value) => value instanceof DocumentOrder,
    members: {
      'new()': () => new DocumentOrder(),
      'int Compare(XNode x, XNode y)': (_self: DocumentOrder, a: XNode | null, b: XNode | null) => compareOrder(a, b),
    },
  }),
  declareType({
    name: 'System.Xml.Linq.XNodeEqualityComparer',
    kind: 'class',
    interfaces: ['IEqualityComparer<XNode>'],
    test: (value) => value instanceof NodeEquality,
    members: {
      'new()': () => new NodeEquality(),
      'bool Equals(XNode x, XNode y)': (_self: NodeEquality, a: XNode | null, b: XNode | null) => nodesEqual(a, b),
    },
  }),
];
