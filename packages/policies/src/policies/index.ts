import type { PolicyDefinition } from '../schema/definition.ts';
import { authenticationBasic } from './authentication-basic.ts';
import { authenticationCertificate } from './authentication-certificate.ts';
import { authenticationManagedIdentity } from './authentication-managed-identity.ts';
import { azureOpenaiEmitTokenMetric } from './azure-openai-emit-token-metric.ts';
import { azureOpenaiSemanticCacheLookup } from './azure-openai-semantic-cache-lookup.ts';
import { azureOpenaiSemanticCacheStore } from './azure-openai-semantic-cache-store.ts';
import { azureOpenaiTokenLimit } from './azure-openai-token-limit.ts';
import { cacheLookup } from './cache-lookup.ts';
import { cacheLookupValue } from './cache-lookup-value.ts';
import { cacheRemoveValue } from './cache-remove-value.ts';
import { cacheStore } from './cache-store.ts';
import { cacheStoreValue } from './cache-store-value.ts';
import { checkHeader } from './check-header.ts';
import { choose } from './choose.ts';
import { cors } from './cors.ts';
import { crossDomain } from './cross-domain.ts';
import { emitMetric } from './emit-metric.ts';
import { findAndReplace } from './find-and-replace.ts';
import { forwardRequest } from './forward-request.ts';
import { invokeDaprBinding } from './invoke-dapr-binding.ts';
import { ipFilter } from './ip-filter.ts';
import { jsonToXml } from './json-to-xml.ts';
import { jsonp } from './jsonp.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { llmContentSafety } from './llm-content-safety.ts';
import { llmEmitTokenMetric } from './llm-emit-token-metric.ts';
import { llmSemanticCacheLookup } from './llm-semantic-cache-lookup.ts';
import { llmSemanticCacheStore } from './llm-semantic-cache-store.ts';
import { llmTokenLimit } from './llm-token-limit.ts';
import { logToEventhub } from './log-to-eventhub.ts';
import { mockResponse } from './mock-response.ts';
import { proxy } from './proxy.ts';
import { publishToDapr } from './publish-to-dapr.ts';
import { quota } from './quota.ts';
import { quotaByKey } from './quota-by-key.ts';
import { rateLimit } from './rate-limit.ts';
import { rateLimitByKey } from './rate-limit-by-key.ts';
import { redirectContentUrls } from './redirect-content-urls.ts';
import { retry } from './retry.ts';
import { returnResponse } from './return-response.ts';
import { rewriteUri } from './rewrite-uri.ts';
import { sendOneWayRequest } from './send-one-way-request.ts';
import { sendRequest } from './send-request.ts';
import { sendServiceBusMessage } from './send-service-bus-message.ts';
import { setBackendService } from './set-backend-service.ts';
import { setBody } from './set-body.ts';
import { setHeader } from './set-header.ts';
import { setMethod } from './set-method.ts';
import { setQueryParameter } from './set-query-parameter.ts';
import { setStatus } from './set-status.ts';
import { setVariable } from './set-variable.ts';
import { trace } from './trace.ts';
import { validateAzureAdToken } from './validate-azure-ad-token.ts';
import { validateClientCertificate } from './validate-client-certificate.ts';
import { validateContent } from './validate-content.ts';
import { validateHeaders } from './validate-headers.ts';
import { validateJwt } from './validate-jwt.ts';
import { validateParameters } from './validate-parameters.ts';
import { validateStatusCode } from './validate-status-code.ts';
import { wait } from './wait.ts';
import { xmlToJson } from './xml-to-json.ts';

/** Every policy that is built, in the order of Azure's reference. Adding one: its file, and its line here. */
export const policies: readonly PolicyDefinition[] = [
  // Rate limiting and quotas
  rateLimit,
  rateLimitByKey,
  quota,
  quotaByKey,
  limitConcurrency,
  llmTokenLimit,
  azureOpenaiTokenLimit,
  // Authentication and authorization
  checkHeader,
  ipFilter,
  validateAzureAdToken,
  validateJwt,
  validateClientCertificate,
  authenticationBasic,
  authenticationCertificate,
  authenticationManagedIdentity,
  // Content validation
  validateContent,
  validateParameters,
  validateHeaders,
  validateStatusCode,
  llmContentSafety,
  // Routing
  forwardRequest,
  setBackendService,
  proxy,
  // Caching
  cacheLookup,
  cacheStore,
  cacheLookupValue,
  cacheStoreValue,
  cacheRemoveValue,
  llmSemanticCacheLookup,
  llmSemanticCacheStore,
  azureOpenaiSemanticCacheLookup,
  azureOpenaiSemanticCacheStore,
  // Transformation
  setHeader,
  setBody,
  setMethod,
  setQueryParameter,
  setStatus,
  setVariable,
  rewriteUri,
  findAndReplace,
  redirectContentUrls,
  jsonToXml,
  xmlToJson,
  returnResponse,
  mockResponse,
  // Cross-domain
  cors,
  crossDomain,
  jsonp,
  // Integration and external communication
  sendRequest,
  sendOneWayRequest,
  logToEventhub,
  publishToDapr,
  invokeDaprBinding,
  sendServiceBusMessage,
  // Logging
  trace,
  emitMetric,
  llmEmitTokenMetric,
  azureOpenaiEmitTokenMetric,
  // Policy control and flow
  choose,
  retry,
  wait,
];
