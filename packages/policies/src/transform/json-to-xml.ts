import { type JsonNode, readJson } from '../json/json-tree.ts';

export interface JsonToXmlOptions {
  /** A member of this name holds the attributes of its element. */
  readonly attributeBlock: string | null;
  /** Members whose name begins so are attributes. */
  readonly attributePrefix: string;
  /** A member of this name holds namespaces by prefix. */
  readonly namespaceBlock: string | null;
  /** Stands between prefix and name in place of the colon. */
  readonly namespaceSeparator: string;
  /** What declares a namespace: `xmlns`, alone or before the separator and a prefix. */
  readonly namespacePrefix: string;
  /** In the place of a character that no XML name can have; null: `_xHHHH_` as .NET encodes it. */
  readonly invalidCharacter: string | null;
  /** How texts and dates look; gives the text as it is when it is no date. */
  readonly date: (text: string) => string;
  readonly trimValues: boolean;
  /** `nil`: `xsi:nil="true"`; `empty`: an empty element; `omit`: nothing. */
  readonly nullValues: 'nil' | 'empty' | 'omit';
  readonly emptyAsNull: boolean;
}

/**
 * Converts JSON text to an XML document, as Newtonsoft's JsonConvert.DeserializeXNode does: members become elements,
 * arrays repeat them, `@name` is an attribute, `#text` text and `#cdata-section` CDATA. A document that has not exactly
 * one element at its root is put into `Document`; the elements of an array there are called `Array`.
 * @throws {JsonSyntaxError}
 */
export function jsonToXml(json: string, options: JsonToXmlOptions): string {
  const node = readJson(json);
  const writer = new Writer(options);
  const scope = new Set<string>(['xml']);
  if (node.kind === 'object') {
    const elements = [...node.members].filter(([name, value]) => writer.role(name, value) === 'element');
    const [only] = elements;
    if (only && node.members.size === elements.length && elements.length === 1 && only[1].kind !== 'array') {
      writer.element(only[0], only[1], scope, true);
      return writer.text;
    }
    writer.element('Document', node, scope, true);
    return writer.text;
  }
  if (node.kind === 'array') {
    const members = new Map<string, JsonNode>([['Array', node]]);
    writer.element('Document', { kind: 'object', members, nameEnds: new Map(), end: node.end }, scope, true);
    return writer.text;
  }
  writer.element('Document', node, scope, true);
  return writer.text;
}

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
const nameStart = /[\p{L}\p{Nl}_]/u;
const nameCharacter = /[\p{L}\p{Nl}\p{M}\p{Nd}\p{Pc}.\-\u00b7_]/u;

class Writer {
  readonly #parts: string[] = [];
  readonly #options: JsonToXmlOptions;

  constructor(options: JsonToXmlOptions) {
    this.#options = options;
  }

  get text(): string {
    return this.#parts.join('');
  }

  /** What a member of an object is. */
  role(
    name: string,
    value: JsonNode,
  ): 'element' | 'attribute' | 'attributes' | 'namespaces' | 'text' | 'cdata' | 'none' {
    const { attributeBlock, attributePrefix, namespaceBlock } = this.#options;
    if (name === attributeBlock && value.kind === 'object') return 'attributes';
    if (name === namespaceBlock && value.kind === 'object') return 'namespaces';
    if (name === '#text') return 'text';
    if (name === '#cdata-section') return 'cdata';
    if (name === '#comment' || name.startsWith('?')) return 'none';
    if (value.kind === 'object' || value.kind === 'array') return 'element';
    if (this.#namespaceOf(name) !== null) return 'attribute';
    return attributePrefix !== '' && name.length > attributePrefix.length && name.startsWith(attributePrefix)
      ? 'attribute'
      : 'element';
  }

  element(name: string, value: JsonNode, outer: ReadonlySet<string>, isRoot = false): void {
    const { nullValues, emptyAsNull } = this.#options;
    const isNull = value.kind === 'null' || (emptyAsNull && value.kind === 'string' && value.value === '');
    if (isNull && nullValues === 'omit' && !isRoot) return;
    const members = value.kind === 'object' ? value.members : noMembers;
    const declared = this.#declarations(members);
    const scope = declared.length > 0 ? new Set([...outer, ...declared.map(([prefix]) => prefix)]) : outer;
    const tag = this.#name(name, scope);
    this.#write(`<${tag}`);
    for (const [prefix, uri] of declared)
      this.#write(` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeText(uri)}"`);
    const written = new Set<string>();
    for (const [attribute, text] of this.#attributes(members)) {
      const own = this.#name(attribute, scope);
      if (written.has(own)) continue;
      written.add(own);
      this.#write(` ${own}="${escapeText(text)}"`);
    }
    if (isNull && nullValues === 'nil') this.#write(` xmlns:xsi="${xsi}" xsi:nil="true"`);
    const open = this.#parts.length;
    this.#write('>');
    if (value.kind === 'object') this.#content(members, scope);
    else if (value.kind === 'array') this.#items('Array', value.items, scope);
    else this.#write(escapeText(this.#scalar(value)));
    if (this.#parts.length === open + 1) this.#parts[open] = ' />';
    else this.#write(`</${tag}>`);
  }

  #write(text: string): void {
    if (text !== '') this.#parts.push(text);
  }

  #content(members: ReadonlyMap<string, JsonNode>, scope: ReadonlySet<string>): void {
    for (const [name, value] of members) {
      const role = this.role(name, value);
      if (role === 'text') for (const one of itemsOf(value)) this.#write(escapeText(this.#scalar(one)));
      else if (role === 'cdata')
        for (const one of itemsOf(value))
          this.#write(`<![CDATA[${clean(this.#scalar(one)).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`);
      else if (role === 'element' && value.kind === 'array') this.#items(name, value.items, scope);
      else if (role === 'element') this.element(name, value, scope);
    }
  }

