/**
 * The files of a service that a self-hosted gateway needs to serve the APIs that are assigned to it (`apis`: names in lower
 * case, without revisions): those APIs, products that have one of them, subscriptions of these with their owners, and
 * fragments and named values that any of it mentions. What expressions can name at run time (backends, certificates,
 * loggers) comes whole.
 */
export function assignedFiles(
  files: ReadonlyMap<string, Uint8Array>,
  apis: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const products = productsOf(files.keys(), apis);
  const taken = new Map<string, string>();
  const later: string[] = [];
  const owners = new Set<string>();
  for (const [path, bytes] of files) {
    const [collection = '', name = '', inner = '', innerName = ''] = path.split('/');
    if (collection === 'policyFragments' || collection === 'namedValues' || collection === 'users') {
      later.push(path);
      continue;
    }
    if (collection === 'apis' && !apis.has(withoutRevision(name))) continue;
    if (collection === 'products') {
      if (!products.has(name.toLowerCase())) continue;
      if (inner === 'apis' && !apis.has(withoutRevision(innerName))) continue;
    }
    const text = textOf(bytes);
    if (collection === 'subscriptions') {
      const { scope, ownerId } = propertiesIn(text);
      if (!isInScope(String(scope ?? ''), apis, products)) continue;
      if (typeof ownerId === 'string') owners.add(lastName(ownerId));
    }
    taken.set(path, text);
  }
  for (const path of later)
    if (path.startsWith('users/') && owners.has(path.split('/')[1]?.toLowerCase() ?? ''))
      taken.set(path, textOf(files.get(path)));
  takeMentioned(files, later, taken);
  return taken;
}

/** Products, in lower case, that have one of the APIs. */
function productsOf(paths: Iterable<string>, apis: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of paths) {
    const [collection, product = '', inner, api = ''] = path.split('/');
    if (collection === 'products' && inner === 'apis' && apis.has(withoutRevision(api)))
      found.add(product.toLowerCase());
  }
  return found;
}

/** A subscription to everything holds for what is assigned too. */
function isInScope(scope: string, apis: ReadonlySet<string>, products: ReadonlySet<string>): boolean {
  const [, collection, name = ''] = /\/(apis|products)\/([^/]+)\/?$/i.exec(scope) ?? [];
  if (collection === undefined) return true;
  return collection.toLowerCase() === 'apis' ? apis.has(withoutRevision(name)) : products.has(name.toLowerCase());
}

/** Adds fragments that what is taken names, then named values that any of it names. */
function takeMentioned(
  files: ReadonlyMap<string, Uint8Array>,
  candidates: readonly string[],
  taken: Map<string, string>,
): void {
  const fragments = candidates.filter((path) => path.startsWith('policyFragments/'));
  const wanted: string[] = [...taken.values()];
  const fragmentNames = new Set<string>();
  const valueNames = new Set<string>();
  for (let text = wanted.pop(); text !== undefined; text = wanted.pop()) {
    for (const [, name = ''] of text.matchAll(/\{\{\s*([^{}\s][^{}]{0,255}?)\s*\}\}/g))
      valueNames.add(name.toLowerCase());
    for (const [, , quoted = ''] of text.matchAll(/fragment-id\s*=\s*(["'])([^"']{1,256})\1/g)) {
      const name = quoted.trim().toLowerCase();
      if (fragmentNames.has(name)) continue;
      fragmentNames.add(name);
      for (const path of fragments)
        if (path.split('/')[1]?.toLowerCase() === name) {
          const content = textOf(files.get(path));
          taken.set(path, content);
          wanted.push(content);
        }
    }
  }
  for (const path of candidates) {
    if (!path.startsWith('namedValues/')) continue;
    const text = textOf(files.get(path));
    const names = [path.split('/')[1] ?? '', String(propertiesIn(text).displayName ?? '')];
    if (names.some((name) => valueNames.has(name.toLowerCase()))) taken.set(path, text);
  }
}

const decoder = new TextDecoder();

function textOf(bytes: Uint8Array | undefined): string {
  return bytes ? decoder.decode(bytes) : '';
}

function propertiesIn(text: string): Readonly<Record<string, unknown>> {
  const document: unknown = JSON.parse(text);
  if (typeof document !== 'object' || document === null || !('properties' in document)) return {};
  const { properties } = document;
  return typeof properties === 'object' && properties !== null ? { ...properties } : {};
}

function withoutRevision(name: string): string {
  return name.replace(/;rev=.*$/i, '').toLowerCase();
}

function lastName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}
