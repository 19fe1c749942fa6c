import type { ResponseOutcome } from '@lazuli/http';
import { cacheStatusOf, type Exchange, type ExchangeResponse } from '@lazuli/policies';
import { lastCallOf } from '../backends/backend-call.ts';

/**
 * What is known of a finished request, under the names of Azure's GatewayLogs table where it has them (page
 * "gateway-log-schema-reference"). Holds no header, key or body. Times are milliseconds.
 */
export interface AccessRecord {
  readonly correlationId: string;
  readonly traceId: string;
  readonly isRequestSuccess: boolean;
  readonly totalTime: number;
  readonly callerIpAddress: string;
  readonly method: string;
  /** Path without the query, which may hold keys. */
  readonly url: string;
  readonly clientProtocol: string;
  /** 0: the client went away before an answer. */
  readonly responseCode: number;
  readonly responseSize: number;
  readonly cache: 'hit' | 'miss' | 'none';
  readonly apiId: string | null;
  readonly apiRevision: string | null;
  readonly operationId: string | null;
  readonly productId: string | null;
  readonly userId: string | null;
  readonly apimSubscriptionId: string | null;
  readonly backendId: string | null;
  readonly backendUrl: string | null;
  readonly backendResponseCode: number | null;
  readonly backendTime: number | null;
  readonly lastErrorSource: string | null;
  readonly lastErrorSection: string | null;
  readonly lastErrorReason: string | null;
  readonly lastErrorMessage: string | null;
  readonly lastErrorScope: string | null;
}

/** What the exchange itself does not know. */
export interface RequestFacts {
  readonly traceId: string;
  /** Without the query. */
  readonly path: string;
  readonly response: ExchangeResponse | null;
  /** Null when nothing was sent. */
  readonly outcome: ResponseOutcome | null;
  readonly milliseconds: number;
  readonly hasApi: boolean;
  readonly hasOperation: boolean;
}

export function accessRecordOf(exchange: Exchange, facts: RequestFacts): AccessRecord {
  const { match, request, lastError } = exchange;
  const call = lastCallOf(exchange);
  const status = facts.response?.status ?? 0;
  return {
    correlationId: exchange.id,
    traceId: facts.traceId,
    isRequestSuccess: status > 0 && status < 400 && facts.outcome?.complete === true,
    totalTime: Math.round(facts.milliseconds * 1000) / 1000,
    callerIpAddress: request.ipAddress,
    method: request.method,
    url: facts.path,
    clientProtocol: `HTTP/${request.httpVersion}`,
    responseCode: status,
    responseSize: facts.outcome?.bytesSent ?? 0,
    cache: cacheStatusOf(exchange),
    apiId: facts.hasApi ? match.api.name : null,
    apiRevision: facts.hasApi ? match.api.revision : null,
    operationId: facts.hasOperation ? match.operation.name : null,
    productId: match.product?.name ?? null,
    userId: match.user?.name ?? null,
    apimSubscriptionId: match.subscription?.name ?? null,
    backendId: exchange.backendId,
    backendUrl: call?.url ?? null,
    backendResponseCode: call?.status ?? null,
    backendTime: call?.milliseconds ?? null,
    lastErrorSource: lastError?.source ?? null,
    lastErrorSection: lastError?.section ?? null,
    lastErrorReason: lastError?.reason ?? null,
    lastErrorMessage: lastError?.message ?? null,
    lastErrorScope: lastError?.scope ?? null,
  };
}
