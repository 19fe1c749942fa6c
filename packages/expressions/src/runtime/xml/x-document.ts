import { argumentException, invalidOperation } from '../exceptions.ts';
import { toStringMember } from '../object.ts';
import { netType } from '../values.ts';
import { XmlNodeType } from './node-type.ts';
import { XContainer } from './x-container.ts';
import { XElement } from './x-element.ts';
import { XText } from './x-leaves.ts';
import type { XNode } from './x-node.ts';

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
