import {
  type Api,
  type FolderSource,
  type PolicyDocument,
  parseApiName,
  type ServiceModel,
  type Subscription,
} from '@lazuli/resources';
import type { JsonObject, JsonValue } from '@lazuli/store';
import { isJsonObject } from '../../json/json.ts';
import { propertiesOf } from '../../json/properties.ts';
import { contentsOf } from '../import/openapi.ts';
import { builtInGroups } from './built-in-artifacts.ts';
import { withoutComputed } from './computed-properties.ts';
import { artifactLayouts } from './layout.ts';
import { withShortIds } from './short-ids.ts';

/** A resource as a folder describes it. */
export interface Artifact {
  /** Below the service: `apis/orders;rev=2/operations/get-order`. */
  readonly path: string;
  /** Below the type of the service: `apis/operations`. */
  readonly type: string;
  readonly properties: JsonObject;
}

export interface ReadArtifacts {
  /** What is referred to before what refers to it. */
  readonly artifacts: readonly Artifact[];
  /** APIs whose operations and schemas come from a specification that the service imports, by path. */
  readonly imported: readonly string[];
  /** Resources that the folder names though it does not describe them, by path in lower case. */
  readonly named: readonly string[];
}

/**
 * The resources that a folder of artifacts describes, in either layout. `model` is what `readServiceFolder` made of the same
 * folder, without errors: references, links, secrets and specifications are taken from it, everything else from the files.
 */
export async function readArtifacts(source: FolderSource, model: ServiceModel): Promise<ReadArtifacts> {
  const { files } = await source.list();
  const reader = new Reader(source, model, new Set(files.map(({ path }) => path)));
  await reader.run();
  const order = new Map(artifactLayouts.map(({ path }, index) => [path, index]));
  // Revisions follow the API they are made of, pools the backends that are in them.
  const rank = ({ type, path, properties }: Artifact) =>
    (order.get(type) ?? order.get('subscriptions') ?? 0) * 2 +
    (path.includes(';rev=') || properties.type === 'Pool' ? 1 : 0);
  const artifacts = reader.artifacts
    .map((artifact) => ({ ...artifact, properties: withShortIds(artifact.properties as JsonValue) as JsonObject }))
    .sort((a, b) => rank(a) - rank(b));
  return { artifacts, imported: reader.imported, named: reader.named };
}

/** Folders of collections that do not bear the collection's name alone. */
const folders: Readonly<Record<string, readonly string[]>> = {
  apiVersionSets: ['versionSets', 'version sets', 'apiVersionSets'],
  namedValues: ['namedValues', 'named values'],
  policyFragments: ['policyFragments', 'policy fragments'],
  policyRestrictions: ['policyRestrictions', 'policy restrictions'],
};

/** Specifications that the service reads itself, by the format that the import names. */
const importedFiles: readonly { readonly file: string; readonly format: string; readonly apiType?: string }[] = [
  { file: 'specification.wsdl', format: 'wsdl', apiType: 'soap' },
  { file: 'specification.wadl', format: 'wadl-xml' },
];

/** Content type of the schema that a GraphQL API is made of ("API Management, Api Schema"). */
export const graphqlSchema = 'application/vnd.ms-azure-apim.graphql.schema';

class Reader {
  readonly artifacts: Artifact[] = [];
  readonly imported: string[] = [];
  readonly named: string[] = [];
  readonly #source: FolderSource;
  readonly #model: ServiceModel;
  readonly #files: ReadonlySet<string>;

  constructor(source: FolderSource, model: ServiceModel, files: ReadonlySet<string>) {
    this.#source = source;
    this.#model = model;
    this.#files = files;
  }

  async run(): Promise<void> {
    const { policy, products, users } = this.#model;
    for (const type of ['tags', 'gateways', 'apiVersionSets', 'backends', 'loggers', 'diagnostics', 'schemas'])
      await this.#described(type);
    for (const type of ['policyRestrictions', 'documentations']) await this.#described(type);
    await this.#described('namedValues', (name, properties) => this.#namedValue(name, properties));
    await this.#described('certificates', (name) => this.#certificate(name));
    await this.#described('groups', (name, properties) => this.#group(name, properties));
    await this.#described('users', (_, { groups: __, ...properties }) => properties);
    await this.#described('policyFragments', (name, properties) => {
      const fragment = byName(this.#model.policyFragments, name);
      return fragment ? { ...properties, ...documentOf(fragment.document) } : null;
    });
    await this.#described('subscriptions', (name, properties) => this.#subscription(name, properties));
    await this.#described('products');
    for (const { name, policy: own, apis, groups, tags } of products) {
      this.#policy(`products/${name}`, 'products', own);
      this.#links(`products/${name}/apis`, 'products/apis', apis);
      this.#links(`products/${name}/groups`, 'products/groups', groups);
      this.#links(`products/${name}/tags`, 'products/tags', tags);
    }
    for (const { name, groups } of users)
      for (const group of groups)
        if (group !== 'developers') this.#add(`groups/${group}/users/${name}`, 'groups/users', {});
    if (policy) this.#add('policies/policy', 'policies', documentOf(policy));
    for (const api of this.#model.apis) await this.#api(api);
    await this.#gatewayApis();
  }

