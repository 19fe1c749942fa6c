import { argumentNull, invalidOperation, NetException } from './exceptions.ts';
import { equalsMember, hashMember, hashString, toStringMember } from './object.ts';
import { decodeReadable, percentEncode } from './uri-escape.ts';
import { netType, type Uniform } from './values.ts';

const defaultPorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ftp: 21,
  ws: 80,
  wss: 443,
  ldap: 389,
  gopher: 70,
  nntp: 119,
  telnet: 23,
  'net.tcp': 808,
};

/** An absolute URI taken apart; `host` in lower case, everything percent-encoded as AbsoluteUri has it. */
interface Parts {
  readonly scheme: string;
  readonly userInfo: string;
  readonly host: string;
  /** -1 when neither the text nor the scheme says. */
  readonly port: number;
  readonly path: string;
  /** With `?`, or empty. */
  readonly query: string;
  /** With `#`, or empty. */
  readonly fragment: string;
  /** Does `//` follow the scheme? */
  readonly hierarchical: boolean;
}

export const uriFormatException = (message = 'Invalid URI: The format of the URI could not be determined.') =>
  new NetException('System.UriFormatException', message);

const relativeOnly = () => invalidOperation('This operation is not supported for a relative URI.');

/** Values of `System.UriKind`. */
export const uriKinds = { relativeOrAbsolute: 0, absolute: 1, relative: 2 } as const;

/** `System.Uri`: absolute or relative. Immutable. */
export class Uri {
  readonly [netType] = 'System.Uri';
  /** As it was given. */
  readonly original: string;
  readonly #parts: Parts | null;

  private constructor(original: string, parts: Parts | null) {
    this.original = original;
    this.#parts = parts;
  }

  /** Undefined when the text is no URI of the kind. */
  static tryCreate(text: string | null, kind: number): Uri | undefined {
    if (text === null) return undefined;
    const parts = kind === uriKinds.relative ? undefined : readAbsolute(text.trim());
    if (parts) return new Uri(text, parts);
    if (kind === uriKinds.absolute) return undefined;
    if (kind === uriKinds.relative && readAbsolute(text.trim())) return undefined;
    return new Uri(text, null);
  }

  /** Throws UriFormatException and ArgumentNullException. */
  static create(text: string | null, kind: number = uriKinds.absolute): Uri {
    if (text === null) throw argumentNull('uriString');
    const uri = Uri.tryCreate(text, kind);
    if (uri) return uri;
    if (text.trim() === '') throw uriFormatException('Invalid URI: The URI is empty.');
    throw uriFormatException(problemOf(text.trim(), kind));
  }

  /** `new Uri(base, relative)`. */
  static resolve(base: Uri | null, relative: string | null): Uri {
    if (base === null) throw argumentNull('baseUri');
    const parts = base.#parts;
    if (!parts) throw relativeOnly();
    const text = (relative ?? '').trim();
    if (text === '') return base;
    if (readAbsolute(text)) return Uri.create(text);
    if (text.startsWith('//')) return Uri.create(`${parts.scheme}:${text}`);
    return Uri.create(base.getLeftPart(1) + resolvePath(parts, text));
  }

