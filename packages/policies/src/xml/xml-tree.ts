import { SaxesParser } from 'saxes';

export interface XmlElement {
  readonly kind: 'element';
  /** As written, with its prefix. */
  readonly name: string;
  readonly local: string;
  /** Empty when it is in none. */
  readonly namespace: string;
  /** In order, namespace declarations (`xmlns`, `xmlns:p`) included. */
  readonly attributes: readonly XmlAttribute[];
  readonly nodes: readonly XmlNode[];
}

export interface XmlAttribute {
  readonly name: string;
  readonly local: string;
  readonly namespace: string;
  readonly value: string;
}

export type XmlNode =
  | XmlElement
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'cdata'; readonly value: string }
  | { readonly kind: 'comment'; readonly value: string }
  | { readonly kind: 'instruction'; readonly target: string; readonly value: string };

export interface XmlDocument {
  readonly declaration: { readonly version?: string; readonly encoding?: string; readonly standalone?: string } | null;
  readonly root: XmlElement;
  /** Comments and processing instructions beside the root. */
  readonly prolog: readonly XmlNode[];
}

/** The text is not well-formed XML. */
export class XmlSyntaxError extends Error {
  readonly line: number;
  readonly position: number;
  constructor(message: string, line: number, position: number) {
    super(message);
    this.line = line;
    this.position = position;
  }
}

const deepest = 250;

/**
 * Reads XML with namespaces. Text that is only white space is dropped unless `keepSpace` or `xml:space="preserve"`.
 * Entities that a DTD declares are not resolved: a document that uses one fails. Nesting goes 250 deep.
 * @throws {XmlSyntaxError}
 */
export function readXml(text: string, keepSpace = false): XmlDocument {
  const parser = new SaxesParser({ xmlns: true });
  const fail = (message: string): never => {
    const reason = message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    throw new XmlSyntaxError(reason.charAt(0).toUpperCase() + reason.slice(1), parser.line, parser.column + 1);
  };
  let declaration: XmlDocument['declaration'] = null;
  let root: XmlElement | null = null;
  const prolog: XmlNode[] = [];
  const open: { readonly nodes: XmlNode[]; readonly keeps: boolean }[] = [];
  let pending = '';
  const add = (node: XmlNode) => (open.at(-1)?.nodes ?? prolog).push(node);
  const flush = () => {
    const value = pending;
    pending = '';
    const top = open.at(-1);
    if (top && value !== '' && (top.keeps || /[^ \t\r\n]/.test(value))) top.nodes.push({ kind: 'text', value });
  };

  parser.on('error', (error) => fail(error.message));
  parser.on('xmldecl', ({ version, encoding, standalone }) => {
    declaration = { version, encoding, standalone };
  });
  parser.on('opentag', (tag) => {
    flush();
    if (open.length >= deepest) fail(`Elements are nested more than ${deepest} deep`);
    const attributes = Object.values(tag.attributes).map(({ name, local, prefix, uri, value }) => ({
      name,
      local,
      namespace: prefix === '' ? '' : uri,
      value,
    }));
    const nodes: XmlNode[] = [];
    const element: XmlElement = {
      kind: 'element',
      name: tag.name,
      local: tag.local,
      namespace: tag.uri,
      attributes,
      nodes,
    };
    if (open.length > 0) add(element);
    else root = element;
    const space = tag.attributes['xml:space']?.value;
    open.push({ nodes, keeps: space === undefined ? (open.at(-1)?.keeps ?? keepSpace) : space === 'preserve' });
  });
  parser.on('closetag', () => {
    flush();
    open.pop();
  });
  parser.on('text', (piece) => {
    pending += piece;
  });
  parser.on('cdata', (value) => {
    flush();
    add({ kind: 'cdata', value });
  });
  parser.on('comment', (value) => {
    flush();
    add({ kind: 'comment', value });
  });
  parser.on('processinginstruction', ({ target, body }) => {
    flush();
    add({ kind: 'instruction', target, value: body });
  });
  parser.write(text).close();
  if (!root) return fail('Root element is missing');
  return { declaration, root, prolog };
}

/** All text inside an element. */
export function textOf(element: XmlElement): string {
  let text = '';
  for (const node of element.nodes) {
    if (node.kind === 'text' || node.kind === 'cdata') text += node.value;
    else if (node.kind === 'element') text += textOf(node);
  }
  return text;
}
