import { argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import { made, scan } from '../../runtime/text.ts';
import { Uri, uriKinds } from '../../runtime/uri.ts';
import { escapeDataString, escapeUriString, unescapeDataString } from '../../runtime/uri-escape.ts';
import { netArray, type Uniform } from '../../runtime/values.ts';
import { declareType, type Out } from '../declare.ts';

function tryCreate(text: string | null, kind: number, result: Out<Uri | null>): boolean {
  result.value = Uri.tryCreate(text, kind) ?? null;
  return result.value !== null;
}

/** Absolute, and nothing in it needs to be escaped. */
function isWellFormed(text: string | null, kind: number): boolean {
  const uri = Uri.tryCreate(text, kind);
  if (!uri || text === null) return false;
  if (/[^\w\-.~!#$%&'()*+,/:;=?@[\]]|%(?![0-9a-fA-F]{2})/.test(text)) return false;
  return !uri.isAbsolute || uri.parts.hierarchical || uri.parts.scheme !== 'http';
}

function checkSchemeName(name: string | null): boolean {
  return name !== null && /^[A-Za-z][A-Za-z0-9+.-]*$/.test(name);
}

export const uriType = declareType({
  name: 'System.Uri',
  kind: 'class',
  members: {
    'new(string uriString)': (text: string | null) => Uri.create(text && scan(text)),
    'new(string uriString, UriKind uriKind)': (text: string | null, kind: number) =>
      Uri.create(text && scan(text), kind),
    'new(Uri baseUri, string relativeUri)': (base: Uri | null, relative: string | null) => Uri.resolve(base, relative),
    'new(Uri baseUri, Uri relativeUri)': (base: Uri | null, relative: Uri | null) => {
      if (relative === null) throw argumentNull('relativeUri');
      return relative.isAbsolute ? relative : Uri.resolve(base, relative.original);
    },
    'static bool TryCreate(string uriString, UriKind uriKind, out Uri result)': tryCreate,
    'static bool TryCreate(Uri baseUri, string relativeUri, out Uri result)': (
      base: Uri | null,
      relative: string | null,
      result: Out<Uri | null>,
    ) => {
      result.value = null;
      if (!base?.isAbsolute || relative === null) return false;
      const uri = Uri.tryCreate(relative, uriKinds.relativeOrAbsolute);
      if (!uri) return false;
      result.value = Uri.resolve(base, relative);
      return true;
    },
    'static bool IsWellFormedUriString(string uriString, UriKind uriKind)': isWellFormed,
    'static bool CheckSchemeName(string schemeName)': checkSchemeName,
    'static string EscapeDataString(string stringToEscape)': (text: string | null) =>
      made(escapeDataString(text && scan(text))),
    'static string UnescapeDataString(string stringToUnescape)': (text: string | null) =>
      made(unescapeDataString(text && scan(text))),
    'static string EscapeUriString(string stringToEscape)': (text: string | null) =>
      made(escapeUriString(text && scan(text))),
    'const string UriSchemeFile': () => 'file',
    'const string UriSchemeFtp': () => 'ftp',
    'const string UriSchemeMailto': () => 'mailto',
    'static UriHostNameType CheckHostName(string name)': (name: string | null) =>
      name ? (Uri.tryCreate(`http://${name}/`, uriKinds.absolute)?.hostNameType ?? 0) : 0,
    'static bool IsHexDigit(char character)': (code: number) => /^[0-9a-f]$/i.test(String.fromCharCode(code)),
    'static string HexEscape(char character)': (code: number) => {
      if (code > 255) throw argumentOutOfRange('character');
      return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
    },
    'const string UriSchemeHttp': () => 'http',
    'const string UriSchemeHttps': () => 'https',
    'const string SchemeDelimiter': () => '://',
    'string AbsoluteUri { get; }': (self: Uri) => self.absoluteUri,
    'string AbsolutePath { get; }': (self: Uri) => self.parts.path,
    'string LocalPath { get; }': (self: Uri) => unescapeDataString(self.parts.path),
    'string Authority { get; }': (self: Uri) => self.authority,
    'string Host { get; }': (self: Uri) => self.parts.host,
    'string DnsSafeHost { get; }': (self: Uri) => self.parts.host.replace(/^\[|\]$/g, ''),
    'string IdnHost { get; }': (self: Uri) => self.parts.host.replace(/^\[|\]$/g, ''),
    'UriHostNameType HostNameType { get; }': (self: Uri) => self.hostNameType,
    'int Port { get; }': (self: Uri) => self.parts.port,
    'bool IsDefaultPort { get; }': (self: Uri) => self.isDefaultPort,
    'bool IsAbsoluteUri { get; }': (self: Uri) => self.isAbsolute,
    'bool IsLoopback { get; }': (self: Uri) => self.isLoopback,
    'bool IsFile { get; }': (self: Uri) => self.isFile,
    'bool IsUnc { get; }': (self: Uri) => self.isFile && self.parts.host !== '',
    'string Scheme { get; }': (self: Uri) => self.parts.scheme,
    'string PathAndQuery { get; }': (self: Uri) => self.pathAndQuery,
    'string Query { get; }': (self: Uri) => self.parts.query,
    'string Fragment { get; }': (self: Uri) => self.parts.fragment,
    'string UserInfo { get; }': (self: Uri) => self.parts.userInfo,
    'string[] Segments { get; }': (self: Uri) => netArray('System.String', self.segments),
    'string OriginalString { get; }': (self: Uri) => self.original,
    'string GetLeftPart(UriPartial part)': (self: Uri, part: number) => self.getLeftPart(part),
    'Uri MakeRelativeUri(Uri uri)': (self: Uri, other: Uri | null) => {
      if (other === null) throw argumentNull('uri');
      return self.makeRelative(other);
    },
    'bool IsBaseOf(Uri uri)': (self: Uri, other: Uri | null) => {
      if (other === null) throw argumentNull('uri');
      return self.isBaseOf(other);
    },
    'bool IsWellFormedOriginalString()': (self: Uri) => isWellFormed(self.original, uriKinds.relativeOrAbsolute),
    'string ToString()': (self: Uri) => toStringOf(self),
    'bool Equals(object comparand)': (self: Uri, other: Uniform) =>
      equalsOf(self, typeof other === 'string' ? (Uri.tryCreate(other, uriKinds.relativeOrAbsolute) ?? null) : other),
    'int GetHashCode()': (self: Uri) => hashOf(self),
    'static bool operator ==(Uri uri1, Uri uri2)': (a: Uri | null, b: Uri | null) => equalsOf(a, b),
    'static bool operator !=(Uri uri1, Uri uri2)': (a: Uri | null, b: Uri | null) => !equalsOf(a, b),
  },
});
