import { SaxesParser } from 'saxes';
import { noNamespaces, Scope } from './scope.ts';

/** An element of a specification with its place. */
export interface XmlElement {
  readonly kind: 'element';
  /** As written, with its prefix. */
  readonly name: string;
  readonly local: string;
  /** Empty when it is in none. */
  readonly namespace: string;
  /** As written, namespace declarations included. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Elements and texts in their order. */
  readonly nodes: readonly (XmlElement | string)[];
  /** Namespaces that are in force inside it. */
  readonly scope: Scope;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** The text is no XML that is read here; the message ends with line and position. */
export class XmlProblem extends Error {
  constructor(message: string, line: number, column: number) {
    super(`${message}. Line ${line}, position ${column}.`);
  }
}

const deepest = 200;
const mostElements = 200_000;
const mostAttributes = 400_000;
const mostDeclarations = 20_000;

/**
 * Reads an XML document. A document type declaration is refused, so that no entity can be declared or fetched; nesting goes
 * 200 deep and a document has 200,000 elements and 20,000 declarations of namespaces at most.
 * @throws {XmlProblem}
 */
export function readXmlTree(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const fail = (message: string): never => {
    const reason = message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    throw new XmlProblem(
      reason.charAt(0).toUpperCase() + reason.slice(1),
      parser.line,
      Math.max(1, parser.columnIndex + 1),
    );
  };
  let root: XmlElement | undefined;
  let elements = 0;
  let attributes = 0;
  let declarations = 0;
  const open: { readonly nodes: (XmlElement | string)[]; readonly scope: Scope }[] = [];
  const addText = (value: string) => {
    const nodes = open.at(-1)?.nodes;
    if (!nodes) return;
    const last = nodes.at(-1);
    if (typeof last === 'string') nodes[nodes.length - 1] = last + value;
    else nodes.push(value);
  };
  parser.on('error', (error) => fail(error.message));
  parser.on('doctype', () => fail('A document type declaration (DTD) is not allowed'));
  let place = { line: 1, column: 1 };
  parser.on('opentagstart', ({ name }) => {
    place = { line: parser.line, column: Math.max(1, parser.columnIndex - name.length) };
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    const given = Object.values(tag.attributes);
    attributes += given.length;
    if (elements > mostElements) fail(`The document has more than ${mostElements} elements`);
    if (attributes > mostAttributes) fail(`The document has more than ${mostAttributes} attributes`);
    if (open.length >= deepest) fail(`Elements are nested more than ${deepest} deep`);
    const around = open.at(-1)?.scope ?? noNamespaces;
    const declared = given.filter(({ name }) => name === 'xmlns' || name.startsWith('xmlns:'));
    declarations += declared.length;
    if (declarations > mostDeclarations) fail(`The document declares namespaces more than ${mostDeclarations} times`);
    const scope =
      declared.length === 0
        ? around
        : new Scope(around, new Map(declared.map(({ name, value }): [string, string] => [name.slice(6), value])));
    const nodes: (XmlElement | string)[] = [];
    const element: XmlElement = {
      kind: 'element',
      name: tag.name,
      local: tag.local,
      namespace: tag.uri,
      attributes: given.map(({ name, value }): [string, string] => [name, value]),
      nodes,
      scope,
      ...place,
    };
    if (open.length === 0) root = element;
    else open.at(-1)?.nodes.push(element);
    open.push({ nodes, scope });
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  return root ?? fail('The root element is missing');
}

/** Elements directly inside, of one name if it is given, of one namespace if that is given too. */
export function childrenOf(element: XmlElement, local?: string, namespace?: string): XmlElement[] {
  return element.nodes.filter(
    (node): node is XmlElement =>
      typeof node !== 'string' &&
      (local === undefined || node.local === local) &&
      (namespace === undefined || node.namespace === namespace),
  );
}

export function childOf(element: XmlElement, local: string, namespace?: string): XmlElement | undefined {
  return childrenOf(element, local, namespace)[0];
}

/** The value of an attribute without a prefix. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find(([each]) => each === name)?.[1];
}

/** All text inside, trimmed. */
export function textOf(element: XmlElement): string {
  let text = '';
  for (const node of element.nodes) text += typeof node === 'string' ? node : textOf(node);
  return text.trim();
}

/** A name with its namespace as one text: `{urn:orders}Order`. */
export type QName = string;

export const qname = (namespace: string, local: string): QName => `{${namespace}}${local}`;

export const localOf = (name: QName): string => name.slice(name.indexOf('}') + 1);

export const namespaceOf = (name: QName): string => name.slice(1, name.lastIndexOf('}'));

/** What `tns:Order` in an attribute stands for; @throws {XmlProblem} for a prefix that nothing declares. */
export function resolveName(element: XmlElement, written: string): QName {
  const [prefix, local] = written.includes(':') ? written.trim().split(':', 2) : ['', written.trim()];
  const namespace = element.scope.get(prefix ?? '');
  if (namespace === undefined && prefix !== '')
    throw new XmlProblem(
      `The prefix '${prefix}' of '${written.slice(0, 100)}' is not declared`,
      element.line,
      element.column,
    );
  return qname(namespace ?? '', local ?? '');
}
