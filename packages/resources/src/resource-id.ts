/** One resource of a service, however its id was written. */
export interface ResourceId {
  /** Collections and names from the service down, e.g. `[{ collection: 'apis', name: 'orders;rev=2' }]`. */
  readonly segments: readonly { readonly collection: string; readonly name: string }[];
  /** A trailing collection without a name, as in the scope `/apis`; null otherwise. */
  readonly collection: string | null;
}

const servicePrefix =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.apimanagement\/service\/[^/]+/i;

/**
 * Parses a full ARM id of something inside an API Management service, or a short one (`/apis/orders`, `apis/orders`).
 * Collections are compared without regard to case and come back in Azure's spelling. Null when it is no such id.
 */
export function parseResourceId(text: string): ResourceId | null {
  const full = servicePrefix.exec(text);
  const path = full === null ? text : text.slice(full[0].length);
  if (full === null && /^\/?(subscriptions\/[^/]+\/resourcegroups|providers)\//i.test(text)) return null;
  const parts = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  if (parts.length === 1 && parts[0] === '') return text === '' ? null : { segments: [], collection: null };
  const segments: { collection: string; name: string }[] = [];
  let collection: string | null = null;
  for (const part of parts) {
    const decoded = decode(part);
    if (decoded === '') return null;
    if (collection === null) collection = collections.get(decoded.toLowerCase()) ?? decoded;
    else {
      segments.push({ collection, name: decoded });
      collection = null;
    }
  }
  return { segments, collection };
}

/** Splits `orders;rev=2` into the name of the API and its revision; null when what follows `;` is no revision. */
export function parseApiName(name: string): { readonly api: string; readonly revision: string | null } | null {
  const semicolon = name.indexOf(';');
  if (semicolon === -1) return { api: name, revision: null };
  const match = /^;rev=([1-9]\d{0,8})$/i.exec(name.slice(semicolon));
  return match === null || semicolon === 0 ? null : { api: name.slice(0, semicolon), revision: match[1] ?? null };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const collections: ReadonlyMap<string, string> = new Map(
  [
    'apis',
    'apiVersionSets',
    'backends',
    'certificates',
    'groups',
    'loggers',
    'namedValues',
    'operations',
    'policyFragments',
    'products',
    'subscriptions',
    'tags',
    'users',
    'workspaces',
  ].map((name) => [name.toLowerCase(), name]),
);
