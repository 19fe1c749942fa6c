import type { AccessRecord } from '@lazuli/gateway';

/**
 * A record as one line of JSON, in the form of the other log lines; what is null is left out. Written by hand: a general
 * serializer costs more than the rest of what the gateway does to a request.
 */
export function accessLine(record: AccessRecord, now: number): string {
  const r = record;
  let line = `{"level":"info","time":"${isoTime(now)}","correlationId":"${r.correlationId}","traceId":"${r.traceId}"`;
  line += `,"isRequestSuccess":${r.isRequestSuccess},"totalTime":${thousandths(r.totalTime)},"callerIpAddress":${text(r.callerIpAddress)}`;
  line += `,"method":${text(r.method)},"url":${text(r.url)},"clientProtocol":"${r.clientProtocol}"`;
  line += `,"responseCode":${r.responseCode},"responseSize":${r.responseSize},"cache":"${r.cache}"`;
  line += placeOf(r);
  if (r.backendUrl !== null) line += `,"backendUrl":${text(r.backendUrl)}`;
  if (r.backendResponseCode !== null) line += `,"backendResponseCode":${r.backendResponseCode}`;
  if (r.backendTime !== null) line += `,"backendTime":${r.backendTime}`;
  if (r.lastErrorReason !== null) line += lastError(r);
  return `${line},"msg":"request"}\n`;
}

let placed: AccessRecord | null = null;
let place = '';

/** Which API, operation, product, caller and backend: most lines share it with the line before. */
function placeOf(r: AccessRecord): string {
  if (placed !== null && placeFields.every((name) => r[name] === placed?.[name])) return place;
  let part = '';
  for (const name of placeFields) {
    const value = r[name];
    if (value !== null) part += `,"${name}":${text(value)}`;
  }
  placed = r;
  place = part;
  return part;
}

const placeFields = [
  'apiId',
  'apiRevision',
  'operationId',
  'productId',
  'userId',
  'apimSubscriptionId',
  'backendId',
] as const;

/** The number with up to three decimals, put together from integers: printing a fraction exactly costs much more. */
function thousandths(value: number): string {
  const all = Math.round(value * 1000);
  if (!(all >= 0 && all < 1e9)) return String(value);
  const rest = all % 1000;
  const whole = String((all - rest) / 1000);
  if (rest === 0) return whole;
  const digits = rest < 10 ? `00${rest}` : rest < 100 ? `0${rest}` : String(rest);
  return `${whole}.${digits}`;
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
