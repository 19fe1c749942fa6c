import { argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { toStringMember, toStringOf } from '../../runtime/object.ts';
import { Uri, uriKinds } from '../../runtime/uri.ts';
import { netType } from '../../runtime/values.ts';
import { declareType } from '../declare.ts';

/** `System.UriBuilder`. `query` has its `?` and `fragment` its `#` when they are not empty. */
class UriBuilder {
  readonly [netType] = 'System.UriBuilder';
  scheme = 'http';
  userName = '';
  password = '';
  host = 'localhost';
  /** -1 leaves it out. */
  port = -1;
  path = '/';
  query = '';
  fragment = '';

  static from(uri: Uri): UriBuilder {
    const { parts } = uri;
    const builder = new UriBuilder();
    const [userName = '', password = ''] = parts.userInfo.split(':');
    Object.assign(builder, { ...parts, userName, password });
    return builder;
  }

  get uri(): Uri {
    return Uri.create(this[toStringMember]());
  }

  [toStringMember](): string {
    const user = this.userName === '' ? '' : `${this.userName}${this.password === '' ? '' : `:${this.password}`}@`;
    const port = this.port < 0 || this.host === '' ? '' : `:${this.port}`;
    const path = this.path.startsWith('/') ? this.path : `/${this.path}`;
    return `${this.scheme}://${user}${this.host}${port}${path}${this.query}${this.fragment}`;
  }
}

/** A URI without a scheme is taken for http. */
function parse(text: string | null): UriBuilder {
  if (text === null) throw argumentNull('uri');
  const uri = Uri.create(text, uriKinds.relativeOrAbsolute);
  return UriBuilder.from(uri.isAbsolute ? uri : Uri.create(`http://${text}`));
}

const prefixed = (mark: string, value: string | null) =>
  value === null || value === '' ? '' : value.startsWith(mark) ? value : mark + value;

function compose(
  scheme: string | null,
  host: string | null,
  port = -1,
  path: string | null = '/',
  extra = '',
): UriBuilder {
  const builder = new UriBuilder();
  builder.scheme = (scheme ?? '').toLowerCase();
  builder.host = host ?? '';
  builder.port = port;
  builder.path = path ?? '/';
  const hash = extra.indexOf('#');
  builder.query = hash < 0 ? extra : extra.slice(0, hash);
  builder.fragment = hash < 0 ? '' : extra.slice(hash);
  return builder;
}

export const uriBuilderType = declareType({
  name: 'System.UriBuilder',
  kind: 'class',
  members: {
    'new()': () => new UriBuilder(),
    'new(string uri)': parse,
    'new(Uri uri)': (uri: Uri | null) => {
      if (uri === null) throw argumentNull('uri');
      return UriBuilder.from(uri);
    },
    'new(string schemeName, string hostName)': compose,
    'new(string scheme, string host, int portNumber)': compose,
    'new(string scheme, string host, int port, string pathValue)': compose,
    'new(string scheme, string host, int port, string path, string extraValue)': compose,
    'string Scheme { get; set; }': {
      get: (self: UriBuilder) => self.scheme,
      set: (self: UriBuilder, value: string | null) => {
        self.scheme = (value ?? '').replace(/:.*$/, '').toLowerCase();
      },
    },
    'string Host { get; set; }': {
      get: (self: UriBuilder) => self.host,
      set: (self: UriBuilder, value: string | null) => {
        self.host = value ?? '';
      },
    },
    'int Port { get; set; }': {
      get: (self: UriBuilder) => self.port,
      set: (self: UriBuilder, value: number) => {
        if (value < -1 || value > 65535) throw argumentOutOfRange('value');
        self.port = value;
      },
    },
    'string Path { get; set; }': {
      get: (self: UriBuilder) => self.path,
      set: (self: UriBuilder, value: string | null) => {
        self.path = value || '/';
      },
    },
    'string Query { get; set; }': {
      get: (self: UriBuilder) => self.query,
      set: (self: UriBuilder, value: string | null) => {
        self.query = prefixed('?', value);
      },
    },
    'string Fragment { get; set; }': {
      get: (self: UriBuilder) => self.fragment,
      set: (self: UriBuilder, value: string | null) => {
        self.fragment = prefixed('#', value);
      },
    },
    'string UserName { get; set; }': {
      get: (self: UriBuilder) => self.userName,
      set: (self: UriBuilder, value: string | null) => {
        self.userName = value ?? '';
      },
    },
    'string Password { get; set; }': {
      get: (self: UriBuilder) => self.password,
      set: (self: UriBuilder, value: string | null) => {
        self.password = value ?? '';
      },
    },
    'Uri Uri { get; }': (self: UriBuilder) => self.uri,
    'string ToString()': (self: UriBuilder) => toStringOf(self),
  },
});
