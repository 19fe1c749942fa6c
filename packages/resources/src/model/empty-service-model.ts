import type { ServiceModel } from './service.ts';

/** A service without anything in it. */
export function emptyServiceModel(): ServiceModel {
  return {
    apis: [],
    versionSets: [],
    products: [],
    subscriptions: [],
    namedValues: [],
    backends: [],
    policyFragments: [],
    tags: [],
    groups: [],
    loggers: [],
    diagnostics: [],
    certificates: [],
    users: [],
    schemas: [],
    policy: null,
  };
}
