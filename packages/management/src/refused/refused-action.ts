import type { ResourceAction } from '../contract.ts';
import { armError } from '../errors.ts';

/** An action that Azure has and Lazuli has not: the answer names it. */
export function refusedAction(
  name: string,
  feature: string,
  on: 'resource' | 'collection' = 'resource',
): ResourceAction {
  return {
    name,
    on,
    needsResource: false,
    run() {
      throw armError('UnsupportedFeature', { feature });
    },
  };
}
