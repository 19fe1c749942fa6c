import { type Artifact, isBuiltIn, type ReadArtifacts, readArtifacts } from '@lazuli/management';
import { type Diagnostic, folderFromDisk, readServiceFolder, secretsFromDisk } from '@lazuli/resources';
import { checkFolder } from '@lazuli/server';
import { isJsonObject, type JsonObject } from './arm-client.ts';
import { apiVersion, type Connection } from './connection.ts';

export interface ChangeRequest {
  readonly method: 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: JsonObject;
}

/** One resource and what becomes of it. */
export interface Change {
  /** Below the service; empty for the service itself. */
  readonly path: string;
  readonly changeType: 'Create' | 'Modify' | 'Delete' | 'NoChange';
  readonly delta: readonly Difference[];
}

export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Neither value is known. */
  readonly isSecret: boolean;
}

export interface Plan {
  readonly requests: readonly ChangeRequest[];
  readonly changes: readonly Change[];
  /** Resources of the service that the folder does not have, by path. */
  readonly onlyThere: readonly string[];
}

export interface FolderOptions {
  readonly secretsFile: string | undefined;
  readonly allowUnsupported: boolean;
}

/** What the service itself can say better: it may hold these values already, or knows what the gateway does not read. */
const leftToService = new Set([
  'MissingSecret',
  'MissingSubscriptionKeys',
  'UnsupportedResource',
  'UnsupportedSpecification',
]);

/** Reads a folder; errors in it are among the diagnostics, and then nothing may be published. */
export async function readFolder(
  folder: string,
  { secretsFile, allowUnsupported }: FolderOptions,
): Promise<ReadArtifacts & { readonly diagnostics: readonly Diagnostic[] }> {
  const source = folderFromDisk(folder);
  const { model, diagnostics: found } = await readServiceFolder(source, {
    environment: process.env,
    ...(secretsFile === undefined ? {} : { secrets: secretsFromDisk(secretsFile) }),
  });
  // Policies cannot be compiled here while values are missing: the service does it then.
  const isComplete = !found.some(({ code }) => code === 'MissingSecret');
  const all = isComplete ? await checkFolder(folder, { secretsFile: secretsFile ?? null, allowUnsupported }) : found;
  // Operations of these are known when the service has imported them.
  const imported = all.filter(({ code }) => code === 'UnsupportedSpecification').map(({ file }) => apiFolderOf(file));
  const isLeft = ({ code, file }: Diagnostic) =>
    leftToService.has(code) || (code === 'UnknownOperation' && imported.includes(apiFolderOf(file)));
  const diagnostics = all.filter((diagnostic) => !isLeft(diagnostic));
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  const read = hasErrors ? { artifacts: [], imported: [], named: [] } : await readArtifacts(source, model);
  return { ...read, diagnostics };
}

/** `apis/orders` of a file in it. */
function apiFolderOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

/** Asks the service what a folder would change. `before` comes first: the service itself, where it is made. */
export async function planFolder(
  connection: Connection,
  folder: ReadArtifacts,
  { prune, before = [] }: { readonly prune: boolean; readonly before?: readonly ChangeRequest[] },
): Promise<Plan> {
  const { serviceId } = connection;
  const puts = folder.artifacts.map((artifact) => putOf(serviceId, artifact));
  const described = new Set(folder.artifacts.map(({ path }) => path.toLowerCase()));
  const isMissing = ({ path }: { readonly path: string }) =>
    !described.has(path.toLowerCase()) && isPrunable(path, folder);
  const there = (await sendChangeSet(connection, 'WhatIf', [])).unmentioned;
  const onlyThere = topmost(there.filter(isMissing).map(({ path }) => path));
  const going = prune ? onlyThere : [];
  const requests = [
    ...before,
    // Paths and URL templates may be taken over by what is written next; everything else goes when nothing refers to it.
    ...going.filter(isEarly).map((path) => deleteOf(serviceId, path)),
    ...puts,
    ...latestFirst(going.filter((path) => !isEarly(path))).map((path) => deleteOf(serviceId, path)),
  ];
  const first = await sendChangeSet(connection, 'WhatIf', requests);
  // What the requests themselves made though the folder does not have it: the contents of a revision that was copied.
  const made = topmost(first.unmentioned.filter((one) => one.isNew && isMissing(one)).map(({ path }) => path));
  if (made.length === 0) return { requests, changes: first.changes, onlyThere };
  const all = [...requests, ...latestFirst(made).map((path) => deleteOf(serviceId, path))];
  return { requests: all, changes: (await sendChangeSet(connection, 'WhatIf', all)).changes, onlyThere };
}

