import { argumentException, argumentNull, NetException } from '../exceptions.ts';
import { equalsMember, hashMember, hashString, toStringMember } from '../object.ts';
import { netType, type Uniform } from '../values.ts';

/** `System.Xml.Linq.XNamespace`. Equal when the names are. */
export class XNamespace {
  get [netType](): string {
    return 'System.Xml.Linq.XNamespace';
  }
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  static readonly none = new XNamespace('');
  static readonly xml = new XNamespace('http://www.w3.org/XML/1998/namespace');
  static readonly xmlns = new XNamespace('http://www.w3.org/2000/xmlns/');

  [toStringMember](): string {
    return this.name;
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof XNamespace && other.name === this.name;
  }
  [hashMember](): number {
    return hashString(this.name);
  }
}

const nameStart = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{M}\p{Nd}\p{Pc}.\-\u00b7]*$/u;

/** `System.Xml.Linq.XName`: `{namespace}local`. Equal when both parts are. */
export class XName {
  get [netType](): string {
    return 'System.Xml.Linq.XName';
  }
  readonly local: string;
  readonly namespace: string;
  /** Throws XmlException when `local` is no name. */
  constructor(local: string, namespace = '') {
    if (!nameStart.test(local)) {
      const bad = [...local].find((c, i) => !nameStart.test(i === 0 ? c : `a${c}`)) ?? '';
      const code = (bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0');
      throw new NetException(
        'System.Xml.XmlException',
        `The '${bad}' character, hexadecimal value 0x${code}, cannot be included in a name.`,
      );
    }
    this.local = local;
    this.namespace = namespace;
  }
  /** `XName.Get(expandedName)`. */
  static parse(text: string | null): XName {
    if (text === null) throw argumentNull('expandedName');
    if (text === '') throw argumentException("'' is an invalid expanded name.");
    if (!text.startsWith('{')) return new XName(text);
    const end = text.lastIndexOf('}');
    if (end <= 1 || end === text.length - 1) throw argumentException(`'${text}' is an invalid expanded name.`);
    return new XName(text.slice(end + 1), text.slice(1, end));
  }
  is(other: XName | null): boolean {
    return other !== null && other.local === this.local && other.namespace === this.namespace;
  }
  [toStringMember](): string {
    return this.namespace === '' ? this.local : `{${this.namespace}}${this.local}`;
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof XName && this.is(other);
  }
  [hashMember](): number {
    return hashString(this[toStringMember]());
  }
}
