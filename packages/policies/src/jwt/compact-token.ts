import { TokenError } from './token-error.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON Web Token in compact form, taken apart but not believed. */
export interface CompactToken {
  readonly text: string;
  readonly header: JsonObject;
  /** Null while it is encrypted. */
  readonly claims: JsonObject | null;
  readonly isEncrypted: boolean;
  readonly hasSignature: boolean;
}

/** Without state between calls: `stream` is never set. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** IdentityModel's TokenValidationParameters default. */
const maxLength = 256_000;

/** @throws {TokenError} JwtInvalid when it is no JWS or JWE in compact form. */
export function parseCompactToken(text: string): CompactToken {
  if (text.length > maxLength)
    throw new TokenError(
      'JwtInvalid',
      `IDX10209: Token has length: '${text.length}' which is larger than the MaximumTokenSizeInBytes: '${maxLength}'.`,
    );
  const segments = text.split('.', 6);
  if (segments.length !== 3 && segments.length !== 5)
    throw new TokenError('JwtInvalid', 'IDX12741: JWT must have three segments (JWS) or five segments (JWE).');
  const isEncrypted = segments.length === 5;
  return {
    text,
    header: decode(segments[0] ?? '', 'IDX12729: Unable to decode the header as Base64Url encoded string.'),
    claims: isEncrypted
      ? null
      : decode(segments[1] ?? '', 'IDX12723: Unable to decode the payload as Base64Url encoded string.'),
    isEncrypted,
    hasSignature: !isEncrypted && segments[2] !== '',
  };
}

/** A JSON object in UTF-8. @throws {TokenError} JwtInvalid with the message. */
export function parseJsonObject(bytes: Uint8Array, message: string): JsonObject {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (error) {
    throw new TokenError('JwtInvalid', message, error);
  }
  throw new TokenError('JwtInvalid', message);
}

function decode(segment: string, message: string): JsonObject {
  if (!/^[A-Za-z0-9_-]+$/.test(segment)) throw new TokenError('JwtInvalid', message);
  return parseJsonObject(Buffer.from(segment, 'base64url'), message);
}
