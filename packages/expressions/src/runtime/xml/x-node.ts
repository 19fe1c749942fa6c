import { charge } from '../budget.ts';
import { invalidOperation } from '../exceptions.ts';
import { toStringMember } from '../object.ts';
import { netType, type Uniform } from '../values.ts';
import { type XName, XNamespace } from './name.ts';
import { XmlNodeType } from './node-type.ts';
import { type XContainer, XDocument, XElement } from './nodes.ts';
import { writeAttribute, writeNode } from './write.ts';

/** Nodes know their parent; a node that has one is cloned when it is added elsewhere. */
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
