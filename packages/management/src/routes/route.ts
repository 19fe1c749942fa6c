import type { Assignment } from '../authorization/authorizer.ts';
import type { ArmResponse } from '../contract.ts';
import { matchSegments } from '../registry/target.ts';
import type { Call, Method, Services } from '../services.ts';

/** A path that is no resource of a provider: `/subscriptions/{subscriptionId}/resources`. */
export interface Route {
  readonly methods: readonly Method[];
  /** Segments in braces match anything and become parameters. */
  readonly path: string;
  /** Those that are served; `any`: whatever has the form of a version; `none`: it is not asked for. */
  readonly apiVersions: readonly string[] | 'any' | 'none';
  /** Permission over the subscription (or the group) in the path; absent: the route decides what the caller sees. */
  readonly permission?: string;
  run(context: RouteContext): Promise<ArmResponse>;
}

export interface RouteContext {
  readonly services: Services;
  readonly call: Call;
  readonly apiVersion: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly allowedBy?: Assignment;
}

export interface RouteMatch {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The routes of a path, whatever the method. */
export function matchRoutes(routes: readonly Route[], segments: readonly string[]): RouteMatch[] {
  const found: RouteMatch[] = [];
  for (const route of routes) {
    const parameters = matchSegments(route.path.split('/').slice(1), segments);
    if (parameters !== undefined) found.push({ route, parameters });
  }
  return found;
}
