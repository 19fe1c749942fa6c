import { readXml, type XmlElement, type XmlNode } from '../xml/xml-tree.ts';

export interface XmlToJsonOptions {
  readonly kind: 'direct' | 'javascript-friendly';
  readonly keepWhitespaceNodes: boolean;
  /** Empty elements become null instead of an empty string. */
  readonly emptyAsNull: boolean;
  readonly trimValues: boolean;
  readonly alwaysArrays: boolean;
}

/**
 * Converts an XML document to JSON text. `direct` keeps all of it: attributes as `@name`, text beside others as `#text`,
 * CDATA as `#cdata-section`, and `$` in the place of a prefix's colon. `javascript-friendly` gives what code wants to
 * read: local names, attributes without a sign, no namespaces, comments or processing instructions.
 * @throws {XmlSyntaxError}
 */
export function xmlToJson(xml: string, options: XmlToJsonOptions): string {
  const { declaration, root, prolog } = readXml(xml, options.keepWhitespaceNodes);
  const parts: string[] = [];
  if (options.kind === 'direct') {
    for (const [name, value] of Object.entries(declaration ?? {}))
      if (value !== undefined) parts.push(member(name, quote(value)));
    const beside = new Properties(options);
    for (const node of prolog) beside.addOther(node);
    parts.push(...beside.members());
  }
  parts.push(member(nameOf(root.name, options), elementText(root, options)));
  return `{${parts.join(',')}}`;
}

const quote = (text: string): string => JSON.stringify(text.toWellFormed());
const member = (name: string, value: string): string => `${quote(name)}:${value}`;

/** `soap:Body` is `soap$Body`, or `Body` for JavaScript. */
function nameOf(name: string, { kind }: XmlToJsonOptions): string {
  if (kind === 'direct') return name.replace(':', '$');
  return name.slice(name.indexOf(':') + 1);
}

function elementText(element: XmlElement, options: XmlToJsonOptions): string {
  const isFriendly = options.kind === 'javascript-friendly';
  const attributes = element.attributes.filter((one) => !(isFriendly && isNamespaceDeclaration(one.name)));
  const isNil = attributes.some((one) => one.local === 'nil' && one.namespace === xsi && /^(true|1)$/.test(one.value));
  if (isFriendly && isNil) return 'null';
  const texts = element.nodes.filter((node) => node.kind === 'text' || node.kind === 'cdata');
  const isSimple = element.nodes.every((node) => node.kind === 'text' || (isFriendly && node.kind !== 'element'));
  if (attributes.length === 0 && isSimple) {
    const text = trimmed(texts.map((node) => node.value).join(''), options);
    return text === '' && options.emptyAsNull ? 'null' : quote(text);
  }
  const properties = new Properties(options);
  for (const { name, value } of attributes) properties.addAttribute(name, trimmed(value, options));
  for (const node of element.nodes) properties.addNode(node);
  return `{${properties.members().join(',')}}`;
}

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
const isNamespaceDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:');
const trimmed = (text: string, { trimValues }: XmlToJsonOptions): string => (trimValues ? text.trim() : text);

/** The members of one object, those of one name together, in the order in which the names first come. */
class Properties {
  readonly #options: XmlToJsonOptions;
  readonly #values = new Map<string, { readonly items: string[]; readonly isElement: boolean }>();

  constructor(options: XmlToJsonOptions) {
    this.#options = options;
  }

  addAttribute(name: string, value: string): void {
    const key = nameOf(name, this.#options);
    this.#add(this.#options.kind === 'direct' ? `@${key}` : key, quote(value), false);
  }

  addNode(node: XmlNode): void {
    if (node.kind === 'element') this.#add(nameOf(node.name, this.#options), elementText(node, this.#options), true);
    else if (node.kind === 'text') this.#add('#text', quote(trimmed(node.value, this.#options)), false);
    else if (node.kind === 'cdata')
      this.#add(this.#options.kind === 'direct' ? '#cdata-section' : '#text', quote(node.value), false);
    else this.addOther(node);
  }

  addOther(node: XmlNode): void {
    if (this.#options.kind !== 'direct') return;
    if (node.kind === 'comment') this.#add('#comment', quote(node.value), false);
    else if (node.kind === 'instruction') this.#add(`?${node.target}`, quote(node.value), false);
  }

  members(): string[] {
    return [...this.#values].map(([name, { items, isElement }]) => {
      const [first = 'null'] = items;
      const isArray = items.length > 1 || (isElement && this.#options.alwaysArrays);
      return member(name, isArray ? `[${items.join(',')}]` : first);
    });
  }

  #add(name: string, value: string, isElement: boolean): void {
    const known = this.#values.get(name);
    if (known) {
      known.items.push(value);
      return;
    }
    this.#values.set(name, { items: [value], isElement });
  }
}