  #items(name: string, items: readonly JsonNode[], scope: ReadonlySet<string>): void {
    for (const item of items) this.element(name, item, scope);
  }

  /** Namespaces by prefix, from `xmlns_p` members and the namespace block. */
  #declarations(members: ReadonlyMap<string, JsonNode>): (readonly [string, string])[] {
    const found = new Map<string, string>();
    for (const [name, value] of members) {
      if (this.role(name, value) === 'namespaces' && value.kind === 'object')
        for (const [prefix, uri] of value.members) found.set(this.#prefix(prefix), this.#scalar(uri));
      const prefix = value.kind === 'string' ? this.#namespaceOf(name) : null;
      if (prefix !== null) found.set(this.#prefix(prefix), this.#scalar(value));
    }
    // No document may bind these two.
    found.delete('xml');
    found.delete('xmlns');
    // A prefix cannot be taken back in XML 1.0.
    return [...found].filter(([prefix, uri]) => prefix === '' || uri !== '');
  }

  #attributes(members: ReadonlyMap<string, JsonNode>): (readonly [string, string])[] {
    const found: (readonly [string, string])[] = [];
    for (const [name, value] of members) {
      const role = this.role(name, value);
      if (role === 'attributes' && value.kind === 'object')
        for (const [own, text] of value.members) found.push([own, this.#scalar(text)]);
      else if (role === 'attribute' && this.#namespaceOf(name) === null)
        found.push([name.slice(this.#options.attributePrefix.length), this.#scalar(value)]);
    }
    return found;
  }

  /** The prefix that a member declares (empty: the default namespace), or null. `@xmlns:p` is one as well. */
  #namespaceOf(name: string): string | null {
    const { attributePrefix, namespacePrefix, namespaceSeparator } = this.#options;
    const bare = attributePrefix !== '' && name.startsWith(attributePrefix) ? name.slice(attributePrefix.length) : name;
    if (bare === namespacePrefix) return '';
    for (const separator of [namespaceSeparator, ':'])
      if (separator !== '' && bare.startsWith(namespacePrefix + separator))
        return bare.slice(namespacePrefix.length + separator.length);
    return null;
  }

  /** A separator counts as the colon where what stands before it is a prefix that has been declared. */
  #name(name: string, scope: ReadonlySet<string>): string {
    for (const separator of [this.#options.namespaceSeparator, ':']) {
      const at = separator === '' ? -1 : name.indexOf(separator);
      const prefix = name.slice(0, at);
      if (at > 0 && scope.has(prefix)) return `${prefix}:${this.#encode(name.slice(at + separator.length))}`;
    }
    return this.#encode(name);
  }

  #prefix(prefix: string): string {
    return prefix === '' ? '' : this.#encode(prefix);
  }

  /** XmlConvert.EncodeLocalName. */
  #encode(name: string): string {
    const { invalidCharacter } = this.#options;
    let encoded = '';
    for (const c of name) {
      const isGood = (encoded === '' ? nameStart : nameCharacter).test(c);
      encoded += isGood ? c : replacement(c, encoded === '', invalidCharacter);
    }
    return encoded === '' ? '_' : encoded;
  }

  #scalar(node: JsonNode): string {
    switch (node.kind) {
      case 'string': {
        const text = this.#options.trimValues ? node.value.trim() : node.value;
        return this.#options.date(text);
      }
      case 'number':
        return node.text;
      case 'boolean':
        return String(node.value);
      case 'null':
        return '';
      // An attribute or a text that holds more than a value: nothing that XML could say there.
      default:
        return '';
    }
  }
}

const noMembers: ReadonlyMap<string, JsonNode> = new Map();

const itemsOf = (node: JsonNode): readonly JsonNode[] => (node.kind === 'array' ? node.items : [node]);

function replacement(c: string, isFirst: boolean, invalidCharacter: string | null): string {
  if (invalidCharacter === null) {
    const code = (c.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `_x${code.padStart(code.length > 4 ? 8 : 4, '0')}_`;
  }
  const good = [...invalidCharacter].filter((one) => nameCharacter.test(one)).join('');
  // A digit is good inside of a name only.
  if (isFirst && nameCharacter.test(c)) return `${nameStart.test(good) ? good : '_'}${c}`;
  return isFirst && !nameStart.test(good) ? '_' : good;
}

const escapeText = (text: string): string => clean(text).replace(/[&<>"\r]/g, (c) => entities[c] ?? c);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Without the characters that XML 1.0 does not have, not even escaped. */
const clean = (text: string): string =>
  text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
