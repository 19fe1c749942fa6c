import type { ResourceHandler, ResourceType } from '../contract.ts';
import { armError } from '../errors.ts';
import { serviceType } from './api-management-type.ts';
import { longIdentifier } from './names.ts';

/** A type that Azure has and Lazuli has not: every request is answered with an error that names the feature. */
export function refusedType(path: string, feature: string): ResourceType {
  const refuse: ResourceHandler = async () => {
    throw armError('UnsupportedFeature', { feature });
  };
  return {
    type: `${serviceType}/${path}`,
    name: longIdentifier,
    parent: 'none',
    put: {},
    patch: {},
    delete: {},
    handlers: { GET: refuse, HEAD: refuse, LIST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse },
  };
}