function isEarly(path: string): boolean {
  return /^apis\/[^/]+(\/operations\/[^/]+)?$/.test(path);
}

/** What may be referred to last. */
function latestFirst(paths: readonly string[]): readonly string[] {
  return [...paths].sort((a, b) => rankOf(b) - rankOf(a));
}

interface ChangeSetResult {
  readonly changes: readonly Change[];
  readonly unmentioned: readonly { readonly path: string; readonly isNew: boolean }[];
}

/** @throws {ArmFailure} with all problems; then nothing was changed. */
export async function sendChangeSet(
  { client, serviceId }: Connection,
  mode: 'WhatIf' | 'Apply',
  requests: readonly ChangeRequest[],
): Promise<ChangeSetResult> {
  const answer = await client.send('POST', '/providers/Lazuli.Management/changeSets?api-version=2026-11-01', {
    mode,
    scope: serviceId,
    requests,
  });
  const below = (id: unknown) => String(id).slice(serviceId.length + 1);
  const objects = (value: unknown) => (Array.isArray(value) ? value.filter(isJsonObject) : []);
  return {
    changes: objects(answer.changes).map(({ resourceId, changeType, delta }) => ({
      path: below(resourceId),
      changeType: changeTypes.find((one) => one === changeType) ?? 'Modify',
      delta: objects(delta).map(({ path, before, after, isSecret }) => ({
        path: String(path),
        before,
        after,
        isSecret: isSecret === true,
      })),
    })),
    unmentioned: objects(answer.unmentioned).map(({ id, isNew }) => ({ path: below(id), isNew: isNew === true })),
  };
}

const changeTypes = ['Create', 'Modify', 'Delete', 'NoChange'] as const;

function putOf(serviceId: string, { path, properties }: Artifact): ChangeRequest {
  return { method: 'PUT', url: urlOf(serviceId, path), body: { properties } };
}

function deleteOf(serviceId: string, path: string): ChangeRequest {
  return { method: 'DELETE', url: `${urlOf(serviceId, path)}&deleteRevisions=true` };
}

function urlOf(serviceId: string, path: string): string {
  const inner = path.split('/').map(encodeURIComponent).join('/');
  return `${serviceId}/${inner}?api-version=${apiVersion}`;
}

/** Collections that a folder describes, outermost types by what may refer to them: later ones refer to earlier ones. */
const collections = [
  'namedValues',
  'tags',
  'gateways',
  'apiVersionSets',
  'certificates',
  'backends',
  'loggers',
  'groups',
  'users',
  'schemas',
  'diagnostics',
  'policyFragments',
  'policies',
  'policyRestrictions',
  'documentations',
  'apis',
  'products',
  'subscriptions',
];
/** Below them. Releases are history, and wikis belong to the portal: neither is published. */
const inner = [
  'policies',
  'operations',
  'schemas',
  'diagnostics',
  'tags',
  'tagDescriptions',
  'resolvers',
  'apis',
  'groups',
  'users',
];

function rankOf(path: string): number {
  // Links and policies of a resource go before what they refer to.
  const depth = path.split('/').length > 2 ? collections.length : 0;
  return depth + collections.indexOf(path.split('/')[0] ?? '');
}

function isPrunable(path: string, { artifacts, imported, named }: ReadArtifacts): boolean {
  const segments = path.split('/');
  if (isBuiltIn(path) || named.includes(path.toLowerCase()) || !collections.includes(segments[0] ?? '')) return false;
  for (let at = 2; at < segments.length; at += 2) if (!inner.includes(segments[at] ?? '')) return false;
  // People sign up at the service: they are deleted only where the folder keeps the list of them.
  const people = segments[0] === 'users' || segments[2] === 'users' ? 'users' : segments[0];
  if (people === 'users' || people === 'subscriptions') return artifacts.some(({ type }) => type === people);
  return !imported.some((api) => new RegExp(`^${escapeRegExp(api)}/(operations|schemas)/[^/]+$`, 'i').test(path));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Without those that go with another one. */
function topmost(paths: readonly string[]): string[] {
  const all = new Set(paths.map((path) => path.toLowerCase()));
  return paths.filter((path) => {
    const segments = path.toLowerCase().split('/');
    for (let end = segments.length - 2; end > 0; end -= 2) if (all.has(segments.slice(0, end).join('/'))) return false;
    return true;
  });
}
