import type { PolicyDefinition } from '../schema/definition.ts';
import { cacheLookup } from './cache-lookup.ts';
import { cacheStore } from './cache-store.ts';
import { checkHeader } from './check-header.ts';
import { choose } from './choose.ts';
import { cors } from './cors.ts';
import { forwardRequest } from './forward-request.ts';
import { ipFilter } from './ip-filter.ts';
import { mockResponse } from './mock-response.ts';
import { rateLimit } from './rate-limit.ts';
import { rateLimitByKey } from './rate-limit-by-key.ts';
import { returnResponse } from './return-response.ts';
import { rewriteUri } from './rewrite-uri.ts';
import { setBackendService } from './set-backend-service.ts';
import { setBody } from './set-body.ts';
import { setHeader } from './set-header.ts';
import { setMethod } from './set-method.ts';
import { setQueryParameter } from './set-query-parameter.ts';
import { setStatus } from './set-status.ts';
import { setVariable } from './set-variable.ts';
import { validateJwt } from './validate-jwt.ts';

/** Every policy that is built, in the order of Azure's reference. Adding one: its file, and its line here. */
export const policies: readonly PolicyDefinition[] = [
  // Rate limiting and quotas
  rateLimit,
  rateLimitByKey,
  // Authentication and authorization
  checkHeader,
  ipFilter,
  validateJwt,
  // Routing
  forwardRequest,
  setBackendService,
  // Caching
  cacheLookup,
  cacheStore,
  // Transformation
  setHeader,
  setBody,
  setMethod,
  setQueryParameter,
  setStatus,
  setVariable,
  rewriteUri,
  returnResponse,
  mockResponse,
  // Cross-domain
  cors,
  // Policy control and flow
  choose,
];