  get isAbsolute(): boolean {
    return this.#parts !== null;
  }
  /** Throws InvalidOperationException for a relative URI, as every member does that needs an absolute one. */
  get parts(): Parts {
    if (!this.#parts) throw relativeOnly();
    return this.#parts;
  }
  get isDefaultPort(): boolean {
    const { scheme, port } = this.parts;
    return port === (defaultPorts[scheme] ?? -1);
  }
  get authority(): string {
    const { host, port } = this.parts;
    return this.isDefaultPort ? host : `${host}:${port}`;
  }
  get pathAndQuery(): string {
    return this.parts.path + this.parts.query;
  }
  get segments(): string[] {
    const { path } = this.parts;
    return path.match(/[^/]*\/|[^/]+$/g) ?? [];
  }
  get absoluteUri(): string {
    return this.getLeftPart(3) + this.parts.fragment;
  }
  get isLoopback(): boolean {
    return /^(localhost|loopback|127\.\d+\.\d+\.\d+|\[::1\])$/.test(this.parts.host);
  }
  get isFile(): boolean {
    return this.parts.scheme === 'file';
  }
  /** Of `System.UriHostNameType`. */
  get hostNameType(): number {
    const { host } = this.parts;
    if (host === '') return 1;
    if (host.startsWith('[')) return 4;
    return /^\d+\.\d+\.\d+\.\d+$/.test(host) ? 3 : 2;
  }

  /** `part` of `System.UriPartial`: the scheme, to the authority, to the path, to the query. */
  getLeftPart(part: number): string {
    const { scheme, userInfo, path, query, hierarchical } = this.parts;
    const start = `${scheme}:${hierarchical ? '//' : ''}`;
    if (part === 0) return start;
    const authority = start + (userInfo === '' ? '' : `${userInfo}@`) + this.authority;
    if (part === 1) return hierarchical ? authority : '';
    return authority + path + (part === 3 ? query : '');
  }

  /** The relative URI that leads from this one to `other`; `other` itself when host or scheme differ. */
  makeRelative(other: Uri): Uri {
    const from = this.parts;
    const to = other.parts;
    if (this.getLeftPart(1) !== other.getLeftPart(1)) return other;
    const here = from.path.split('/').slice(0, -1);
    const there = to.path.split('/');
    let common = 0;
    while (common < here.length && common < there.length - 1 && here[common] === there[common]) common++;
    const rest = there.slice(common).join('/');
    const path = from.path === to.path ? '' : '../'.repeat(here.length - common) + rest;
    const clear = /^[^/]*:/.test(path) ? `./${path}` : path;
    return new Uri(clear + to.query + to.fragment, null);
  }

  isBaseOf(other: Uri): boolean {
    if (this.getLeftPart(1) !== other.getLeftPart(1)) return false;
    const folder = this.parts.path.slice(0, this.parts.path.lastIndexOf('/') + 1);
    return other.parts.path.startsWith(folder);
  }

  /** The human form: unreserved characters and letters of other scripts are decoded, what would change the URI stays. */
  [toStringMember](): string {
    if (!this.#parts) return this.original;
    return this.absoluteUri.replace(/(?:%[0-9a-f]{2})+/gi, (run) => decodeReadable(run));
  }
  /** Fragments and the user do not count. */
  [equalsMember](other: Uniform): boolean {
    if (!(other instanceof Uri)) return false;
    if (!this.#parts || !other.#parts) return this.original === other.original && !this.#parts === !other.#parts;
    return comparable(this) === comparable(other);
  }
  [hashMember](): number {
    return hashString(this.#parts ? comparable(this) : this.original);
  }
}

const comparable = (uri: Uri) => `${uri.parts.scheme}://${uri.authority}${uri.pathAndQuery}`;

const absolute = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s;
const afterAuthority = /^([^?#]*)(\?[^#]*)?(#.*)?$/s;

function readAbsolute(text: string): Parts | undefined {
  const match = absolute.exec(text);
  if (!match) return undefined;
  const scheme = (match[1] ?? '').toLowerCase();
  const rest = match[2] ?? '';
  if (scheme.length < 2) return undefined;
  if (!/^[/\\]{2}/.test(rest)) {
    if (Object.hasOwn(defaultPorts, scheme)) return undefined;
    const [, path = '', query = '', fragment = ''] = afterAuthority.exec(rest) ?? [];
    return {
      scheme,
      userInfo: '',
      host: '',
      port: -1,
      path: percentEncode(path),
      query: percentEncode(query),
      fragment: percentEncode(fragment),
      hierarchical: false,
    };
  }
  const authorityEnd = rest.slice(2).search(/[/\\?#]/);
  const authority = authorityEnd < 0 ? rest.slice(2) : rest.slice(2, authorityEnd + 2);
  const tail = authorityEnd < 0 ? '' : rest.slice(authorityEnd + 2);
  const server = readAuthority(authority, scheme);
  if (!server) return undefined;
  const [, path = '', query = '', fragment = ''] = afterAuthority.exec(tail) ?? [];
  return {
    scheme,
    ...server,
    path: removeDots(percentEncode(path.replaceAll('\\', '/')) || '/'),
    query: percentEncode(query),
    fragment: percentEncode(fragment),
    hierarchical: true,
  };
}

function readAuthority(text: string, scheme: string): { userInfo: string; host: string; port: number } | undefined {
  const match = /^(?:([^@]*)@)?(\[[0-9A-Fa-f:.%]+\]|[^:[\]]*)(?::(\d*))?$/.exec(text);
  if (!match) return undefined;
  const [, userInfo = '', rawHost = '', portText] = match;
  if (rawHost === '' && scheme !== 'file') return undefined;
  const host = hostOf(rawHost);
  const port = portText ? Number(portText) : (defaultPorts[scheme] ?? -1);
  if (host === undefined || port > 65535) return undefined;
  return { userInfo: percentEncode(userInfo), host, port };
}

function hostOf(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (lower === '' || lower.startsWith('[')) return lower;
  if (/[\s<>"#%/\\^`{|}?;,&=+$!'()*]/.test(lower)) return undefined;
  return lower;
}

/** RFC 3986, 5.2.4. */
function removeDots(path: string): string {
  if (!path.includes('/.')) return path;
  const output: string[] = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, i) => {
    const last = i === segments.length - 1;
    if (segment === '..') output.pop();
    else if (segment !== '.') output.push(segment);
    if (last && (segment === '.' || segment === '..')) output.push('');
  });
  return `/${output.join('/')}`;
}

function resolvePath(base: Parts, text: string): string {
  if (text.startsWith('?')) return base.path + text;
  if (text.startsWith('#')) return base.path + base.query + text;
  if (text.startsWith('/')) return text;
  return base.path.slice(0, base.path.lastIndexOf('/') + 1) + text;
}

function problemOf(text: string, kind: number): string {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]+:/.exec(text);
  if (!scheme)
    return kind === uriKinds.relative
      ? "A relative URI cannot be created because the 'uriString' parameter represents an absolute URI."
      : 'Invalid URI: The format of the URI could not be determined.';
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(text)?.[1];
  if (authority !== undefined && /:[^\]]*$/.test(authority) && !/:\d{0,5}$/.test(authority)) {
    return 'Invalid URI: Invalid port specified.';
  }
  return 'Invalid URI: The hostname could not be parsed.';
}
