import { SaxesParser } from 'saxes';
import { charge, chargeMemory } from '../budget.ts';
import { argumentNull, NetException } from '../exceptions.ts';
import { XName, XNamespace } from './name.ts';
import {
  XAttribute,
  XCData,
  XComment,
  type XContainer,
  XDeclaration,
  XDocument,
  XDocumentType,
  XElement,
  XProcessingInstruction,
  XText,
} from './nodes.ts';

const deepest = 500;

/**
 * `XDocument.Parse`. White space between elements is dropped unless `preserve` (LoadOptions.PreserveWhitespace).
 * Entities other than XML's own five are not resolved: a DTD that declares some makes the document fail.
 * @throws {NetException} System.Xml.XmlException with line and position
 */
export function parseXml(text: string | null, preserve = false): XDocument {
  if (text === null) throw argumentNull('s');
  charge(text.length / 8);
  chargeMemory(text.length * 6);
  const start = text.trimStart();
  if (start === '') throw xmlException('Root element is missing.', 0, 0);
  if (!start.startsWith('<')) {
    throw xmlException('Data at the root level is invalid. Line 1, position 1.', 1, 1);
  }
  return new DocumentBuilder(preserve).build(text);
}

class DocumentBuilder {
  readonly #preserve: boolean;
  readonly #document = new XDocument();
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #preserved: boolean[] = [];
  #at: XContainer = this.#document;
  #depth = 0;
  #text = '';

  constructor(preserve: boolean) {
    this.#preserve = preserve;
  }

  build(text: string): XDocument {
    const parser = this.#parser;
    parser.on('error', (error) => {
      throw this.#failure(error.message);
    });
    parser.on('xmldecl', ({ version, encoding, standalone }) => {
      this.#document.declaration = new XDeclaration(version ?? null, encoding ?? null, standalone ?? null);
    });
    parser.on('opentag', (tag) => {
      this.#flush();
      if (++this.#depth > deepest) throw this.#failure(`elements are nested more than ${deepest} deep`);
      const element = new XElement(new XName(tag.local, tag.uri));
      for (const { prefix, local, name, uri, value } of Object.values(tag.attributes)) {
        const isDefault = name === 'xmlns';
        const namespace = isDefault || prefix === '' ? '' : prefix === 'xmlns' ? XNamespace.xmlns.name : uri;
        element.add(new XAttribute(new XName(isDefault ? 'xmlns' : local, namespace), value));
      }
      element.hasEmptyText = !tag.isSelfClosing;
      const space = tag.attributes['xml:space']?.value;
      this.#preserved.push(space === undefined ? (this.#preserved.at(-1) ?? false) : space === 'preserve');
      this.#at.add(element);
      this.#at = element;
    });
    parser.on('closetag', () => {
      this.#flush();
      this.#depth--;
      this.#preserved.pop();
      this.#at = this.#at.parent ?? this.#document;
    });
    parser.on('text', (piece) => {
      this.#text += piece;
    });
    parser.on('cdata', (data) => this.#add(new XCData(data)));
    parser.on('comment', (comment) => this.#add(new XComment(comment)));
    parser.on('processinginstruction', ({ target, body }) => this.#add(new XProcessingInstruction(target, body)));
    parser.on('doctype', (doctype) => this.#add(new XDocumentType(doctype)));
    parser.write(text).close();
    if (!this.#document.root) throw xmlException('Root element is missing.', 0, 0);
    return this.#document;
  }

  #add(node: XCData | XComment | XProcessingInstruction | XDocumentType): void {
    this.#flush();
    this.#at.add(node);
  }
  #flush(): void {
    const text = this.#text;
    this.#text = '';
    if (text === '') return;
    const blank = /^[ \t\r\n]*$/.test(text);
    if (blank && (this.#at === this.#document || !(this.#preserve || this.#preserved.at(-1)))) return;
    this.#at.insert(this.#at.nodes.length, new XText(text));
  }

  /** The elements that are open, innermost first. */
  #unclosed(): string {
    const names: string[] = [];
    for (let at: XContainer | null = this.#at; at instanceof XElement; at = at.parent) names.push(at.name.local);
    return `Unexpected end of file has occurred. The following elements are not closed: ${names.join(', ')}`;
  }

  #failure(message: string): NetException {
    const { line, column } = this.#parser;
    const given = message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    const reason = given.startsWith('unclosed tag') ? this.#unclosed() : given;
    const shown = reason.charAt(0).toUpperCase() + reason.slice(1);
    return xmlException(`${shown}. Line ${line}, position ${column + 1}.`, line, column + 1);
  }
}

function xmlException(message: string, line: number, position: number): NetException {
  return new NetException('System.Xml.XmlException', message, null, { LineNumber: line, LinePosition: position });
}
