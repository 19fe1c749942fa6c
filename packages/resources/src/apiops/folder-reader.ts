import type { Diagnostic } from '../diagnostic.ts';
import type { Place } from '../errors.ts';
import type { FileRecord } from '../folder/file-record.ts';
import { type FolderSnapshot, FolderSnapshots } from '../folder/folder-snapshot.ts';
import { defaultFolderLimits, type FolderSource } from '../folder/folder-source.ts';
import { type Answers, type Unit, Units } from '../folder/units.ts';
import { Cursor } from '../information/cursor.ts';
import type { ServiceModel } from '../model/service.ts';
import { checkApis, checkNamedValues, checkProducts, checkSubscriptions, type PlaceOf } from './consistency.ts';
import { type FolderIndex, indexFolder, type ResourceFolder } from './folder-index.ts';
import { Inputs } from './inputs.ts';
import { layout, layoutOf, type ResourceKind } from './layout.ts';
import { readApi } from './resources/api.ts';
import { readBackend } from './resources/backend.ts';
import { readCertificate } from './resources/certificate.ts';
import { readDiagnosticSettings } from './resources/diagnostic-settings.ts';
import { readGroup, systemGroups } from './resources/group.ts';
import { readLogger } from './resources/logger.ts';
import { readNamedValue } from './resources/named-value.ts';
import { readPolicyFragment } from './resources/policy-fragment.ts';
import { readProduct } from './resources/product.ts';
import { readServiceSchema } from './resources/service-schema.ts';
import { readSubscription } from './resources/subscription.ts';
import { readTag } from './resources/tag.ts';
import { readUser } from './resources/user.ts';
import { readVersionSet } from './resources/version-set.ts';
import { defaultSecretsFiles, readSecrets, type Secrets } from './secrets.ts';
import { SecretsFile, type SecretsSource } from './secrets-source.ts';
import { reportUnreadFiles } from './unread-files.ts';

export interface ReadServiceOptions {
  /** Environment variables that may hold secrets; none unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The secrets file; `secrets.local.json` or `.yaml` at the top of the folder unless given. */
  readonly secrets?: SecretsSource;
  /** Where required query parameters of specifications go unless the API says so itself; `template`, as in Azure. */
  readonly translateRequiredQueryParameters?: 'template' | 'query';
  /** Bytes of one file that are read at most. */
  readonly fileSizeLimit?: number;
}

export interface ReadService {
  /** Everything that could be read. Fit for use only when no diagnostic is an error. */
  readonly model: ServiceModel;
  /** By file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one folder again and again. */
export interface FolderReader {
  /**
   * Reads what changed since the last time. What did not change is the same object as before: an API, a product, a
   * backend can be compared by identity.
   * @throws {FolderUnavailableError} when the folder is not there.
   */
  read(): Promise<ReadService>;
}

/** A reader that keeps what it parsed, for a folder that is watched. */
export function createFolderReader(source: FolderSource, options: ReadServiceOptions = {}): FolderReader {
  const snapshots = new FolderSnapshots(source, options.fileSizeLimit ?? defaultFolderLimits.fileSize);
  const secretsFile = options.secrets === undefined ? null : new SecretsFile(options.secrets);
  const units = new Units();
  let base: PassBase | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const readOnce = async (): Promise<ReadService> => {
    const snapshot = await snapshots.take();
    const external = secretsFile === null ? null : await secretsFile.take();
    const isSame =
      base !== null && base.paths === snapshot.paths && base.external === external && !touchesSecrets(snapshot.changed);
    const previous = isSame ? base : null;
    const pass = new Pass(snapshot, external, units, options, previous);
    base = pass.base;
    return pass.run(previous === null ? null : snapshot.changed);
  };
  return {
    read: () => {
      // One pass at a time: the passes share what they remember.
      const pass = last.then(readOnce, readOnce);
      last = pass;
      return pass;
    },
  };
}

/** Reads a folder once. */
export async function readServiceFolder(source: FolderSource, options: ReadServiceOptions = {}): Promise<ReadService> {
  return createFolderReader(source, options).read();
}

/** What a pass over the same paths and secrets need not find out again. */
interface PassBase {
  readonly paths: readonly string[];
  readonly external: FileRecord | null;
  readonly index: FolderIndex;
  readonly secrets: Secrets;
  readonly directories: ReadonlySet<string>;
}

function touchesSecrets(changed: readonly string[] | null): boolean {
  return changed === null || changed.some((path) => defaultSecretsFiles.includes(path));
}

class Pass {
  readonly base: PassBase;
  readonly #snapshot: FolderSnapshot;
  readonly #index: FolderIndex;
  readonly #units: Units;
  readonly #options: ReadServiceOptions;
  readonly #secrets: Secrets;
  readonly #diagnostics: Diagnostic[];
  readonly #directories: ReadonlySet<string>;

  constructor(
    snapshot: FolderSnapshot,
    external: FileRecord | null,
    units: Units,
    options: ReadServiceOptions,
    previous: PassBase | null,
  ) {
    this.#snapshot = snapshot;
    this.#units = units;
    this.#options = options;
    this.base = previous ?? baseOf(snapshot, external, options);
    this.#index = this.base.index;
    this.#directories = this.base.directories;
    this.#secrets = this.base.secrets;
    this.#diagnostics = [...snapshot.diagnostics, ...this.#index.diagnostics, ...this.#secrets.diagnostics];
  }

