import { STATUS_CODES } from 'node:http';

/** An answer that the HTTP layer gives by itself, before or instead of the handler. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** The body of a refusal, in the spacing of Azure's own error bodies. */
export function refusalBody(refusal: Refusal): string {
  return `{ "statusCode": ${refusal.status}, "message": ${JSON.stringify(refusal.message)} }`;
}

/** A refusal as the bytes of an HTTP/1.1 response after which the connection is closed. */
export function refusalBytes(refusal: Refusal): Buffer {
  const body = refusalBody(refusal);
  return Buffer.from(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? 'Error'}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Date: ${new Date().toUTCString()}\r\nConnection: close\r\n\r\n${body}`,
  );
}
