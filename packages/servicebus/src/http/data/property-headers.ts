import { type AmqpMap, type AmqpValue, double, int, long, Typed, timestamp } from '@lazuli/amqp';
import type { HeaderList } from '@lazuli/policies';
import { asciiJson, guidText } from './broker-properties.ts';

/** Headers that mean something to HTTP, or to the service, are no properties of the message. */
const reserved = new Set(
  `accept accept-charset accept-encoding accept-language accept-ranges age allow authorization brokerproperties cache-control
  connection content-disposition content-encoding content-language content-length content-location content-md5 content-range
  content-type cookie date etag expect expires forwarded from host if-match if-modified-since if-none-match if-range
  if-unmodified-since keep-alive last-modified location max-forwards origin pragma proxy-authenticate proxy-authorization
  proxy-connection range referer retry-after sec-fetch-dest sec-fetch-mode sec-fetch-site server set-cookie
  strict-transport-security te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate x-forwarded-for
  x-forwarded-host x-forwarded-proto x-ms-retrypolicy servicebussupplementaryauthorization
  servicebusdlqsupplementaryauthorization`.split(/\s+/),
);

const httpDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Application properties of a message that is sent: every other header. */
export function propertiesOfHeaders(headers: HeaderList): Map<string, AmqpValue> {
  const properties = new Map<string, AmqpValue>();
  for (const [name, value] of headers.entries()) {
    if (reserved.has(name.toLowerCase()) || name.startsWith(':')) continue;
    properties.set(name, valueOfHeader(utf8(value.trim())));
  }
  return properties;
}

/** `"text"`, `"date"`, number, `true`, `false`, `null`; what is none of them is text as it stands. */
function valueOfHeader(text: string): AmqpValue {
  if (text.length >= 2 && text.startsWith('"') && text.endsWith('"')) {
    const inner = unquote(text);
    return httpDate.test(inner) ? timestamp(Date.parse(inner)) : inner;
  }
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return numberOf(text) ?? text;
}

/** A JSON number as AMQP: the smallest of int and long that holds it, else a double. */
export function amqpNumber(value: number): AmqpValue {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return double(value);
  return value >= -(2 ** 31) && value < 2 ** 31 ? int(value) : long(value);
}

function numberOf(text: string): AmqpValue | undefined {
  if (/^-?\d{1,19}$/.test(text)) {
    const whole = BigInt(text);
    if (whole >= -(2n ** 31n) && whole < 2n ** 31n) return int(Number(whole));
    return whole >= -(2n ** 63n) && whole < 2n ** 63n ? long(whole) : double(Number(text));
  }
  if (!/^-?\d{1,20}(\.\d{1,40})?([eE][+-]?\d{1,3})?$/.test(text)) return undefined;
  return double(Number(text));
}

function unquote(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return value;
  } catch {
    // Quotes around something that is not JSON: only they go.
  }
  return text.slice(1, -1);
}

/** Headers come as bytes; clients write UTF-8 or Latin-1. */
export function utf8(value: string): string {
  if (!/[\u0080-\u00ff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

/** Properties of a message that is received. Names that no header can have, binaries, lists and maps are left out. */
export function headersOfProperties(application: AmqpMap): [name: string, value: string][] {
  const headers: [string, string][] = [];
  for (const [name, value] of application.entries) {
    if (typeof name !== 'string' || !/^[!#$%&'*+.^_`|~\w-]{1,256}$/.test(name) || reserved.has(name.toLowerCase()))
      continue;
    const text = headerText(value);
    if (text !== undefined) headers.push([name, text]);
  }
  return headers;
}

function headerText(value: AmqpValue): string | undefined {
  if (typeof value === 'string') return asciiJson(value);
  if (typeof value === 'boolean') return `${value}`;
  if (!(value instanceof Typed)) return undefined;
  if (value.type === 'timestamp') {
    const date = new Date(Number(value.value));
    return Number.isNaN(date.getTime()) ? undefined : `"${date.toUTCString()}"`;
  }
  if (Buffer.isBuffer(value.value)) return value.type === 'uuid' ? `"${guidText(value.value)}"` : undefined;
  if (typeof value.value === 'string') return asciiJson(value.value);
  if (value.type === 'char') return asciiJson(String.fromCodePoint(Number(value.value)));
  return typeof value.value === 'number' && !Number.isFinite(value.value) ? `"${value.value}"` : `${value.value}`;
}
