import type { Api, Diagnostic, Operation, ServiceModel, VersionSet } from '@lazuli/resources';
import type { ApiPath, ApiRoutes, Revisions, VersionSelector } from './api-versions.ts';
import { CaseFoldedTable, foldCase } from './case-folded-table.ts';
import { compileOperations } from './operation-trie.ts';
import { Router } from './router.ts';

export interface CompiledRouter {
  readonly router: Router;
  /** Paths that two APIs claim, templates that cannot be read, versions without a set. What has a problem is left out. */
  readonly problems: readonly Diagnostic[];
}

/** Builds the router of a service. Operations are compiled once per `Api` object, however many models hold it. */
export function compileRouter(model: Pick<ServiceModel, 'apis' | 'versionSets'>): CompiledRouter {
  const problems: Diagnostic[] = [];
  const sets = new Map(model.versionSets.map((set) => [set.name, set]));
  const paths = new Map<string, ApiPath>();
  for (const revisions of groupByName(model.apis)) {
    const [api] = revisions;
    if (!api) continue;
    const problem = place(paths, api, sets, toRevisions(revisions));
    if (problem !== null) problems.push(diagnostic(api, 'RouteConflict', problem));
    for (const one of revisions) {
      for (const { message } of routesOf(one).operations.problems)
        problems.push(diagnostic(one, 'InvalidUrlTemplate', message));
    }
  }
  const depth = Math.max(0, ...[...paths.values()].map((path) => path.segments));
  return { router: new Router(new CaseFoldedTable(paths), depth), problems };
}

/** The revisions of each API; the current one first, whose path and version count for all. */
function groupByName(apis: readonly Api[]): Iterable<readonly Api[]> {
  const groups = new Map<string, Api[]>();
  for (const api of apis) {
    const group = groups.get(api.name);
    if (group === undefined) groups.set(api.name, [api]);
    else if (api.isCurrent) group.unshift(api);
    else group.push(api);
  }
  return groups.values();
}

function toRevisions(apis: readonly Api[]): Revisions {
  const online = apis.filter((api) => api.isOnline);
  const current = online.find((api) => api.isCurrent);
  return {
    current: current ? routesOf(current) : null,
    byNumber: new Map(online.map((api) => [api.revision, routesOf(api)])),
  };
}

/** Puts an API at its path; says what is wrong when the place is taken. */
function place(
  paths: Map<string, ApiPath>,
  api: Api,
  sets: ReadonlyMap<string, VersionSet>,
  revisions: Revisions,
): string | null {
  const own = pathOf(api.path);
  if (api.apiVersion === '') return placeUnversioned(at(paths, own), api, revisions);
  const set = api.apiVersionSet === null ? undefined : sets.get(api.apiVersionSet);
  if (!set) return `API '${api.name}' has the version '${api.apiVersion}' but no version set that exists.`;
  if (set.versioningScheme === 'Segment') {
    // Also claims the bare path: a wrong version is 404, not a request to an API with a shorter path.
    at(paths, own);
    return placeUnversioned(at(paths, pathOf(`${own}/${api.apiVersion}`)), api, revisions);
  }
  const by = set.versioningScheme === 'Header' ? 'header' : 'query';
  const parameter = by === 'header' ? set.versionHeaderName : set.versionQueryName;
  if (!parameter) return `Version set '${set.name}' does not name the ${by} parameter that carries the version.`;
  const { versions } = selectorOf(at(paths, own), set, by, parameter);
  const version = foldCase(api.apiVersion);
  if (versions.has(version))
    return `Version '${api.apiVersion}' of the path '/${own}' is API '${api.name}' and another API before it.`;
  versions.set(version, revisions);
  return null;
}

function placeUnversioned(path: ApiPath, api: Api, revisions: Revisions): string | null {
  const taken = path.unversioned;
  if (taken) {
    const other = (taken.current ?? [...taken.byNumber.values()][0])?.api.name ?? 'another API that is offline';
    return `The path of API '${api.name}' ('/${pathOf(api.path)}', version '${api.apiVersion}') is taken by '${other}'.`;
  }
  path.unversioned = revisions;
  return null;
}

function at(paths: Map<string, ApiPath>, path: string): ApiPath {
  const key = foldCase(path);
  let entry = paths.get(key);
  if (!entry) {
    entry = { segments: path === '' ? 0 : path.split('/').length, unversioned: null, selectors: [] };
    paths.set(key, entry);
  }
  return entry;
}

function selectorOf(path: ApiPath, set: VersionSet, by: 'header' | 'query', parameter: string): VersionSelector {
  let selector = path.selectors.find((one) => one.set.name === set.name);
  if (!selector) {
    selector = { set, by, parameter, versions: new Map() };
    path.selectors.push(selector);
  }
  return selector;
}

function pathOf(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

const compiled = new WeakMap<Api, ApiRoutes>();

function routesOf(api: Api): ApiRoutes {
  let routes = compiled.get(api);
  if (!routes) {
    routes = { api, operations: compileOperations(operationsOf(api)) };
    compiled.set(api, routes);
  }
  return routes;
}

/** WebSocket and GraphQL APIs have one operation of the service's own, which no file describes. */
function operationsOf(api: Api): readonly Operation[] {
  if (api.operations.length > 0) return api.operations;
  if (api.type === 'websocket') return [builtIn('onHandshake', 'GET', '/*')];
  if (api.type === 'graphql') return [builtIn('graphql', '*', '/')];
  return [];
}

function builtIn(name: string, method: string, urlTemplate: string): Operation {
  return {
    name,
    displayName: name,
    description: null,
    method,
    urlTemplate,
    templateParameters: [],
    request: { queryParameters: [], headers: [], representations: [] },
    responses: [],
    policy: null,
  };
}

function diagnostic(api: Api, code: string, message: string): Diagnostic {
  const name = api.isCurrent ? api.name : `${api.name};rev=${api.revision}`;
  return { code, severity: 'error', file: `apis/${name}`, line: 0, column: 0, message };
}
