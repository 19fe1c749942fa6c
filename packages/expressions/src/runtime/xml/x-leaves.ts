import { netType } from '../values.ts';
import { XmlNodeType } from './node-type.ts';
import { XNode } from './x-node.ts';

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
