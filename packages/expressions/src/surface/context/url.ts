import type { UrlView } from '../../context-host.ts';
import { toStringMember } from '../../runtime/object.ts';
import { Uri } from '../../runtime/uri.ts';
import { netType } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';
import { queryDictionary } from './dictionaries.ts';

/** An `IUrl`. Its text leaves the default port out, as a Uri's does. */
export class Url {
  get [netType](): string {
    return 'Microsoft.Azure.ApiManagement.IUrl';
  }
  readonly view: UrlView;
  constructor(view: UrlView) {
    this.view = view;
  }
  static parse(text: string): Url {
    const { protocol, hostname, port, pathname, search } = new URL(text);
    const scheme = protocol.slice(0, -1);
    return new Url({
      scheme,
      host: hostname,
      port: port === '' ? (defaultPorts[scheme] ?? -1) : Number(port),
      path: pathname,
      queryString: search,
    });
  }
  get text(): string {
    const { scheme, host, port, path, queryString } = this.view;
    const shownPort = port === defaultPorts[scheme.toLowerCase()] || port < 0 ? '' : `:${port}`;
    return `${scheme}://${host}${shownPort}${path}${queryString}`;
  }
  [toStringMember](): string {
    return this.text;
  }
}

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443, ws: 80, wss: 443 };

export const urlType: TypeDeclaration = declareType({
  name: 'Microsoft.Azure.ApiManagement.IUrl',
  kind: 'interface',
  test: (value) => value instanceof Url,
  members: {
    'string Scheme { get; }': ({ view }: Url) => view.scheme,
    'string Host { get; }': ({ view }: Url) => view.host,
    'int Port { get; }': ({ view }: Url) => view.port,
    'string Path { get; }': ({ view }: Url) => view.path,
    'string QueryString { get; }': ({ view }: Url) => view.queryString,
    'IReadOnlyDictionary<string, string[]> Query { get; }': ({ view }: Url) => queryDictionary(view),
    'Uri ToUri()': (self: Url) => Uri.create(self.text),
    'string ToString()': (self: Url) => self.text,
  },
});
