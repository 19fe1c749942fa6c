/** Policy documents of API Management: read, validated, compiled to a pipeline of steps, and the policies themselves. */

export { entryFromBytes, entryToBytes } from './cache/entry-bytes.ts';
export { MemoryCache } from './cache/memory-cache.ts';
export { RedisCache } from './cache/redis-cache.ts';
export { cacheStatusOf } from './cache/response-cache.ts';
export { type CompileDocumentOptions, type CompileResult, compileDocument } from './compile/compile-document.ts';
export type { CompiledDocument } from './compile/compiled-document.ts';
export type { CompileEnvironment } from './compile/environment.ts';
export { type DurableCounterOptions, DurableCounters } from './counters/durable-counters.ts';
export { MemoryCounters } from './counters/memory-counters.ts';
export { type RedisCounterOptions, RedisCounters } from './counters/redis-counters.ts';
export { convertPolicyText } from './document/convert-format.ts';
export { type DocumentErrorCode, documentErrors, type RuntimeError, runtimeErrors } from './errors.ts';
export { createExchange, type ExchangeInit } from './exchange/create-exchange.ts';
export type * from './exchange.ts';
export { BackendUrl, type BaseUrl, parseBaseUrl } from './http/backend-url.ts';
export { type BodySink, type BodySource, BodyTooLarge, MessageBody } from './http/body.ts';
export { type CancelListener, type Cancellation, CancelSource, cancellationOf } from './http/cancellation.ts';
export { HeaderList } from './http/header-list.ts';
export { sameName } from './http/same-name.ts';
export { type QuotaKind, type QuotaWindow, quotaWindow } from './limits/quota-window.ts';
export { type QuotaByKey, quotaByKeyCounter, quotasByKeyIn } from './limits/quotas-by-key.ts';
export {
  type MetricMinute,
  MetricSeries,
  type MetricSeriesLimits,
  type MetricSeriesState,
} from './metrics/metric-series.ts';
export { prometheusContentType, prometheusText } from './metrics/prometheus-text.ts';
export { assemblePipeline, defaultGlobalText, type Pipeline } from './pipeline/assemble.ts';
export { closeExchange, type RunOptions, runPipeline } from './pipeline/run.ts';
export {
  type CompiledStep,
  type Flow,
  type Scope,
  type Section,
  type Step,
  type StepInfo,
  sections,
} from './pipeline/step.ts';
export { crossDomainPath } from './policies/cross-domain.ts';
export { policies } from './policies/index.ts';
export { type ErrorAnswer, PolicyError } from './policy-error.ts';
export type * from './ports/ports.ts';
export { type ArmErrorEnvelope, type PolicyProblem, toDiagnostic, toErrorEnvelope } from './problems/problem.ts';
export { connectRedis, type RedisConnection, type RedisOptions, RedisUnavailableError } from './redis/connect-redis.ts';
export type * from './schema/definition.ts';
export { knownPolicies } from './schema/known-policies.ts';
