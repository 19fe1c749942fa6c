import type { ResourceType, ScopeKind } from '../contract.ts';
import { refusedResourceType } from '../refused/refused-type.ts';
import { serviceType } from './api-management-type.ts';

export interface RefusedType {
  /** Below the service; or a full type. */
  readonly path: string;
  /** What the error names. */
  readonly feature: string;
  readonly actions?: readonly string[];
  readonly scopes?: readonly ScopeKind[];
}

/** A type that Azure has and Lazuli has not: every request is answered with an error that names the feature. */
export function refusedType({ path, ...refused }: RefusedType): ResourceType {
  return refusedResourceType({
    ...refused,
    type: path.startsWith('Microsoft.') ? path : `${serviceType}/${path}`,
  });
}
