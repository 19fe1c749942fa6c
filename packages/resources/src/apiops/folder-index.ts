import type { Diagnostic } from '../diagnostic.ts';
import { problem } from '../errors.ts';
import { parseApiName } from '../resource-id.ts';
import { layout, type ResourceKind, unsupportedFolders } from './layout.ts';

/** The folder of one resource. */
export interface ResourceFolder {
  readonly kind: ResourceKind;
  /** The name of the folder, which is the name of the resource; of a revision with `;rev=N`. */
  readonly name: string;
  /** E.g. `apis/orders`. */
  readonly directory: string;
  /** Paths of its files below `directory`, sorted. */
  readonly files: readonly string[];
}

/** What the paths alone tell about a folder. */
export interface FolderIndex {
  readonly resources: Readonly<Record<ResourceKind, readonly ResourceFolder[]>>;
  /** Canonical spelling by lower-case name; of APIs without the revision. */
  readonly names: Readonly<Record<ResourceKind, ReadonlyMap<string, string>>>;
  /** Tags that the `tags` folder puts on APIs and products, by lower-case name (of APIs with the revision). */
  readonly apiTags: ReadonlyMap<string, readonly string[]>;
  readonly productTags: ReadonlyMap<string, readonly string[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Groups that every service has. */
export const builtInGroups: readonly string[] = ['administrators', 'developers', 'guests'];

/** Sorts the paths of a folder by resource. */
export function indexFolder(paths: readonly string[]): FolderIndex {
  const diagnostics: Diagnostic[] = [];
  const found = collect(paths, diagnostics);
  const resources = forEveryKind((kind): ResourceFolder[] => [...found[kind].values()]);
  const names = forEveryKind(
    (kind) => new Map(resources[kind].map(({ name }) => [baseName(kind, name).toLowerCase(), baseName(kind, name)])),
  );
  for (const group of builtInGroups) if (!names.group.has(group)) names.group.set(group, group);
  return {
    resources,
    names,
    apiTags: tagLinks(resources.tag, 'apis'),
    productTags: tagLinks(resources.tag, 'products'),
    diagnostics,
  };
}

interface Collected extends ResourceFolder {
  readonly files: string[];
}

function collect(paths: readonly string[], diagnostics: Diagnostic[]): Record<ResourceKind, Map<string, Collected>> {
  const found = forEveryKind(() => new Map<string, Collected>());
  const others = new Set<string>();
  for (const path of paths) {
    const top = path.slice(0, Math.max(0, path.indexOf('/')));
    const kind = kinds.get(top);
    if (kind === undefined) {
      const unsupported = unsupportedFolders.get(top);
      if (unsupported !== undefined && /(Information\.json|\.xml)$/.test(path)) {
        diagnostics.push(problem('UnsupportedResource', { file: path, line: 0, column: 0 }, { kind: unsupported }));
      }
      continue;
    }
    const rest = path.slice(top.length + 1);
    const slash = rest.indexOf('/');
    if (slash === -1) {
      if (/Information\.json$/.test(rest)) {
        diagnostics.push(
          problem(
            'UnreadFile',
            { file: path, line: 0, column: 0 },
            { expected: `it in a folder named after the resource, as '${top}/{name}/${rest}'` },
          ),
        );
      }
      continue;
    }
    const name = rest.slice(0, slash);
    const directory = `${top}/${name}`;
    const fault = faultOf(kind, name);
    if (fault !== null) {
      if (!others.has(directory)) {
        diagnostics.push(problem('InvalidName', { file: directory, line: 0, column: 0 }, { name, reason: fault }));
      }
      others.add(directory);
      continue;
    }
    const known = found[kind].get(name.toLowerCase());
    if (known === undefined) {
      found[kind].set(name.toLowerCase(), { kind, name, directory, files: [rest.slice(slash + 1)] });
    } else if (known.directory === directory) {
      known.files.push(rest.slice(slash + 1));
    } else if (!others.has(directory)) {
      others.add(directory);
      diagnostics.push(
        problem('DuplicateResource', { file: path, line: 0, column: 0 }, { kind, name, other: known.directory }),
      );
    }
  }
  return found;
}

const kinds: ReadonlyMap<string, ResourceKind> = new Map(
  layout.flatMap(({ kind, folders }) => folders.map((folder) => [folder, kind] as const)),
);

/** Why Azure would not take the name; null when it would. */
function faultOf(kind: ResourceKind, name: string): string | null {
  const base = baseName(kind, name);
  if (base.length > 256) return 'it is longer than 256 characters';
  return /[*#&+:<>?%\\\p{Cc}]/u.test(base) ? 'it holds one of * # & + : < > ? % \\ or a control character' : null;
}

function baseName(kind: ResourceKind, name: string): string {
  return kind === 'api' ? (parseApiName(name)?.api ?? name) : name;
}

/** `tags/{tag}/apis/{api}/tagApiInformation.json` and the same for products. */
function tagLinks(
  tags: readonly ResourceFolder[],
  collection: 'apis' | 'products',
): ReadonlyMap<string, readonly string[]> {
  const links = new Map<string, string[]>();
  for (const tag of tags) {
    for (const target of linkedNames(tag, collection)) {
      const key = target.toLowerCase();
      const existing = links.get(key);
      if (existing === undefined) links.set(key, [tag.name]);
      else existing.push(tag.name);
    }
  }
  return links;
}

/** Names of the folders that link a resource to others: `{directory}/{collection}/{name}/…Information.json`. */
export function linkedNames(folder: ResourceFolder, collection: string): string[] {
  const names = new Set<string>();
  for (const file of folder.files) {
    const [first, name, information, ...deeper] = file.split('/');
    if (first === collection && name !== undefined && information?.endsWith('Information.json') && deeper.length === 0)
      names.add(name);
  }
  return [...names];
}

function forEveryKind<T>(make: (kind: ResourceKind) => T): Record<ResourceKind, T> {
  return {
    api: make('api'),
    backend: make('backend'),
    certificate: make('certificate'),
    diagnostic: make('diagnostic'),
    group: make('group'),
    logger: make('logger'),
    namedValue: make('namedValue'),
    policyFragment: make('policyFragment'),
    product: make('product'),
    schema: make('schema'),
    subscription: make('subscription'),
    tag: make('tag'),
    user: make('user'),
    versionSet: make('versionSet'),
  };
}
