import { escapeAttribute } from '../xml/write-xml.ts';
import type { ComplexShape, Member, Shape } from '../xsd/shape.ts';
import { jsonMembers, ShapeWalk, simpleOf } from './json-members.ts';
import { access } from './liquid-path.ts';

export interface RequestTemplate {
  /** XML with Liquid in it. */
  readonly text: string;
  /** An attribute that may be absent stands in tags of Liquid between attributes, which is no XML. */
  readonly isXml: boolean;
}

export const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/**
 * The Liquid template of a SOAP envelope that is filled from a JSON body.
 * @throws {UnsupportedShape}
 */
export function requestTemplate(body: ComplexShape, version: '1.1' | '1.2'): RequestTemplate {
  const writer = new Writer();
  const content = writer.content(body, 'body', 'body', '    ');
  const namespaces = [...writer.prefixes].map(([uri, prefix]) => ` xmlns:${prefix}="${escapeAttribute(uri)}"`).join('');
  const xsi = writer.usesNil ? ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' : '';
  const text = `<soap:Envelope xmlns:soap="${envelopes[version]}"${namespaces}${xsi}>
  <soap:Body>
${content}  </soap:Body>
</soap:Envelope>`;
  return { text, isXml: writer.isXml };
}

class Writer {
  readonly prefixes = new Map<string, string>();
  usesNil = false;
  isXml = true;
  readonly #walk = new ShapeWalk();
  #loops = 0;

  content(shape: ComplexShape, path: string, element: string, pad: string): string {
    return this.#walk.inside(shape, element, () =>
      jsonMembers(shape)
        .flatMap((member) =>
          member.kind === 'element' ? [this.#element(member.of, `${path}${access(member.name)}`, pad)] : [],
        )
        .join(''),
    );
  }

  #element(member: Member, path: string, pad: string): string {
    const shape = member.shape();
    if (member.isArray) {
      this.#loops += 1;
      const item = `item${this.#loops}`;
      return `${pad}{% for ${item} in ${path} -%}\n${this.#one(member, shape, item, pad)}${pad}{% endfor -%}\n`;
    }
    const written = this.#one(member, shape, path, pad);
    if (!member.isRequired) return `${pad}{% if ${path} != null -%}\n${written}${pad}{% endif -%}\n`;
    if (!member.isNillable) return written;
    this.usesNil = true;
    return `${pad}{% if ${path} == null -%}\n${pad}<${this.#name(member)} xsi:nil="true"/>\n${pad}{% else -%}\n${written}${pad}{% endif -%}\n`;
  }

  #one(member: Member, shape: Shape, path: string, pad: string): string {
    const name = this.#name(member);
    if (simpleOf(shape) || shape.kind === 'simple') return `${pad}<${name}>{{ ${path} | Escape }}</${name}>\n`;
    const [attributes, text] = this.#attributes(shape, path);
    const content = this.content(shape, path, member.local, `${pad}  `);
    if (content === '') return `${pad}<${name}${attributes}>${text}</${name}>\n`;
    return `${pad}<${name}${attributes}>\n${content}${pad}</${name}>\n`;
  }

  #attributes(shape: ComplexShape, path: string): readonly [attributes: string, text: string] {
    let attributes = '';
    let text = '';
    for (const { kind, name, of } of jsonMembers(shape)) {
      const value = `{{ ${path}${access(name)} | Escape }}`;
      if (kind === 'text') text = value;
      if (kind !== 'attribute') continue;
      const written = ` ${this.#name(of)}="${value}"`;
      if (!of.isRequired) this.isXml = false;
      attributes += of.isRequired ? written : `{% if ${path}${access(name)} != null %}${written}{% endif %}`;
    }
    return [attributes, text];
  }

  #name({ namespace, local }: { readonly namespace: string; readonly local: string }): string {
    if (namespace === '') return local;
    const prefix = this.prefixes.get(namespace) ?? `ns${this.prefixes.size}`;
    this.prefixes.set(namespace, prefix);
    return `${prefix}:${local}`;
  }
}
