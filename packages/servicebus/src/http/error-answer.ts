import { randomUUID } from 'node:crypto';
import type { ServiceBusError, ServiceBusErrorCode } from '../errors.ts';
import { element } from './atom/xml-writer.ts';
import type { HttpAnswer } from './http-contract.ts';

/**
 * An error as the service writes it; clients read the status, `SubCode` and the words.
 *
 *     <Error><Code>404</Code><Detail>SubCode=40400. Not Found. The messaging entity … TrackingId:…, SystemTracker:…, Timestamp:…</Detail></Error>
 */
export function errorAnswer(error: ServiceBusError, authority: string, path: string, now: number): HttpAnswer {
  const status = error.status < 400 ? 404 : error.status;
  const words = /^SubCode=/.test(error.message)
    ? error.message
    : `SubCode=${subCode(status, error.code)}. ${phrases[status] ?? 'Error'}. ${error.message}`;
  const tracker = `${authority}${path === '' ? '' : `:${path.slice(0, 300)}`}`;
  const time = new Date(now).toISOString().slice(0, 19);
  const detail = `${words} TrackingId:${randomUUID()}_L0, SystemTracker:${tracker}, Timestamp:${time}`;
  return {
    status,
    contentType: 'application/xml; charset=utf-8',
    body: element('Error', [element('Code', status), element('Detail', detail)]),
    headers:
      status === 401
        ? [['WWW-Authenticate', 'SharedAccessSignature, Bearer']]
        : status === 503
          ? [['Retry-After', '10']]
          : [],
  };
}

/** 40301 tells an operation that the state of the entity forbids from a quota that is used up. */
function subCode(status: number, code: ServiceBusErrorCode): number {
  return status * 100 + (code === 'EntityDisabled' ? 1 : 0);
}

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  413: 'Request Entity Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};
