import { charge } from '../budget.ts';
import { isIterable, stepThrough } from '../enumerate.ts';
import { argumentException, invalidOperation } from '../exceptions.ts';
import { guardDepth } from '../json/depth.ts';
import { toStringMember } from '../object.ts';
import { netType, type Uniform } from '../values.ts';
import { type XName, XNamespace } from './name.ts';
import { xmlText } from './text.ts';
import { writeAttribute, writeNode } from './write.ts';

/** `System.Xml.XmlNodeType`. */
export const XmlNodeType = {
  None: 0,
  Element: 1,
  Attribute: 2,
  Text: 3,
  CDATA: 4,
  EntityReference: 5,
  Entity: 6,
  ProcessingInstruction: 7,
  Comment: 8,
  Document: 9,
  DocumentType: 10,
  DocumentFragment: 11,
  Notation: 12,
  Whitespace: 13,
  SignificantWhitespace: 14,
  EndElement: 15,
  EndEntity: 16,
  XmlDeclaration: 17,
} as const;

/** The tree of System.Xml.Linq. Nodes know their parent; a node that has one is cloned when it is added elsewhere. */
export abstract class XObject {
  parent: XContainer | null = null;
  abstract readonly nodeType: number;
  abstract get [netType](): string;

  get parentElement(): XElement | null {
    return this.parent instanceof XElement ? this.parent : null;
  }
  get document(): XDocument | null {
    let at: XObject | null = this;
    while (at && !(at instanceof XDocument)) {
      charge();
      at = at.parent;
    }
    return at;
  }
}

export class XAttribute extends XObject {
  readonly nodeType = XmlNodeType.Attribute;
  readonly name: XName;
  value: string;
  constructor(name: XName, value: string) {
    super();
    this.name = name;
    this.value = value;
  }
  get [netType](): string {
    return 'System.Xml.Linq.XAttribute';
  }
  get isNamespace(): boolean {
    const { local, namespace } = this.name;
    return namespace === XNamespace.xmlns.name || (namespace === '' && local === 'xmlns');
  }
  remove(): void {
    const owner = this.parentElement;
    if (!owner) throw invalidOperation('The parent is missing.');
    owner.attributes.splice(owner.attributes.indexOf(this), 1);
    this.parent = null;
  }
  [toStringMember](): string {
    return writeAttribute(this);
  }
}

export abstract class XNode extends XObject {
  abstract clone(depth?: number): XNode;

  get siblings(): readonly XNode[] {
    return this.parent?.nodes ?? [];
  }
  sibling(offset: number): XNode | null {
    charge(1 + this.siblings.length / 16);
    return this.siblings[this.siblings.indexOf(this) + offset] ?? null;
  }
  remove(): void {
    if (!this.parent) throw invalidOperation('The parent is missing.');
    this.parent.removeNode(this);
  }
  addBeside(content: Uniform, offset: 0 | 1): void {
    if (!this.parent) throw invalidOperation('The parent is missing.');
    this.parent.insert(this.parent.nodes.indexOf(this) + offset, content);
  }
  replaceWith(content: Uniform): void {
    if (!this.parent) throw invalidOperation('The parent is missing.');
    const { parent } = this;
    const at = parent.nodes.indexOf(this);
    parent.removeNode(this);
    parent.insert(at, content);
  }
  text(indented: boolean): string {
    return writeNode(this, indented);
  }
  [toStringMember](): string {
    return this.text(true);
  }
}

export class XText extends XNode {
  readonly nodeType: number = XmlNodeType.Text;
  value: string;
  constructor(value: string) {
    super();
    this.value = value;
  }
  get [netType](): string {
    return 'System.Xml.Linq.XText';
  }
  clone(): XText {
    return new XText(this.value);
  }
}

export class XCData extends XText {
  override readonly nodeType = XmlNodeType.CDATA;
  override get [netType](): string {
    return 'System.Xml.Linq.XCData';
  }
  override clone(): XCData {
    return new XCData(this.value);
  }
}

export class XComment extends XNode {
  readonly nodeType = XmlNodeType.Comment;
  value: string;
  constructor(value: string) {
    super();
    this.value = value;
  }
  get [netType](): string {
    return 'System.Xml.Linq.XComment';
  }
  clone(): XComment {
    return new XComment(this.value);
  }
}

export class XProcessingInstruction extends XNode {
  readonly nodeType = XmlNodeType.ProcessingInstruction;
  target: string;
  data: string;
  constructor(target: string, data: string) {
    super();
    this.target = target;
    this.data = data;
  }
  get [netType](): string {
    return 'System.Xml.Linq.XProcessingInstruction';
  }
  clone(): XProcessingInstruction {
    return new XProcessingInstruction(this.target, this.data);
  }
}

