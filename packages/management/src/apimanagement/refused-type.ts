import type { ResourceHandler, ResourceType, ScopeKind } from '../contract.ts';
import { armError } from '../errors.ts';
import { serviceType } from './api-management-type.ts';
import { longIdentifier } from './names.ts';
import { refusedAction } from './refused.ts';

export interface RefusedType {
  /** Below the service; or a full type. */
  readonly path: string;
  /** What the error names. */
  readonly feature: string;
  readonly actions?: readonly string[];
  readonly scopes?: readonly ScopeKind[];
}

/** A type that Azure has and Lazuli has not: every request is answered with an error that names the feature. */
export function refusedType({ path, feature, actions = [], scopes }: RefusedType): ResourceType {
  const refuse: ResourceHandler = async () => {
    throw armError('UnsupportedFeature', { feature });
  };
  return {
    type: path.startsWith('Microsoft.') ? path : `${serviceType}/${path}`,
    isRefused: true,
    name: longIdentifier,
    parent: 'none',
    ...(scopes ? { scopes, listBySubscription: true } : {}),
    put: {},
    patch: {},
    delete: {},
    handlers: { GET: refuse, HEAD: refuse, LIST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse },
    actions: actions.map((name) => refusedAction(name, feature)),
  };
}
