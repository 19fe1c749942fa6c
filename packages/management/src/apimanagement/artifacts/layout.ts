import { serviceType } from '../api-management-type.ts';

/**
 * Where a resource stands in a folder of artifacts, in the layout of Azure/apiops (with the folder names of
 * Azure/apiops-cli). `{0}`, `{1}` … are the names of the resource below the service, outermost first.
 */
export interface ArtifactLayout {
  /** The type below the service: `apis/operations`. */
  readonly path: string;
  /** Folder of the resource. */
  readonly directory: string;
  /** File of its properties as JSON; null: only the policy is a file. */
  readonly information: string | null;
  /** `policy.xml` holds its `value`. */
  readonly policy?: boolean;
  /** Only that the file is there matters. */
  readonly isLink?: boolean;
  /** The gateway reads it; the others concern the portal or history, and are only written and read back. */
  readonly live: boolean;
}

const entry = (
  path: string,
  directory: string,
  information: string | null,
  more: Partial<ArtifactLayout> = {},
): ArtifactLayout => ({
  path,
  directory,
  information,
  live: true,
  ...more,
});
const link = { isLink: true } as const;
const still = { live: false } as const;

/** Parents before children, what is referred to before what refers to it: the order in which they are published. */
export const artifactLayouts: readonly ArtifactLayout[] = [
  entry('namedValues', 'namedValues/{0}', 'namedValueInformation.json'),
  entry('tags', 'tags/{0}', 'tagInformation.json'),
  entry('gateways', 'gateways/{0}', 'gatewayInformation.json', still),
  entry('apiVersionSets', 'versionSets/{0}', 'versionSetInformation.json'),
  entry('certificates', 'certificates/{0}', 'certificateInformation.json'),
  entry('backends', 'backends/{0}', 'backendInformation.json'),
  entry('loggers', 'loggers/{0}', 'loggerInformation.json'),
  entry('groups', 'groups/{0}', 'groupInformation.json'),
  entry('users', 'users/{0}', 'userInformation.json'),
  entry('diagnostics', 'diagnostics/{0}', 'diagnosticInformation.json'),
  entry('schemas', 'schemas/{0}', 'schemaInformation.json'),
  entry('policyFragments', 'policyFragments/{0}', 'policyFragmentInformation.json', { policy: true }),
  entry('policies', '', null, { policy: true }),
  entry('policyRestrictions', 'policyRestrictions/{0}', 'policyRestrictionInformation.json', still),
  entry('documentations', 'documentations/{0}', 'documentationInformation.json', still),
  entry('products', 'products/{0}', 'productInformation.json'),
  entry('products/policies', 'products/{0}', null, { policy: true }),
  entry('products/groups', 'products/{0}/groups/{1}', 'productGroupInformation.json', link),
  entry('products/tags', 'products/{0}/tags/{1}', 'productTagInformation.json', link),
  entry('apis', 'apis/{0}', 'apiInformation.json'),
  entry('apis/policies', 'apis/{0}', null, { policy: true }),
  entry('apis/schemas', 'apis/{0}/schemas/{1}', 'schemaInformation.json'),
  entry('apis/operations', 'apis/{0}/operations/{1}', 'operationInformation.json'),
  entry('apis/operations/policies', 'apis/{0}/operations/{1}', null, { policy: true }),
  entry('apis/resolvers', 'apis/{0}/resolvers/{1}', 'resolverInformation.json', still),
  entry('apis/diagnostics', 'apis/{0}/diagnostics/{1}', 'diagnosticInformation.json'),
  entry('apis/tags', 'apis/{0}/tags/{1}', 'apiTagInformation.json', link),
  entry('apis/releases', 'apis/{0}/releases/{1}', 'releaseInformation.json', still),
  entry('apis/tagDescriptions', 'apis/{0}/tagDescriptions/{1}', 'tagDescriptionInformation.json', still),
  entry('products/apis', 'products/{0}/apis/{1}', 'productApiInformation.json', link),
  entry('gateways/apis', 'gateways/{0}/apis/{1}', 'gatewayApiInformation.json', { ...link, live: false }),
  entry('subscriptions', 'subscriptions/{0}', 'subscriptionInformation.json'),
];

const byType = new Map(artifactLayouts.map((one) => [`${serviceType}/${one.path}`.toLowerCase(), one]));

/** The layout of a resource type, or undefined for one that is no artifact. */
export function artifactLayoutOf(type: string): ArtifactLayout | undefined {
  return byType.get(type.toLowerCase());
}

/** Names of a resource below its service, outermost first. */
export function namesBelow(serviceId: string, id: string): readonly string[] {
  return id
    .slice(serviceId.length + 1)
    .split('/')
    .filter((_, index) => index % 2 === 1);
}

export function directoryOf(layout: ArtifactLayout, names: readonly string[]): string {
  return layout.directory.replace(/\{(\d)\}/g, (_, index: string) => names[Number(index)] ?? '');
}
