import { SaxesParser } from 'saxes';
import { ServiceBusError } from '../../errors.ts';

export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** Text directly inside of it, CDATA too. */
  readonly text: string;
  /** What a prefix stands for at this place; the empty prefix: the default namespace. */
  resolve(prefix: string): string | undefined;
}

export interface XmlAttribute {
  readonly name: string;
  readonly namespace: string;
  readonly value: string;
}

const most = { depth: 32, elements: 10_000, attributes: 64 };

/**
 * Reads the document of a request. Document types are refused whole, so that no entity can be declared; nesting goes 32 deep, with
 * 10,000 elements and 64 attributes on each. Bytes that are not UTF-8 (or UTF-16 with its mark) are refused.
 * @throws {ServiceBusError} `BadRequest` that says where and what
 */
export function readXml(bytes: Uint8Array): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const refuse = (what: string): never => {
    const reason = what
      .replace(/^\d+:\d+: /, '')
      .replace(/\.$/, '')
      .slice(0, 300);
    throw new ServiceBusError('BadRequest', {
      reason: `The XML of the request cannot be read (line ${parser.line}, column ${parser.column + 1}): ${reason}.`,
    });
  };
  let root: OpenElement | undefined;
  let elements = 0;
  const open: OpenElement[] = [];
  parser.on('error', (error) => refuse(error.message));
  parser.on('doctype', () => refuse('document types are not allowed'));
  parser.on('opentag', (tag) => {
    if (++elements > most.elements) refuse(`it has more than ${most.elements} elements`);
    if (open.length >= most.depth) refuse(`elements are nested more than ${most.depth} deep`);
    const given = Object.values(tag.attributes);
    if (given.length > most.attributes) refuse(`an element has more than ${most.attributes} attributes`);
    const parent = open.at(-1);
    const attributes = given.map(({ local, prefix, uri, value }) => ({
      name: local,
      namespace: prefix === '' ? '' : uri,
      value,
    }));
    const element = new OpenElement(tag.local, tag.uri, attributes, parent, tag.ns);
    if (parent === undefined) root = element;
    else parent.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  const addText = (piece: string) => {
    const top = open.at(-1);
    if (top !== undefined) top.text += piece;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(decode(bytes)).close();
  if (root === undefined) return refuse('there is no element');
  return root;
}

export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

class OpenElement implements XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: OpenElement[] = [];
  text = '';
  readonly #parent: OpenElement | undefined;
  readonly #declared: Readonly<Record<string, string>>;

  constructor(
    name: string,
    namespace: string,
    attributes: readonly XmlAttribute[],
    parent: OpenElement | undefined,
    declared: Readonly<Record<string, string>>,
  ) {
    this.name = name;
    this.namespace = namespace;
    this.attributes = attributes;
    this.#parent = parent;
    this.#declared = declared;
  }

  resolve(prefix: string): string | undefined {
    return Object.hasOwn(this.#declared, prefix) ? this.#declared[prefix] : this.#parent?.resolve(prefix);
  }
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ServiceBusError(
      'BadRequest',
      { reason: `The content of the request is not ${encoding.toUpperCase()} text.` },
      { cause: error },
    );
  }
}
