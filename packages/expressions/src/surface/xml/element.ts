import { charge } from '../../runtime/budget.ts';
import type { Uniform } from '../../runtime/values.ts';
import { type XName, XNamespace } from '../../runtime/xml/name.ts';
import {
  type XAttribute,
  XDeclaration,
  XDocument,
  XDocumentType,
  XElement,
  type XNode,
} from '../../runtime/xml/nodes.ts';
import { parseXml } from '../../runtime/xml/parse.ts';
import { xmlText } from '../../runtime/xml/text.ts';
import { declareType, type Implementation, type TypeDeclaration } from '../declare.ts';
import type { StringReader } from '../io/string-reader.ts';
import type { StringWriter } from '../io/string-writer.ts';
import { xmlConversions } from './conversions.ts';
import { ancestors, given, sequence } from './nodes.ts';

function make(name: XName | null, content: Uniform): XElement {
  const element = new XElement(given(name, 'name'));
  element.add(content);
  return element;
}

function replaceAll(element: XElement, content: Uniform): void {
  element.removeAttributes();
  element.removeNodes();
  element.add(content);
}

function* descendantsAndSelf(element: XElement, name: XName | null): Iterable<XElement> {
  if (name === null || element.name.is(name)) yield element;
  yield* element.descendants(name);
}

function* attributes(element: XElement, name: XName | null): Iterable<XAttribute> {
  charge();
  for (const attribute of [...element.attributes]) if (name === null || attribute.name.is(name)) yield attribute;
}

function* descendantNodesAndSelf(element: XElement): Iterable<XNode> {
  yield element;
  yield* element.descendantNodes();
}

function makeDocument(declaration: XDeclaration | null, content: Uniform): XDocument {
  const document = new XDocument();
  document.declaration = declaration;
  document.add(content);
  return document;
}

const noFiles = 'policy expressions cannot read files or addresses; use Parse.';

/** What `Save` of a StringWriter writes: its text is UTF-16. */
function save(node: XElement | XDocument, writer: StringWriter | null, options = 0): void {
  const standalone = node instanceof XDocument ? node.declaration?.standalone : null;
  const ending = standalone ? ` standalone="${standalone}"` : '';
  const isIndented = (options & 1) === 0;
  given(writer, 'textWriter').builder.append(
    `<?xml version="1.0" encoding="utf-16"${ending}?>${isIndented ? '\r\n' : ''}${node.text(isIndented)}`,
  );
}

const saveMembers: Readonly<Record<string, Implementation>> = {
  'void Save(StringWriter textWriter)': save,
  'void Save(StringWriter textWriter, SaveOptions options)': save,
};

