/** What an address of a link means. Clients send paths, paths with a slash in front, and whole URLs. */
export interface LinkAddress {
  /** Path of the entity, as it was written; empty for the namespace itself. */
  readonly path: string;
  readonly node: 'entity' | '$cbs' | '$management';
}

/** `sb://host/queue/$management` is the `$management` of `queue`. */
export function readAddress(address: string): LinkAddress {
  const path = address.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/^\/+|\/+$/g, '');
  const last = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (last === '$cbs') return { path: '', node: '$cbs' };
  if (last === '$management')
    return { path: path.slice(0, -'$management'.length).replace(/\/$/, ''), node: '$management' };
  return { path, node: 'entity' };
}
