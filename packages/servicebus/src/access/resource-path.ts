/** What a token is for, or what is to be reached: a URL, a host with a path, or a path alone. */
export interface Resource {
  /** Lower case, without a port; undefined: only a path was given. */
  readonly hostName: string | undefined;
  /** Lower case, without slashes around it; empty: the namespace. */
  readonly path: string;
}

/** Longest URL that is looked at: a path has 260 characters at most ("Service Bus quotas"), percent-encoded nine times as many. */
export const maxResourceLength = 4096;

/**
 * Takes `sb://host/q`, `https://host:443/q?api-version=…`, `host/q`, `/q` and `q`. What lies behind a `?` or `#` does not count, nor does
 * `$management` at the end: whoever may use an entity may ask its management node.
 * @param isHostName Tells a host from the first part of a path, where there is no scheme.
 */
export function readResource(text: string, isHostName: (name: string) => boolean): Resource {
  const withoutQuery = /^[^?#]*/.exec(text.slice(0, maxResourceLength))?.[0] ?? '';
  const [, authority, rest] = /^[a-z][a-z0-9+.-]*:\/\/([^/]*)(.*)$/is.exec(withoutQuery) ?? [];
  if (authority !== undefined) return { hostName: hostNameOf(authority), path: pathOf(rest ?? '') };
  const [first = ''] = withoutQuery.split('/', 1);
  const hostName = hostNameOf(first);
  if (hostName !== '' && isHostName(hostName)) return { hostName, path: pathOf(withoutQuery.slice(first.length)) };
  return { hostName: undefined, path: pathOf(withoutQuery) };
}

/** Lower case, without user, port and the dot at the end of a full name. */
export function hostNameOf(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const name = host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':', 1)[0] ?? '');
  return name.replace(/\.$/, '');
}

/** Lower case, no empty segments, percent-encoding taken away where it is right. */
export function pathOf(text: string): string {
  const segments = decoded(text)
    .split('/')
    .filter((segment) => segment !== '');
  if (segments.at(-1)?.toLowerCase() === '$management') segments.pop();
  return segments.join('/').toLowerCase();
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether a path is another one or lies below it, by whole segments: `queue2` does not lie below `queue`. Both as {@link pathOf} gives them. */
export function isAtOrBelow(path: string, above: string): boolean {
  return above === '' || path === above || (path.length > above.length && path.startsWith(`${above}/`));
}

/** The path and all above it, down to the namespace. */
export function* pathsUpwards(path: string): Generator<string> {
  let current = path;
  while (current !== '') {
    yield current;
    current = current.slice(0, Math.max(current.lastIndexOf('/'), 0));
  }
  yield '';
}

/** `q/messages`, `q/messages/head`, `q/messages/{id}/{lock}`: the messages of `q` in the REST data plane. Undefined: it is none of them. */
export function entityOfMessages(path: string): string | undefined {
  return /^(.+)\/messages(?:\/head|\/[^/]+\/[^/]+)?$/.exec(path)?.[1];
}
