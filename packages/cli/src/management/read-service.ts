import { type Artifact, artifactLayouts } from '@lazuli/management';
import { isJsonObject, type JsonObject } from './arm-client.ts';
import { apiVersion, type Connection } from './connection.ts';

/** Collections that a folder does not hold: releases are history. */
const passedOver = new Set(['apis/releases']);

/** Collections below others, by the type they lie in, from the layout of folders; members of groups are in users' files. */
const childrenOf = new Map<string, string[]>();
for (const type of [...artifactLayouts.map(({ path }) => path), 'groups/users']) {
  const parent = type.split('/').slice(0, -1).join('/');
  if (!passedOver.has(type)) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), type]);
}

/** Reads what folders describe from a service. `only`: resources of the service by their paths (`apis/orders`), all of them without it. */
export async function readService(connection: Connection, only: readonly string[]): Promise<readonly Artifact[]> {
  const found: Artifact[] = [];
  const tops = childrenOf.get('') ?? [];
  await Promise.all(
    tops.map(async (type) => {
      const wanted = only.filter((path) => path.toLowerCase().startsWith(`${type.toLowerCase()}/`));
      if (only.length > 0 && wanted.length === 0) return;
      const names = new Set(wanted.map((path) => (path.split('/')[1] ?? '').toLowerCase()));
      await readCollection(connection, '', type, found, (name) => only.length === 0 || names.has(baseOf(name)));
    }),
  );
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readCollection(
  connection: Connection,
  parent: string,
  type: string,
  found: Artifact[],
  isWanted: (name: string) => boolean = () => true,
): Promise<void> {
  const { client, serviceId } = connection;
  const collection = type.slice(type.lastIndexOf('/') + 1);
  const at = `${serviceId}${encoded(parent)}/${collection}`;
  const isPolicy = collection === 'policies' || collection === 'policyFragments';
  const query = `api-version=${apiVersion}${isPolicy ? '&format=rawxml' : ''}`;
  const listed = (await client.list(`${at}?${query}`)).filter(({ name }) => isWanted(String(name)));
  const all = type === 'apis' ? [...listed, ...(await otherRevisions(connection, listed))] : listed;
  await Promise.all(
    all.map(async (document) => {
      const path = `${parent}/${collection}/${String(document.name)}`;
      found.push({ path: path.slice(1), type, properties: propertiesOf(document) });
      await Promise.all((childrenOf.get(type) ?? []).map((child) => readCollection(connection, path, child, found)));
    }),
  );
}

/** Lists of APIs hold only the current revision of each. */
async function otherRevisions({ client, serviceId }: Connection, apis: readonly JsonObject[]): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for (const { name } of apis) {
    const at = `${serviceId}${encoded(`/apis/${String(name)}`)}`;
    for (const { apiRevision, isCurrent } of await client.list(`${at}/revisions?api-version=${apiVersion}`))
      if (isCurrent !== true)
        found.push(
          await client.send(
            'GET',
            `${at}${encodeURIComponent(`;rev=${String(apiRevision)}`)}?api-version=${apiVersion}`,
          ),
        );
  }
  return found;
}

function propertiesOf({ properties }: JsonObject): Artifact['properties'] {
  return isJsonObject(properties) ? (properties as Artifact['properties']) : {};
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function baseOf(name: string): string {
  return (name.split(';')[0] ?? '').toLowerCase();
}