export class XDocumentType extends XNode {
  readonly nodeType = XmlNodeType.DocumentType;
  readonly declaration: string;
  constructor(declaration: string) {
    super();
    this.declaration = declaration;
  }
  get [netType](): string {
    return 'System.Xml.Linq.XDocumentType';
  }
  get name(): string {
    return /^\s*(\S+)/.exec(this.declaration)?.[1] ?? '';
  }
  clone(): XDocumentType {
    return new XDocumentType(this.declaration);
  }
}

export abstract class XContainer extends XNode {
  readonly nodes: XNode[] = [];

  add(content: Uniform): void {
    this.insert(this.nodes.length, content);
  }
  /** Adds what `Add(object)` takes: nodes, attributes, texts and values, and enumerables of them. The index after it. */
  insert(index: number, content: Uniform, depth = 0): number {
    charge();
    if (content === null) return index;
    if (content instanceof XAttribute) {
      this.addAttribute(content);
      return index;
    }
    if (content instanceof XNode) return this.place(index, content);
    if (typeof content === 'object' && isIterable(content) && !(content instanceof Uint8Array)) {
      guardDepth(depth);
      let at = index;
      for (const item of [...stepThrough(content)]) at = this.insert(at, item, depth + 1);
      return at;
    }
    const text = xmlText(content);
    const before = this.nodes[index - 1];
    if (before instanceof XText && !(before instanceof XCData)) {
      before.value += text;
      return index;
    }
    return this.place(index, new XText(text));
  }
  protected place(index: number, given: XNode): number {
    const node = given.parent || given === this || this.isInside(given) ? given.clone() : given;
    this.validate(node);
    node.parent = this;
    this.nodes.splice(index, 0, node);
    return index + 1;
  }
  private isInside(node: XNode): boolean {
    for (let at: XContainer | null = this; at; at = at.parent) if (at === node) return true;
    return false;
  }
  protected validate(_node: XNode): void {}
  protected addAttribute(_attribute: XAttribute): void {
    throw argumentException('An attribute cannot be added to content.');
  }
  removeNode(node: XNode): void {
    charge(1 + this.nodes.length / 16);
    this.nodes.splice(this.nodes.indexOf(node), 1);
    node.parent = null;
  }
  removeNodes(): void {
    charge(this.nodes.length);
    for (const node of this.nodes) node.parent = null;
    this.nodes.length = 0;
  }

  *elements(name: XName | null): Iterable<XElement> {
    for (const node of [...this.nodes]) {
      charge();
      if (node instanceof XElement && (name === null || node.name.is(name))) yield node;
    }
  }
  element(name: XName): XElement | null {
    for (const element of this.elements(name)) return element;
    return null;
  }
  *descendantNodes(depth = 0): IterableIterator<XNode> {
    guardDepth(depth);
    for (const node of [...this.nodes]) {
      charge();
      yield node;
      if (node instanceof XContainer) yield* node.descendantNodes(depth + 1);
    }
  }
  *descendants(name: XName | null): Iterable<XElement> {
    for (const node of this.descendantNodes()) {
      if (node instanceof XElement && (name === null || node.name.is(name))) yield node;
    }
  }
}

