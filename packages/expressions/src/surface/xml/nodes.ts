import { charge } from '../../runtime/budget.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import { toStringMember } from '../../runtime/object.ts';
import { Sequence } from '../../runtime/sequence.ts';
import type { Uniform } from '../../runtime/values.ts';
import type { XName } from '../../runtime/xml/name.ts';
import {
  nodesEqual,
  XAttribute,
  XCData,
  XComment,
  XContainer,
  XDeclaration,
  XDocumentType,
  XElement,
  XNode,
  XObject,
  XProcessingInstruction,
  XText,
} from '../../runtime/xml/nodes.ts';
import { xmlText } from '../../runtime/xml/text.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';
import { xmlConversions } from './conversions.ts';
import { orderMembers } from './document-order.ts';

const noXPath =
  'System.Xml.XPath is not among the namespaces that API Management allows; use Descendants, Elements and Attribute.';

export const sequence = (start: () => Iterable<Uniform>) => new Sequence(() => start()[Symbol.iterator]());

export function given<T>(value: T | null, parameter: string): T {
  if (value === null) throw argumentNull(parameter);
  return value;
}

export function* ancestors(node: XObject, self: boolean, name: XName | null): Iterable<XElement> {
  const start = self && node instanceof XElement ? node : node.parentElement;
  for (let at = start; at; at = at.parentElement) {
    charge();
    if (name === null || at.name.is(name)) yield at;
  }
}

function* beside(node: XNode, after: boolean): Iterable<XNode> {
  const index = node.siblings.indexOf(node);
  yield* after ? node.siblings.slice(index + 1) : node.siblings.slice(0, Math.max(index, 0));
}

function* elementsBeside(node: XNode, after: boolean, name: XName | null): Iterable<XElement> {
  for (const other of beside(node, after)) {
    if (other instanceof XElement && (name === null || other.name.is(name))) yield other;
  }
}

const valueMember = {
  'string Value { get; set; }': {
    get: (self: XText | XComment) => self.value,
    set: (self: XText | XComment, value: string | null) => {
      self.value = given(value, 'value');
    },
  },
};

