import type { BaseUrl } from '@lazuli/policies';

/** What requests to a base URL say again and again. */
export interface BaseNames {
  /** Value of the Host header: the default port of the scheme is left out. */
  readonly host: string;
  /** `https://host:port/path`, for logs. */
  readonly url: string;
}

const known = new WeakMap<BaseUrl, BaseNames>();

/** Built once for each base URL object; APIs and backend entities keep theirs. */
export function namesOf(base: BaseUrl): BaseNames {
  let names = known.get(base);
  if (!names) {
    const isDefault = base.port === (base.scheme === 'https' || base.scheme === 'wss' ? 443 : 80);
    names = {
      host: authority(base.host, isDefault ? null : base.port),
      url: `${base.scheme}://${authority(base.host, base.port)}${base.path}`,
    };
    known.set(base, names);
  }
  return names;
}

/** Host and port in the form of the Host header, lower case, IPv6 in brackets. */
export function authority(host: string, port: number | null): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return (port === null ? name : `${name}:${port}`).toLowerCase();
}
