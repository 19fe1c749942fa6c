import { charge, chargeMemory } from '../budget.ts';
import { guardDepth } from '../json/depth.ts';
import { XNamespace } from './name.ts';
import {
  type XAttribute,
  XCData,
  XComment,
  XContainer,
  XDocumentType,
  XElement,
  type XNode,
  XProcessingInstruction,
  XText,
} from './nodes.ts';

/** XML text as XmlWriter lays it out: two spaces, `\r\n`, no indentation inside of mixed content, no declaration. */
export function writeNode(node: XNode, indented: boolean): string {
  const writer = new XmlTextWriter(indented);
  writer.top(node);
  return writer.text;
}

export function writeAttribute({ name, value, isNamespace, parentElement }: XAttribute): string {
  const prefix =
    isNamespace && name.namespace !== ''
      ? 'xmlns'
      : name.namespace === ''
        ? ''
        : (parentElement?.prefixOf(name.namespace) ?? 'p1');
  return `${prefix === '' ? '' : `${prefix}:`}${name.local}="${escapeAttribute(value)}"`;
}

class XmlTextWriter {
  text = '';
  readonly #indented: boolean;
  constructor(indented: boolean) {
    this.#indented = indented;
  }

  top(node: XNode): void {
    const scope = new Map<string, string>([
      ['', ''],
      ['xml', XNamespace.xml.name],
    ]);
    if (node instanceof XElement) for (const [prefix, name] of inherited(node)) scope.set(prefix, name);
    const outer = new Map<string, string>([
      ['', ''],
      ['xml', XNamespace.xml.name],
    ]);
    if (node instanceof XContainer && !(node instanceof XElement)) {
      node.nodes.forEach((child, index) => {
        if (index > 0 && this.#indented) this.#write('\r\n');
        this.#node(child, outer, 0, false);
      });
    } else this.#node(node, outer, 0, false, scope);
  }

  /** `mixed`: no indentation here or below. `preferred`: prefixes that ancestors outside of the text have bound. */
  #node(node: XNode, scope: ReadonlyMap<string, string>, depth: number, mixed: boolean, preferred = scope): void {
    guardDepth(depth);
    charge();
    if (node instanceof XElement) this.#element(node, scope, depth, mixed, preferred);
    else if (node instanceof XCData) this.#write(`<![CDATA[${node.value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`);
    else if (node instanceof XText) this.#write(escapeText(node.value));
    else if (node instanceof XComment) this.#write(`<!--${node.value}-->`);
    else if (node instanceof XProcessingInstruction) {
      this.#write(`<?${node.target}${node.data === '' ? '' : ` ${node.data}`}?>`);
    } else if (node instanceof XDocumentType) this.#write(`<!DOCTYPE ${node.declaration.trim()}>`);
  }

  #element(
    element: XElement,
    outer: ReadonlyMap<string, string>,
    depth: number,
    mixed: boolean,
    preferred: ReadonlyMap<string, string>,
  ): void {
    const scope = new Map(outer);
    const declarations: string[] = [];
    for (const { name, value, isNamespace } of element.attributes) {
      if (isNamespace) scope.set(name.namespace === '' ? '' : name.local, value);
    }
    const bind = (namespace: string, isAttribute: boolean): string => {
      if (namespace === '' && isAttribute) return '';
      if (!isAttribute && scope.get('') === namespace) return '';
      for (const [prefix, bound] of scope) if (prefix !== '' && bound === namespace) return prefix;
      for (const [prefix, bound] of preferred) {
        if (prefix === '' || bound !== namespace || scope.has(prefix)) continue;
        scope.set(prefix, namespace);
        declarations.push(` xmlns:${prefix}="${escapeAttribute(namespace)}"`);
        return prefix;
      }
      if (!isAttribute) {
        scope.set('', namespace);
        declarations.push(` xmlns="${escapeAttribute(namespace)}"`);
        return '';
      }
      let number = 1;
      while (scope.has(`p${number}`)) number++;
      scope.set(`p${number}`, namespace);
      declarations.push(` xmlns:p${number}="${escapeAttribute(namespace)}"`);
      return `p${number}`;
    };
    const qualified = (prefix: string, local: string) => (prefix === '' ? local : `${prefix}:${local}`);
    const name = qualified(bind(element.name.namespace, false), element.name.local);
    const attributes = element.attributes.map((attribute) => {
      const { namespace, local } = attribute.name;
      const prefix = attribute.isNamespace ? (namespace === '' ? '' : 'xmlns') : bind(namespace, true);
      return ` ${qualified(prefix, local)}="${escapeAttribute(attribute.value)}"`;
    });
    this.#write(`<${name}${declarations.join('')}${attributes.join('')}`);
    if (element.isEmpty) {
      this.#write(' />');
      return;
    }
    this.#write('>');
    let inMixed = mixed;
    let ownLine = false;
    for (const child of element.nodes) {
      if (child instanceof XText) inMixed = true;
      ownLine = !inMixed && this.#indented;
      if (ownLine) this.#write(`\r\n${'  '.repeat(depth + 1)}`);
      this.#node(child, scope, depth + 1, inMixed);
    }
    if (ownLine && !inMixed) this.#write(`\r\n${'  '.repeat(depth)}`);
    this.#write(`</${name}>`);
  }

  #write(piece: string): void {
    chargeMemory(piece.length * 2);
    charge(piece.length / 64);
    this.text += piece;
  }
}

/** Prefixes that the element's ancestors have bound. */
function inherited(element: XElement): Map<string, string> {
  const scope = new Map<string, string>();
  for (let at = element.parentElement; at; at = at.parentElement) {
    charge();
    for (const { name, value, isNamespace } of at.attributes) {
      const prefix = name.namespace === '' ? '' : name.local;
      if (isNamespace && !scope.has(prefix)) scope.set(prefix, value);
    }
  }
  return scope;
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\r\n|\r|\n/g, '\r\n');
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\t\r\n]/g, (c) => attributeEscapes[c] ?? c);
}

const attributeEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\r': '&#xD;',
  '\n': '&#xA;',
};