export const nodeTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Xml.Linq.XObject',
    kind: 'class',
    test: (value) => value instanceof XObject,
    members: {
      'XmlNodeType NodeType { get; }': (self: XObject) => self.nodeType,
      'XElement Parent { get; }': (self: XObject) => self.parentElement,
      'XDocument Document { get; }': (self: XObject) => self.document,
    },
  }),
  declareType({
    name: 'System.Xml.Linq.XNode',
    kind: 'class',
    base: 'System.Xml.Linq.XObject',
    test: (value) => value instanceof XNode,
    members: {
      'XNode NextNode { get; }': (self: XNode) => (self.parent ? self.sibling(1) : null),
      'XNode PreviousNode { get; }': (self: XNode) => (self.parent ? self.sibling(-1) : null),
      'void Remove()': (self: XNode) => self.remove(),
      'void AddAfterSelf(object content)': (self: XNode, content: Uniform) => self.addBeside(content, 1),
      'void AddAfterSelf(params object[] content)': (self: XNode, content: Uniform[]) => self.addBeside(content, 1),
      'void AddBeforeSelf(object content)': (self: XNode, content: Uniform) => self.addBeside(content, 0),
      'void AddBeforeSelf(params object[] content)': (self: XNode, content: Uniform[]) => self.addBeside(content, 0),
      'void ReplaceWith(object content)': (self: XNode, content: Uniform) => self.replaceWith(content),
      'void ReplaceWith(params object[] content)': (self: XNode, content: Uniform[]) => self.replaceWith(content),
      'IEnumerable<XElement> Ancestors()': (self: XNode) => sequence(() => ancestors(self, false, null)),
      'IEnumerable<XElement> Ancestors(XName name)': (self: XNode, name: XName | null) =>
        sequence(() => ancestors(self, false, name)),
      'IEnumerable<XNode> NodesAfterSelf()': (self: XNode) => sequence(() => beside(self, true)),
      'IEnumerable<XNode> NodesBeforeSelf()': (self: XNode) => sequence(() => beside(self, false)),
      'IEnumerable<XElement> ElementsAfterSelf()': (self: XNode) => sequence(() => elementsBeside(self, true, null)),
      'IEnumerable<XElement> ElementsAfterSelf(XName name)': (self: XNode, name: XName | null) =>
        sequence(() => elementsBeside(self, true, name)),
      'IEnumerable<XElement> ElementsBeforeSelf()': (self: XNode) => sequence(() => elementsBeside(self, false, null)),
      'IEnumerable<XElement> ElementsBeforeSelf(XName name)': (self: XNode, name: XName | null) =>
        sequence(() => elementsBeside(self, false, name)),
      'override string ToString()': (self: XNode) => self[toStringMember](),
      'string ToString(SaveOptions options)': (self: XNode, options: number) => self.text((options & 1) === 0),
      ...orderMembers,
      'static bool DeepEquals(XNode n1, XNode n2)': (a: XNode | null, b: XNode | null) => nodesEqual(a, b),
    },
    refused: {
      CreateReader: 'there is no XmlReader in policy expressions.',
      WriteTo: 'there is no XmlWriter in policy expressions; use ToString().',
      XPathSelectElement: noXPath,
      XPathSelectElements: noXPath,
      XPathEvaluate: noXPath,
      CreateNavigator: noXPath,
    },
  }),
  declareType({
    name: 'System.Xml.Linq.XContainer',
    kind: 'class',
    base: 'System.Xml.Linq.XNode',
    test: (value) => value instanceof XContainer,
    members: {
      'XNode FirstNode { get; }': (self: XContainer) => self.nodes[0] ?? null,
      'XNode LastNode { get; }': (self: XContainer) => self.nodes[self.nodes.length - 1] ?? null,
      'void Add(object content)': (self: XContainer, content: Uniform) => self.add(content),
      'void Add(params object[] content)': (self: XContainer, content: Uniform[]) => self.add(content),
      'void AddFirst(object content)': (self: XContainer, content: Uniform) => {
        self.insert(0, content);
      },
      'void AddFirst(params object[] content)': (self: XContainer, content: Uniform[]) => {
        self.insert(0, content);
      },
      'XElement Element(XName name)': (self: XContainer, name: XName | null) => name && self.element(name),
      'IEnumerable<XElement> Elements()': (self: XContainer) => sequence(() => self.elements(null)),
      'IEnumerable<XElement> Elements(XName name)': (self: XContainer, name: XName | null) =>
        sequence(() => (name ? self.elements(name) : [])),
      'IEnumerable<XElement> Descendants()': (self: XContainer) => sequence(() => self.descendants(null)),
      'IEnumerable<XElement> Descendants(XName name)': (self: XContainer, name: XName | null) =>
        sequence(() => (name ? self.descendants(name) : [])),
      'IEnumerable<XNode> DescendantNodes()': (self: XContainer) => sequence(() => self.descendantNodes()),
      'IEnumerable<XNode> Nodes()': (self: XContainer) => sequence(() => [...self.nodes]),
      'void RemoveNodes()': (self: XContainer) => self.removeNodes(),
      'void ReplaceNodes(object content)': (self: XContainer, content: Uniform) => replaceNodes(self, content),
      'void ReplaceNodes(params object[] content)': (self: XContainer, content: Uniform[]) =>
        replaceNodes(self, content),
    },
    refused: { CreateWriter: 'there is no XmlWriter in policy expressions.' },
  }),
  declareType({
    name: 'System.Xml.Linq.XAttribute',
    kind: 'class',
    base: 'System.Xml.Linq.XObject',
    test: (value) => value instanceof XAttribute,
    members: {
      'new(XName name, object value)': (name: XName | null, value: Uniform) =>
        new XAttribute(given(name, 'name'), xmlText(given(value, 'value'))),
      'new(XAttribute other)': (other: XAttribute | null) => {
        const { name, value } = given(other, 'other');
        return new XAttribute(name, value);
      },
      'XName Name { get; }': (self: XAttribute) => self.name,
      'string Value { get; set; }': {
        get: (self: XAttribute) => self.value,
        set: (self: XAttribute, value: string | null) => {
          self.value = given(value, 'value');
        },
      },
      'bool IsNamespaceDeclaration { get; }': (self: XAttribute) => self.isNamespace,
      'XAttribute NextAttribute { get; }': (self: XAttribute) => attributeBeside(self, 1),
      'XAttribute PreviousAttribute { get; }': (self: XAttribute) => attributeBeside(self, -1),
      'void Remove()': (self: XAttribute) => self.remove(),
      'void SetValue(object value)': (self: XAttribute, value: Uniform) => {
        self.value = xmlText(given(value, 'value'));
      },
      'override string ToString()': (self: XAttribute) => self[toStringMember](),
      ...xmlConversions('XAttribute'),
    },
  }),
  declareType({
    name: 'System.Xml.Linq.XText',
    kind: 'class',
    base: 'System.Xml.Linq.XNode',
    test: (value) => value instanceof XText,
    members: { 'new(string value)': (value: string | null) => new XText(given(value, 'value')), ...valueMember },
  }),
  declareType({
    name: 'System.Xml.Linq.XCData',
    kind: 'class',
    base: 'System.Xml.Linq.XText',
    test: (value) => value instanceof XCData,
    members: { 'new(string value)': (value: string | null) => new XCData(given(value, 'value')) },
  }),
  declareType({
    name: 'System.Xml.Linq.XComment',
    kind: 'class',
    base: 'System.Xml.Linq.XNode',
    test: (value) => value instanceof XComment,
    members: { 'new(string value)': (value: string | null) => new XComment(given(value, 'value')), ...valueMember },
  }),
  declareType({
    name: 'System.Xml.Linq.XProcessingInstruction',
    kind: 'class',
    base: 'System.Xml.Linq.XNode',
    test: (value) => value instanceof XProcessingInstruction,
    members: {
      'new(string target, string data)': (target: string | null, data: string | null) =>
        new XProcessingInstruction(given(target, 'target'), given(data, 'data')),
      'string Target { get; }': (self: XProcessingInstruction) => self.target,
      'string Data { get; }': (self: XProcessingInstruction) => self.data,
    },
  }),
  declareType({
    name: 'System.Xml.Linq.XDocumentType',
    kind: 'class',
    base: 'System.Xml.Linq.XNode',
    test: (value) => value instanceof XDocumentType,
    members: { 'string Name { get; }': (self: XDocumentType) => self.name },
  }),
  declareType({
    name: 'System.Xml.Linq.XDeclaration',
    kind: 'class',
    test: (value) => value instanceof XDeclaration,
    members: {
      'new(string version, string encoding, string standalone)': (
        version: string | null,
        encoding: string | null,
        standalone: string | null,
      ) => new XDeclaration(version, encoding, standalone),
      'string Version { get; }': (self: XDeclaration) => self.version,
      'string Encoding { get; }': (self: XDeclaration) => self.encoding,
      'string Standalone { get; }': (self: XDeclaration) => self.standalone,
      'override string ToString()': (self: XDeclaration) => self[toStringMember](),
    },
  }),
];

function replaceNodes(container: XContainer, content: Uniform): void {
  container.removeNodes();
  container.add(content);
}

function attributeBeside(attribute: XAttribute, offset: number): XAttribute | null {
  const all = attribute.parentElement?.attributes ?? [];
  return all[all.indexOf(attribute) + offset] ?? null;
}