export const elementTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Xml.Linq.XElement',
    kind: 'class',
    base: 'System.Xml.Linq.XContainer',
    test: (value) => value instanceof XElement,
    members: {
      'new(XName name)': (name: XName | null) => new XElement(given(name, 'name')),
      'new(XName name, object content)': make,
      'new(XName name, params object[] content)': make,
      'new(XElement other)': (other: XElement | null) => given(other, 'other').clone(),
      'XName Name { get; set; }': {
        get: (self: XElement) => self.name,
        set: (self: XElement, name: XName | null) => {
          self.name = given(name, 'value');
        },
      },
      'string Value { get; set; }': {
        get: (self: XElement) => self.value,
        set: (self: XElement, value: string | null) => {
          self.value = given(value, 'value');
        },
      },
      'bool HasElements { get; }': (self: XElement) => self.nodes.some((node) => node instanceof XElement),
      'bool HasAttributes { get; }': (self: XElement) => self.attributes.length > 0,
      'bool IsEmpty { get; }': (self: XElement) => self.isEmpty,
      'XAttribute FirstAttribute { get; }': (self: XElement) => self.attributes[0] ?? null,
      'XAttribute LastAttribute { get; }': (self: XElement) => self.attributes[self.attributes.length - 1] ?? null,
      'XAttribute Attribute(XName name)': (self: XElement, name: XName | null) => name && self.attribute(name),
      'IEnumerable<XAttribute> Attributes()': (self: XElement) => sequence(() => attributes(self, null)),
      'IEnumerable<XAttribute> Attributes(XName name)': (self: XElement, name: XName | null) =>
        sequence(() => (name ? attributes(self, name) : [])),
      'IEnumerable<XElement> AncestorsAndSelf()': (self: XElement) => sequence(() => ancestors(self, true, null)),
      'IEnumerable<XElement> AncestorsAndSelf(XName name)': (self: XElement, name: XName | null) =>
        sequence(() => ancestors(self, true, name)),
      'IEnumerable<XElement> DescendantsAndSelf()': (self: XElement) => sequence(() => descendantsAndSelf(self, null)),
      'IEnumerable<XElement> DescendantsAndSelf(XName name)': (self: XElement, name: XName | null) =>
        sequence(() => descendantsAndSelf(self, name)),
      'IEnumerable<XNode> DescendantNodesAndSelf()': (self: XElement) => sequence(() => descendantNodesAndSelf(self)),
      'XNamespace GetDefaultNamespace()': (self: XElement) => new XNamespace(self.namespaceOf('') ?? ''),
      'XNamespace GetNamespaceOfPrefix(string prefix)': (self: XElement, prefix: string | null) => {
        const name = self.namespaceOf(given(prefix, 'prefix'));
        return name === undefined ? null : new XNamespace(name);
      },
      'string GetPrefixOfNamespace(XNamespace ns)': (self: XElement, ns: XNamespace | null) =>
        self.prefixOf(given(ns, 'ns').name) ?? null,
      'void RemoveAll()': (self: XElement) => replaceAll(self, null),
      'void RemoveAttributes()': (self: XElement) => self.removeAttributes(),
      'void ReplaceAll(object content)': replaceAll,
      'void ReplaceAll(params object[] content)': replaceAll,
      'void ReplaceAttributes(params object[] content)': (self: XElement, content: Uniform[]) => {
        self.removeAttributes();
        self.add(content);
      },
      'void SetAttributeValue(XName name, object value)': (self: XElement, name: XName | null, value: Uniform) =>
        self.setAttributeValue(given(name, 'name'), value),
      'void SetElementValue(XName name, object value)': (self: XElement, name: XName | null, value: Uniform) =>
        self.setElementValue(given(name, 'name'), value),
      'void SetValue(object value)': (self: XElement, value: Uniform) => {
        self.value = xmlText(given(value, 'value'));
      },
      'static XElement Parse(string text)': (text: string | null) => detached(parseXml(text)),
      'static XElement Parse(string text, LoadOptions options)': (text: string | null, options: number) =>
        detached(parseXml(text, (options & 1) !== 0)),
      'static IEnumerable<XElement> EmptySequence { get; }': () => sequence(() => []),
      'static XElement Load(StringReader textReader)': (reader: StringReader | null) =>
        detached(parseXml(given(reader, 'textReader').readToEnd())),
      ...saveMembers,
      ...xmlConversions('XElement'),
    },
    refused: { Load: noFiles },
  }),
  declareType({
    name: 'System.Xml.Linq.XDocument',
    kind: 'class',
    base: 'System.Xml.Linq.XContainer',
    test: (value) => value instanceof XDocument,
    members: {
      'new()': () => new XDocument(),
      'new(params object[] content)': (content: Uniform[]) => documentOf(content),
      'new(XDeclaration declaration, params object[] content)': makeDocument,
      'new(XDocument other)': (other: XDocument | null) => given(other, 'other').clone(),
      'XElement Root { get; }': (self: XDocument) => self.root,
      'XDeclaration Declaration { get; set; }': {
        get: (self: XDocument) => self.declaration,
        set: (self: XDocument, declaration: XDeclaration | null) => {
          self.declaration = declaration;
        },
      },
      'XDocumentType DocumentType { get; }': (self: XDocument) =>
        self.nodes.find((node) => node instanceof XDocumentType) ?? null,
      ...saveMembers,
      'static XDocument Parse(string text)': (text: string | null) => parseXml(text),
      'static XDocument Parse(string text, LoadOptions options)': (text: string | null, options: number) =>
        parseXml(text, (options & 1) !== 0),
    },
    refused: { Load: noFiles },
  }),
];

/** The root without its document. */
function detached(document: XDocument): XElement | null {
  const { root } = document;
  root?.remove();
  return root;
}

/** A declaration among the content is the document's. */
function documentOf(content: readonly Uniform[]): XDocument {
  const declaration = content.find((item) => item instanceof XDeclaration) ?? null;
  return makeDocument(
    declaration,
    content.filter((item) => !(item instanceof XDeclaration)),
  );
}
