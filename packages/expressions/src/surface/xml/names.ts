import { argumentNull } from '../../runtime/exceptions.ts';
import { XName, XNamespace } from '../../runtime/xml/name.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

const same = (a: XNamespace | null, b: XNamespace | null) => a === b || (a !== null && a.name === b?.name);
const sameName = (a: XName | null, b: XName | null) => a === b || a?.is(b) === true;

export const nameTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Xml.Linq.XName',
    kind: 'class',
    test: (value) => value instanceof XName,
    members: {
      'string LocalName { get; }': (self: XName) => self.local,
      'string NamespaceName { get; }': (self: XName) => self.namespace,
      'XNamespace Namespace { get; }': (self: XName) => new XNamespace(self.namespace),
      'static XName Get(string expandedName)': (text: string | null) => XName.parse(text),
      'static XName Get(string localName, string namespaceName)': (local: string | null, namespace: string | null) =>
        new XName(local ?? '', namespace ?? ''),
      'static implicit operator XName(string expandedName)': (text: string | null) =>
        text === null ? null : XName.parse(text),
      'static bool operator ==(XName left, XName right)': sameName,
      'static bool operator !=(XName left, XName right)': (a: XName | null, b: XName | null) => !sameName(a, b),
    },
  }),
  declareType({
    name: 'System.Xml.Linq.XNamespace',
    kind: 'class',
    test: (value) => value instanceof XNamespace,
    members: {
      'string NamespaceName { get; }': (self: XNamespace) => self.name,
      'XName GetName(string localName)': (self: XNamespace, local: string | null) => new XName(local ?? '', self.name),
      'static XNamespace Get(string namespaceName)': (name: string | null) => {
        if (name === null) throw argumentNull('namespaceName');
        return new XNamespace(name);
      },
      'static XNamespace None { get; }': () => XNamespace.none,
      'static XNamespace Xml { get; }': () => XNamespace.xml,
      'static XNamespace Xmlns { get; }': () => XNamespace.xmlns,
      'static implicit operator XNamespace(string namespaceName)': (name: string | null) =>
        name === null ? null : new XNamespace(name),
      'static XName operator +(XNamespace ns, string localName)': (ns: XNamespace | null, local: string | null) => {
        if (ns === null) throw argumentNull('ns');
        return new XName(local ?? '', ns.name);
      },
      'static bool operator ==(XNamespace left, XNamespace right)': same,
      'static bool operator !=(XNamespace left, XNamespace right)': (a: XNamespace | null, b: XNamespace | null) =>
        !same(a, b),
    },
  }),
];
