import type { ResourceHandler, ResourceType, ScopeKind } from '../contract.ts';
import { armError } from '../errors.ts';
import { refusedAction } from './refused-action.ts';

export interface RefusedResourceType {
  /** In full. */
  readonly type: string;
  /** What the error names. */
  readonly feature: string;
  readonly actions?: readonly string[];
  /** Actions of the collection. */
  readonly collectionActions?: readonly string[];
  readonly scopes?: readonly ScopeKind[];
  /** The collection can be listed: nothing is in it. */
  readonly isEmpty?: boolean;
}

/** A type that Azure has and Lazuli has not: every request is answered with an error that names the feature. */
export function refusedResourceType(refused: RefusedResourceType): ResourceType {
  const { type, feature, actions = [], collectionActions = [], scopes, isEmpty = false } = refused;
  const refuse: ResourceHandler = async () => {
    throw armError('UnsupportedFeature', { feature });
  };
  const list: ResourceHandler = isEmpty ? async () => ({ status: 200, body: { value: [] } }) : refuse;
  return {
    type,
    isRefused: true,
    name: { pattern: /^[^*#&+:<>?/\\%]{1,256}$/, says: '1 to 256 characters other than * # & + : < > ? / \\ %' },
    parent: isEmpty ? 'required' : 'none',
    ...(scopes ? { scopes, listBySubscription: true } : {}),
    put: {},
    patch: {},
    delete: {},
    handlers: { GET: refuse, HEAD: refuse, LIST: list, PUT: refuse, PATCH: refuse, DELETE: refuse },
    actions: [
      ...actions.map((name) => refusedAction(name, feature)),
      ...collectionActions.map((name) => refusedAction(name, feature, 'collection')),
    ],
  };
}