  /** `changed`: only the content of these files differs from the pass before. */
  run(changed: readonly string[] | null): ReadService {
    this.#units.begin((question) => this.#answer(question), changed);
    const apis = this.#readAll('api', (folder, inputs) =>
      readApi(folder, this.#options.translateRequiredQueryParameters ?? 'template', inputs),
    );
    const groups = this.#readAll('group', readGroup);
    const model: ServiceModel = {
      apis: apis.map(({ api }) => api),
      versionSets: this.#readAll('versionSet', readVersionSet),
      products: this.#readAll('product', readProduct),
      subscriptions: this.#readAll('subscription', readSubscription),
      namedValues: this.#readAll('namedValue', readNamedValue),
      backends: this.#readAll('backend', readBackend),
      policyFragments: this.#readAll('policyFragment', readPolicyFragment),
      tags: this.#readAll('tag', readTag),
      groups: [
        ...groups,
        ...systemGroups.filter(({ name }) => !groups.some((group) => group.name.toLowerCase() === name)),
      ],
      loggers: this.#readAll('logger', readLogger),
      diagnostics: this.#readAll('diagnostic', readDiagnosticSettings),
      certificates: this.#readAll('certificate', readCertificate),
      users: this.#readAll('user', readUser),
      schemas: this.#readAll('schema', readServiceSchema),
      policy: this.#unit('policy', (inputs) => inputs.policy('policy.xml')),
    };
    this.#units.end();
    this.#diagnostics.push(
      ...checkApis(apis),
      ...checkProducts(model.products, this.#placeOf('product')),
      ...checkNamedValues(model.namedValues, this.#placeOf('namedValue')),
      ...checkSubscriptions(model.subscriptions, this.#placeOf('subscription')),
    );
    return { model, diagnostics: this.#diagnostics.sort(byPlace) };
  }

  #readAll<T>(kind: ResourceKind, read: (folder: ResourceFolder, inputs: Inputs) => T | null): T[] {
    const found: T[] = [];
    for (const folder of this.#index.resources[kind]) {
      const value = this.#unit(folder.directory, (inputs) => {
        inputs.diagnostics.push(...reportUnreadFiles(folder));
        return read(folder, inputs);
      });
      if (value !== null) found.push(value);
    }
    return found;
  }

  #unit<T>(key: string, work: (inputs: Inputs) => T): T {
    const unit: Unit<T> = this.#units.unit(key, (ask, diagnostics) => {
      ask(`files:${key}`);
      return work(new Inputs(ask, diagnostics));
    });
    for (const diagnostic of unit.diagnostics) this.#diagnostics.push(diagnostic);
    return unit.value;
  }

  #answer(question: Parameters<Answers>[0]): unknown {
    const colon = question.indexOf(':');
    const subject = question.slice(colon + 1);
    switch (question.slice(0, colon)) {
      case 'file':
        return this.#snapshot.files.get(subject) ?? null;
      case 'files':
        return this.#filesOf.get(subject) ?? (this.#directories.has(subject) ? '' : null);
      case 'name':
        return this.#namesOf(subject).get(subject.slice(subject.indexOf('/') + 1)) ?? null;
      case 'names':
        return [...this.#namesOf(subject).values()].join('\n');
      case 'links': {
        const links = subject.startsWith('api/') ? this.#index.apiTags : this.#index.productTags;
        return links.get(subject.slice(subject.indexOf('/') + 1))?.join('\n') ?? null;
      }
      default:
        return this.#secret(subject);
    }
  }

  get #filesOf(): ReadonlyMap<string, string> {
    this.#filesByDirectory ??= new Map(
      Object.values(this.#index.resources)
        .flat()
        .map(({ directory, files }) => [directory, files.join('\n')]),
    );
    return this.#filesByDirectory;
  }

  #filesByDirectory: ReadonlyMap<string, string> | undefined;

  #namesOf(subject: string): ReadonlyMap<string, string> {
    const kind = subject.split('/')[0];
    const entry = layout.find((each) => each.kind === kind);
    return entry === undefined ? new Map() : this.#index.names[entry.kind];
  }

  #secret(subject: string): string | null {
    const slash = subject.indexOf('/');
    const key = subject.slice(slash + 1);
    // An empty variable is how shells and CI systems say "not set".
    return (
      (subject.startsWith('env/') ? this.#options.environment?.[key] || null : this.#secrets.values.get(key)) ?? null
    );
  }

  #placeOf<T extends { readonly name: string }>(kind: ResourceKind): PlaceOf<T> {
    return ({ name }, property): Place => {
      const folder = this.#index.resources[kind].find((each) => each.name === name);
      const file = `${folder?.directory ?? kind}/${layoutOf(kind).informationFile}`;
      const document = this.#snapshot.files.get(file)?.document;
      if (document === undefined) return { file, line: 0, column: 0 };
      const wrapped = new Cursor(document, ['properties', property], []).place();
      const bare = new Cursor(document, [property], []).place();
      return wrapped.line > bare.line || (wrapped.line === bare.line && wrapped.column > bare.column) ? wrapped : bare;
    };
  }
}

function baseOf(snapshot: FolderSnapshot, external: FileRecord | null, options: ReadServiceOptions): PassBase {
  const { paths, files } = snapshot;
  const index = indexFolder(paths);
  const inFolder =
    options.secrets === undefined
      ? defaultSecretsFiles.map((file) => files.get(file)).find((file) => file !== undefined)
      : undefined;
  return {
    paths,
    external,
    index,
    secrets: readSecrets(external ?? inFolder ?? null, (kind) => index.names[kind].values()),
    directories: directoriesNamedLikeFiles(paths),
  };
}

/** Directories whose name a file should bear. */
function directoriesNamedLikeFiles(paths: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of paths) {
    const match = /^(.*\.(?:json|ya?ml|xml))\//i.exec(path);
    if (match?.[1] !== undefined) found.add(match[1]);
  }
  return found;
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column;
}
