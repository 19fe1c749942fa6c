import type { JsonObject, JsonValue } from '@lazuli/store';
import { isJsonObject } from '../../json/json.ts';
import { builtInGroups, isBuiltIn } from './built-in-artifacts.ts';
import { withoutComputed } from './computed-properties.ts';
import { artifactLayouts, directoryOf } from './layout.ts';
import { type Artifact, graphqlSchema } from './read-artifacts.ts';
import { withShortIds } from './short-ids.ts';
import { writeSpecification } from './write-specification.ts';

/** A file of a folder of artifacts; what is no text is written as JSON. */
export interface WrittenFile {
  readonly path: string;
  readonly content: string | JsonValue;
}

/** Lists of links, in one file each. */
const listed: Readonly<Record<string, string>> = {
  'products/apis': 'apis.json',
  'products/groups': 'groups.json',
  'products/tags': 'tags.json',
  'gateways/apis': 'apis.json',
};

/**
 * The folder that describes the resources of a service, in the layout of Azure/apiops-cli. What every service has is left out, as
 * are secrets. An API whose operations an OpenAPI document can describe gets one, the others a file for each operation.
 */
export async function writeArtifacts(given: readonly Artifact[]): Promise<readonly WrittenFile[]> {
  const artifacts = given
    .filter(({ path }) => !isBuiltIn(path) || path.startsWith('products/'))
    .map(({ properties, ...rest }) => ({
      ...rest,
      properties: withShortIds(withoutComputed(properties) as JsonValue) as JsonObject,
    }));
  const groupsOf = memberships(artifacts);
  const specified = await specifications(artifacts);
  const files = [...linkLists(artifacts), ...specified.files];
  for (const artifact of artifacts) {
    if (specified.covered.has(artifact)) continue;
    const groups = groupsOf.get(nameOf(artifact));
    const isUser = artifact.type === 'users' && groups !== undefined;
    files.push(...filesOf(isUser ? { ...artifact, properties: { ...artifact.properties, groups } } : artifact));
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function filesOf({ path, type, properties }: Artifact): WrittenFile[] {
  const layout = artifactLayouts.find((one) => one.path === type);
  if (!layout || type in listed || type === 'groups/users') return [];
  const directory = directoryOf(layout, namesOf(path));
  const inside = (file: string) => (directory === '' ? file : `${directory}/${file}`);
  const files: WrittenFile[] = [];
  const { value, format: _, ...rest } = properties;
  if (type === 'apis/tags') {
    const { displayName } = properties;
    return [{ path: inside('tagInformation.json'), content: { properties: displayName ? { displayName } : {} } }];
  }
  if (layout.information !== null)
    files.push({
      path: inside(layout.information),
      content: { properties: sorted(layout.policy ? rest : properties) },
    });
  if (layout.policy && typeof value === 'string') files.push({ path: inside('policy.xml'), content: value });
  return files;
}

async function specifications(artifacts: readonly Artifact[]) {
  const files: WrittenFile[] = [];
  const covered = new Set<Artifact>();
  for (const api of artifacts.filter(({ type }) => type === 'apis')) {
    const contents = artifacts.filter(
      ({ path, type }) => path.startsWith(`${api.path}/`) && (type === 'apis/operations' || type === 'apis/schemas'),
    );
    const [schema] = contents;
    const graphql = contents.length === 1 ? graphqlOf(schema) : undefined;
    const specification = graphql ?? (await writeSpecification(api, contents));
    if (specification === undefined) continue;
    for (const one of contents) covered.add(one);
    const extension = graphql === undefined ? 'json' : 'graphql';
    files.push({ path: `${api.path}/specification.${extension}`, content: specification as JsonValue });
  }
  return { files, covered };
}

/** The schema of a GraphQL API, where it stands under the name that Azure gives it. */
function graphqlOf(schema: Artifact | undefined): string | undefined {
  const { contentType, document } = schema?.properties ?? {};
  if (!schema?.path.endsWith('/schemas/graphql') || contentType !== graphqlSchema || !isJsonObject(document))
    return undefined;
  return typeof document.value === 'string' ? document.value : undefined;
}

function linkLists(artifacts: readonly Artifact[]): WrittenFile[] {
  const lists = new Map<string, { name: string }[]>();
  for (const { path, type } of artifacts) {
    const file = listed[type];
    const [collection, owner, , name] = path.split('/');
    if (file === undefined || name === undefined || (type === 'products/groups' && name === 'administrators')) continue;
    const at = `${collection}/${owner}/${file}`;
    lists.set(at, [...(lists.get(at) ?? []), { name }]);
  }
  return [...lists].map(([path, names]) => ({ path, content: names.sort((a, b) => (a.name < b.name ? -1 : 1)) }));
}

/** Groups by user, without those that the service looks after itself. */
function memberships(artifacts: readonly Artifact[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path, type } of artifacts) {
    const [, group = '', , user = ''] = path.split('/');
    if (type !== 'groups/users' || builtInGroups.includes(group.toLowerCase())) continue;
    found.set(user, [...(found.get(user) ?? []), group].sort());
  }
  return found;
}

function namesOf(path: string): readonly string[] {
  return path.split('/').filter((_, index) => index % 2 === 1);
}

function nameOf({ path }: Artifact): string {
  return path.split('/').at(-1) ?? '';
}

/** Members in the order of their names, so that a folder in Git changes only where the service did. */
function sorted(properties: JsonObject): JsonValue {
  return Object.fromEntries(
    Object.entries(properties)
      .filter((member): member is [string, JsonValue] => member[1] !== undefined && member[1] !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