  /** Resources of a collection, each with a file of properties. */
  async #described(
    type: string,
    complete: (name: string, properties: JsonObject) => JsonObject | null = (_, properties) => properties,
  ): Promise<void> {
    const layout = artifactLayouts.find(({ path }) => path === type);
    if (!layout?.information) return;
    for (const folder of folders[type] ?? [type])
      for (const name of this.#folderNames(folder)) {
        const given = await this.#json(`${folder}/${name}/${layout.information}`);
        if (!given) continue;
        const properties = complete(name, withoutComputed(given));
        if (properties) this.#add(`${type}/${name}`, type, properties);
        else this.named.push(`${type}/${name}`.toLowerCase());
      }
  }

  async #api(api: Api): Promise<void> {
    const name = api.isCurrent ? api.name : `${api.name};rev=${api.revision}`;
    const path = `apis/${name}`;
    const directory = this.#directoryOf(api);
    const given = withoutComputed((await this.#json(`${directory}/apiInformation.json`)) ?? {});
    const { isOnline: _, apiType: __, sourceApiId: ___, apiVersionSet: ____, ...kept } = given;
    const { translateRequiredQueryParameters: _____, format: ______, value: _______, ...own } = kept;
    const specification = importedFiles.find(({ file }) => this.#files.has(`${directory}/${file}`));
    this.#add(path, 'apis', {
      ...own,
      displayName: api.displayName,
      description: api.description ?? undefined,
      path: api.path,
      protocols: api.protocols,
      type: api.type,
      serviceUrl: api.serviceUrl ?? undefined,
      subscriptionRequired: api.subscriptionRequired,
      subscriptionKeyParameterNames: api.subscriptionKeyParameterNames,
      apiRevision: api.revision,
      apiRevisionDescription: api.apiRevisionDescription ?? undefined,
      apiVersion: api.apiVersion === '' ? undefined : api.apiVersion,
      apiVersionSetId: api.apiVersionSet === null ? undefined : `/apiVersionSets/${api.apiVersionSet}`,
      ...(specification ? await this.#import(path, `${directory}/${specification.file}`, specification) : {}),
    });
    this.#policy(path, 'apis', api.policy);
    await this.#contents(api, path, directory);
    for (const { name: operation, policy } of api.operations)
      this.#policy(`${path}/operations/${operation}`, 'apis/operations', policy);
    if (specification) await this.#policiesOfImported(path, directory, api);
    for (const { name: diagnostic } of api.diagnostics)
      await this.#child(
        `${path}/diagnostics/${diagnostic}`,
        'apis/diagnostics',
        directory,
        'diagnosticInformation.json',
      );
    this.#links(`${path}/tags`, 'apis/tags', api.tags);
    for (const [collection, information] of [
      ['resolvers', 'resolverInformation.json'],
      ['tagDescriptions', 'tagDescriptionInformation.json'],
    ] as const)
      for (const child of this.#folderNames(`${directory}/${collection}`))
        await this.#child(`${path}/${collection}/${child}`, `apis/${collection}`, directory, information);
  }

  /** Policies of operations that only the service knows, by the names of their folders. */
  async #policiesOfImported(path: string, directory: string, { operations }: Api): Promise<void> {
    for (const operation of this.#folderNames(`${directory}/operations`)) {
      const file = `${directory}/operations/${operation}/policy.xml`;
      const text = operations.some(({ name }) => name === operation) ? undefined : await this.#text(file);
      if (text !== undefined)
        this.#policy(`${path}/operations/${operation}`, 'apis/operations', { format: 'rawxml', text, file });
    }
  }

  async #import(path: string, file: string, { format, apiType }: { format: string; apiType?: string }) {
    this.imported.push(path);
    return { format, value: (await this.#text(file)) ?? '', ...(apiType === undefined ? {} : { apiType }) };
  }

  /** Operations and schemas: as a specification has them, or each from its own file. */
  async #contents(api: Api, path: string, directory: string): Promise<void> {
    const isSpecified = ['yaml', 'yml', 'json'].some((extension) =>
      this.#files.has(`${directory}/specification.${extension}`),
    );
    if (isSpecified) {
      for (const one of contentsOf(api, path))
        if (one.operation === 'put') this.#add(one.id, one.type.split('/').slice(2).join('/'), propertiesOf(one.body));
      return;
    }
    const graphql = await this.#text(`${directory}/specification.graphql`);
    if (graphql !== undefined)
      this.#add(`${path}/schemas/graphql`, 'apis/schemas', {
        contentType: graphqlSchema,
        document: { value: graphql },
      });
    for (const schema of this.#folderNames(`${directory}/schemas`))
      await this.#child(`${path}/schemas/${schema}`, 'apis/schemas', directory, 'schemaInformation.json');
    for (const { name } of api.operations)
      await this.#child(`${path}/operations/${name}`, 'apis/operations', directory, 'operationInformation.json');
  }

  /** A resource in a folder of its own below that of an API. */
  async #child(path: string, type: string, directory: string, information: string): Promise<void> {
    const properties = await this.#json(`${directory}/${path.split('/').slice(2).join('/')}/${information}`);
    if (properties) this.#add(path, type, withoutComputed(properties));
  }

  #directoryOf({ name, revision, isCurrent }: Api): string {
    const names = this.#folderNames('apis').filter((folder) => parseApiName(folder)?.api === name);
    const own = names.find((folder) => parseApiName(folder)?.revision === revision);
    const plain = names.find((folder) => parseApiName(folder)?.revision === null);
    return `apis/${(isCurrent ? (plain ?? own) : (own ?? plain)) ?? name}`;
  }

  #namedValue(name: string, { value: _, keyVault, ...properties }: JsonObject): JsonObject {
    const value = byName(this.#model.namedValues, name)?.value ?? '';
    // With a value of its own it needs no vault; without one the service says what it thinks of the vault.
    return value === '' ? { ...properties, keyVault } : { ...properties, value, ...(keyVault ? { secret: true } : {}) };
  }

  #certificate(name: string): JsonObject | null {
    const certificate = byName(this.#model.certificates, name);
    if (!certificate) return null;
    const { certificatePem, privateKeyPem } = certificate;
    return { data: privateKeyPem === null ? certificatePem : `${certificatePem}\n${privateKeyPem}` };
  }

  /** Groups that every service has are not written. */
  #group(name: string, properties: JsonObject): JsonObject | null {
    return builtInGroups.includes(name.toLowerCase()) || properties.type === 'system' ? null : properties;
  }

  #subscription(name: string, properties: JsonObject): JsonObject | null {
    const subscription = byName(this.#model.subscriptions, name);
    if (!subscription) return null;
    const { primaryKey, secondaryKey } = subscription;
    return {
      ...properties,
      displayName: subscription.displayName,
      scope: scopeOf(subscription),
      primaryKey: primaryKey === '' ? undefined : primaryKey,
      secondaryKey: secondaryKey === '' ? undefined : secondaryKey,
    };
  }

  async #gatewayApis(): Promise<void> {
    for (const gateway of this.#folderNames('gateways')) {
      const listed = await this.#value(`gateways/${gateway}/apis.json`);
      const names = (Array.isArray(listed) ? listed : []).map((one) => (isJsonObject(one) ? one.name : one));
      const all = [...names, ...this.#folderNames(`gateways/${gateway}/apis`)];
      this.#links(
        `gateways/${gateway}/apis`,
        'gateways/apis',
        all.filter((one) => typeof one === 'string'),
      );
    }
  }

  #policy(path: string, type: string, policy: PolicyDocument | null): void {
    if (policy) this.#add(`${path}/policies/policy`, `${type}/policies`, documentOf(policy));
  }

  #links(path: string, type: string, names: readonly string[]): void {
    for (const name of new Set(names)) this.#add(`${path}/${name}`, type, {});
  }

  #add(path: string, type: string, properties: JsonObject): void {
    this.artifacts.push({ path, type, properties });
  }

  /** Names of the folders directly in a folder, sorted. */
  #folderNames(directory: string): readonly string[] {
    const prefix = `${directory}/`;
    const names = new Set<string>();
    for (const path of this.#files) {
      if (!path.startsWith(prefix)) continue;
      const slash = path.indexOf('/', prefix.length);
      if (slash > 0) names.add(path.slice(prefix.length, slash));
    }
    return [...names].sort();
  }

  /** The properties of an information file, wrapped in `properties` or not; undefined where there is none. */
  async #json(path: string): Promise<JsonObject | undefined> {
    const value = await this.#value(path);
    if (!isJsonObject(value)) return undefined;
    const { properties } = value;
    return isJsonObject(properties) && Object.keys(value).every((name) => envelope.has(name)) ? properties : value;
  }

  async #value(path: string): Promise<JsonValue | undefined> {
    const text = await this.#text(path);
    return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
  }

  async #text(path: string): Promise<string | undefined> {
    if (!this.#files.has(path)) return undefined;
    const bytes = await this.#source.read(path);
    return bytes === null ? undefined : new TextDecoder().decode(bytes);
  }
}

/** What an information file may have beside its properties. */
const envelope = new Set(['properties', 'id', 'name', 'type', '$schema']);

function documentOf({ format, text }: PolicyDocument): JsonObject {
  return { format, value: text };
}

function scopeOf({ scope }: Subscription): string {
  switch (scope.kind) {
    case 'service':
      return '/';
    case 'allApis':
      return '/apis';
    case 'api':
      return `/apis/${scope.api}`;
    default:
      return `/products/${scope.product}`;
  }
}

function byName<T extends { readonly name: string }>(all: readonly T[], name: string): T | undefined {
  return all.find((one) => one.name.toLowerCase() === name.toLowerCase());
}
