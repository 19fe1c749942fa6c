/** A kind of resource that has a folder of its own. */
export type ResourceKind =
  | 'api'
  | 'backend'
  | 'certificate'
  | 'diagnostic'
  | 'group'
  | 'logger'
  | 'namedValue'
  | 'policyFragment'
  | 'product'
  | 'schema'
  | 'subscription'
  | 'tag'
  | 'user'
  | 'versionSet';

export interface KindLayout {
  readonly kind: ResourceKind;
  /** How messages call it. */
  readonly title: string;
  /** Names of the folder: first as Azure/apiops-cli writes it, then as Azure/apiops does. */
  readonly folders: readonly string[];
  /** The file that describes the resource. */
  readonly informationFile: string;
  /** Azure's collection in resource ids. */
  readonly collection: string;
}

/** Every folder that is read, in the order of the reference. */
export const layout: readonly KindLayout[] = [
  { kind: 'api', title: 'API', folders: ['apis'], informationFile: 'apiInformation.json', collection: 'apis' },
  {
    kind: 'versionSet',
    title: 'version set',
    folders: ['versionSets', 'version sets', 'apiVersionSets'],
    informationFile: 'versionSetInformation.json',
    collection: 'apiVersionSets',
  },
  {
    kind: 'product',
    title: 'product',
    folders: ['products'],
    informationFile: 'productInformation.json',
    collection: 'products',
  },
  {
    kind: 'subscription',
    title: 'subscription',
    folders: ['subscriptions'],
    informationFile: 'subscriptionInformation.json',
    collection: 'subscriptions',
  },
  {
    kind: 'namedValue',
    title: 'named value',
    folders: ['namedValues', 'named values'],
    informationFile: 'namedValueInformation.json',
    collection: 'namedValues',
  },
  {
    kind: 'backend',
    title: 'backend',
    folders: ['backends'],
    informationFile: 'backendInformation.json',
    collection: 'backends',
  },
  {
    kind: 'policyFragment',
    title: 'policy fragment',
    folders: ['policyFragments', 'policy fragments'],
    informationFile: 'policyFragmentInformation.json',
    collection: 'policyFragments',
  },
  { kind: 'tag', title: 'tag', folders: ['tags'], informationFile: 'tagInformation.json', collection: 'tags' },
  {
    kind: 'group',
    title: 'group',
    folders: ['groups'],
    informationFile: 'groupInformation.json',
    collection: 'groups',
  },
  {
    kind: 'logger',
    title: 'logger',
    folders: ['loggers'],
    informationFile: 'loggerInformation.json',
    collection: 'loggers',
  },
  {
    kind: 'diagnostic',
    title: 'diagnostic',
    folders: ['diagnostics'],
    informationFile: 'diagnosticInformation.json',
    collection: 'diagnostics',
  },
  {
    kind: 'certificate',
    title: 'certificate',
    folders: ['certificates'],
    informationFile: 'certificateInformation.json',
    collection: 'certificates',
  },
  {
    kind: 'schema',
    title: 'schema',
    folders: ['schemas'],
    informationFile: 'schemaInformation.json',
    collection: 'schemas',
  },
  { kind: 'user', title: 'user', folders: ['users'], informationFile: 'userInformation.json', collection: 'users' },
];

/** Folders that the tools write and that are not supported: each file in them is reported. */
export const unsupportedFolders: ReadonlyMap<string, string> = new Map([
  ['gateways', 'Self-hosted gateways'],
  ['workspaces', 'Workspaces'],
  ['policyRestrictions', 'Policy restrictions'],
  ['policy restrictions', 'Policy restrictions'],
]);

/** Files that the tools write for the developer portal or as history; nothing of them concerns the gateway. */
export const portalFile =
  /^(documentationInformation|releaseInformation|tagDescriptionInformation)\.json$|^wiki(Information)?\.(md|json)$/;

export function layoutOf(kind: ResourceKind): KindLayout {
  const found = layout.find((entry) => entry.kind === kind);
  if (found === undefined) throw new TypeError(`No layout for ${kind}`);
  return found;
}
