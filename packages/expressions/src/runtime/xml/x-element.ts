import { charge } from '../budget.ts';
import { argumentException, invalidOperation } from '../exceptions.ts';
import { guardDepth } from '../json/depth.ts';
import { netType, type Uniform } from '../values.ts';
import { type XName, XNamespace } from './name.ts';
import { XmlNodeType } from './node-type.ts';
import { XDocument } from './nodes.ts';
import { xmlText } from './text.ts';
import { XContainer } from './x-container.ts';
import { XDocumentType, XText } from './x-leaves.ts';
import { XAttribute, type XNode } from './x-node.ts';

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
