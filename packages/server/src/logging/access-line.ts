import type { AccessRecord } from '@lazuli/gateway';

/**
 * A record as one line of JSON, in the form of the other log lines; what is null is left out. Written by hand: a general
 * serializer costs more than the rest of what the gateway does to a request.
 */
export function accessLine(record: AccessRecord, now: number): string {
  const r = record;
  let line = `{"level":"info","time":"${isoTime(now)}","correlationId":"${r.correlationId}","traceId":"${r.traceId}"`;
  line += `,"isRequestSuccess":${r.isRequestSuccess},"totalTime":${r.totalTime},"callerIpAddress":${text(r.callerIpAddress)}`;
  line += `,"method":${text(r.method)},"url":${text(r.url)},"clientProtocol":"${r.clientProtocol}"`;
  line += `,"responseCode":${r.responseCode},"responseSize":${r.responseSize},"cache":"${r.cache}"`;
  if (r.apiId !== null) line += `,"apiId":${text(r.apiId)}`;
  if (r.apiRevision !== null) line += `,"apiRevision":${text(r.apiRevision)}`;
  if (r.operationId !== null) line += `,"operationId":${text(r.operationId)}`;
  if (r.productId !== null) line += `,"productId":${text(r.productId)}`;
  if (r.userId !== null) line += `,"userId":${text(r.userId)}`;
  if (r.apimSubscriptionId !== null) line += `,"apimSubscriptionId":${text(r.apimSubscriptionId)}`;
  if (r.backendId !== null) line += `,"backendId":${text(r.backendId)}`;
  if (r.backendUrl !== null) line += `,"backendUrl":${text(r.backendUrl)}`;
  if (r.backendResponseCode !== null) line += `,"backendResponseCode":${r.backendResponseCode}`;
  if (r.backendTime !== null) line += `,"backendTime":${r.backendTime}`;
  if (r.lastErrorReason !== null) line += lastError(r);
  return `${line},"msg":"request"}\n`;
}

function lastError(r: AccessRecord): string {
  let part = '';
  for (const name of lastErrorFields) if (r[name] !== null) part += `,"${name}":${text(r[name])}`;
  return part;
}

const lastErrorFields = [
  'lastErrorSource',
  'lastErrorSection',
  'lastErrorReason',
  'lastErrorMessage',
  'lastErrorScope',
] as const;

const needsEscape = /["\\\p{Cc}\p{Cs}\u2028\u2029]/u;

function text(value: string): string {
  return needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`;
}

let lastTime = 0;
let lastText = new Date(0).toISOString();

function isoTime(now: number): string {
  if (now !== lastTime) {
    lastTime = now;
    lastText = new Date(now).toISOString();
  }
  return lastText;
}
