import { STATUS_CODES } from 'node:http';

/** The standard phrase of a status (RFC 9110, section 15), or an empty one. */
export function reasonPhrase(status: number): string {
  return STATUS_CODES[status] ?? '';
}