export class XElement extends XContainer {
  readonly nodeType = XmlNodeType.Element;
  name: XName;
  readonly attributes: XAttribute[] = [];
  /** Written as `<a></a>`: it was given an empty text. */
  hasEmptyText = false;
  constructor(name: XName) {
    super();
    this.name = name;
  }
  get [netType](): string {
    return 'System.Xml.Linq.XElement';
  }
  get isEmpty(): boolean {
    return this.nodes.length === 0 && !this.hasEmptyText;
  }
  get value(): string {
    let text = '';
    for (const node of this.descendantNodes()) if (node instanceof XText) text += node.value;
    return text;
  }
  set value(text: string) {
    this.removeNodes();
    if (text === '') this.hasEmptyText = true;
    else this.add(text);
  }
  protected override place(index: number, given: XNode): number {
    this.hasEmptyText = false;
    return super.place(index, given);
  }
  override removeNodes(): void {
    super.removeNodes();
    this.hasEmptyText = false;
  }
  override insert(index: number, content: Uniform, depth = 0): number {
    if (content !== '') return super.insert(index, content, depth);
    if (this.nodes.length === 0) this.hasEmptyText = true;
    return index;
  }
  attribute(name: XName): XAttribute | null {
    charge();
    return this.attributes.find((attribute) => attribute.name.is(name)) ?? null;
  }
  protected override addAttribute(given: XAttribute): void {
    if (this.attribute(given.name)) throw invalidOperation('Duplicate attribute.');
    const attribute = given.parent ? new XAttribute(given.name, given.value) : given;
    attribute.parent = this;
    this.attributes.push(attribute);
  }
  /** Null removes it. */
  setAttributeValue(name: XName, value: Uniform): void {
    const known = this.attribute(name);
    if (value === null) known?.remove();
    else if (known) known.value = xmlText(value);
    else this.addAttribute(new XAttribute(name, xmlText(value)));
  }
  /** Null removes it. */
  setElementValue(name: XName, value: Uniform): void {
    const known = this.element(name);
    if (value === null) known?.remove();
    else if (known) known.value = xmlText(value);
    else {
      const made = new XElement(name);
      made.value = xmlText(value);
      this.add(made);
    }
  }
  removeAttributes(): void {
    for (const attribute of this.attributes) attribute.parent = null;
    this.attributes.length = 0;
  }
  /** The namespace that the prefix is bound to here; undefined when there is none. */
  namespaceOf(prefix: string): string | undefined {
    if (prefix === 'xml') return XNamespace.xml.name;
    for (let at: XContainer | null = this; at instanceof XElement; at = at.parent) {
      charge();
      const found = at.attributes.find(
        ({ name, isNamespace }) =>
          isNamespace && (prefix === '' ? name.namespace === '' : name.namespace !== '' && name.local === prefix),
      );
      if (found) return found.value;
    }
    return undefined;
  }
  prefixOf(namespace: string): string | undefined {
    if (namespace === XNamespace.xml.name) return 'xml';
    for (let at: XContainer | null = this; at instanceof XElement; at = at.parent) {
      charge();
      for (const { name, value, isNamespace } of at.attributes) {
        if (isNamespace && name.namespace !== '' && value === namespace && this.namespaceOf(name.local) === namespace) {
          return name.local;
        }
      }
    }
    return undefined;
  }
  clone(depth = 0): XElement {
    guardDepth(depth);
    charge();
    const copy = new XElement(this.name);
    for (const { name, value } of this.attributes) copy.addAttribute(new XAttribute(name, value));
    for (const node of this.nodes) copy.place(copy.nodes.length, node.clone(depth + 1));
    copy.hasEmptyText = this.hasEmptyText;
    return copy;
  }
  protected override validate(node: XNode): void {
    if (node instanceof XDocument || node instanceof XDocumentType) {
      throw argumentException(
        `A node of type ${node instanceof XDocument ? 'Document' : 'DocumentType'} cannot be added to content.`,
      );
    }
  }
}

/** `System.Xml.Linq.XDeclaration`. */
export class XDeclaration {
  get [netType](): string {
    return 'System.Xml.Linq.XDeclaration';
  }
  version: string | null;
  encoding: string | null;
  standalone: string | null;
  constructor(version: string | null, encoding: string | null, standalone: string | null) {
    this.version = version;
    this.encoding = encoding;
    this.standalone = standalone;
  }
  [toStringMember](): string {
    const part = (name: string, value: string | null) => (value === null ? '' : ` ${name}="${value}"`);
    return `<?xml${part('version', this.version)}${part('encoding', this.encoding)}${part('standalone', this.standalone)}?>`;
  }
}

export class XDocument extends XContainer {
  readonly nodeType = XmlNodeType.Document;
  declaration: XDeclaration | null = null;
  get [netType](): string {
    return 'System.Xml.Linq.XDocument';
  }
  get root(): XElement | null {
    return this.nodes.find((node) => node instanceof XElement) ?? null;
  }
  clone(): XDocument {
    const copy = new XDocument();
    copy.declaration = this.declaration;
    for (const node of this.nodes) copy.place(copy.nodes.length, node.clone());
    return copy;
  }
  protected override validate(node: XNode): void {
    if (node instanceof XElement && this.root)
      throw invalidOperation('This operation would create an incorrectly structured document.');
    if (node instanceof XText && node.value.trim() !== '') {
      throw argumentException('Non-whitespace characters cannot be added to content.');
    }
    if (node instanceof XDocument) throw argumentException('A node of type Document cannot be added to content.');
  }
}

/** `XNode.DeepEquals`: names, attributes in order, content. */
export function nodesEqual(a: XNode | null, b: XNode | null, depth = 0): boolean {
  guardDepth(depth);
  charge();
  if (a === b) return true;
  if (!a || !b || a.nodeType !== b.nodeType) return false;
  if (a instanceof XContainer && b instanceof XContainer) {
    if (a instanceof XElement && b instanceof XElement) {
      if (!a.name.is(b.name) || a.attributes.length !== b.attributes.length || a.isEmpty !== b.isEmpty) return false;
      const same = a.attributes.every((attribute, i) => {
        const other = b.attributes[i];
        return other?.name.is(attribute.name) === true && other.value === attribute.value;
      });
      if (!same) return false;
    }
    return (
      a.nodes.length === b.nodes.length && a.nodes.every((node, i) => nodesEqual(node, b.nodes[i] ?? null, depth + 1))
    );
  }
  return a.text(false) === b.text(false);
}
