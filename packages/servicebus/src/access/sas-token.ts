import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ServiceBusError } from '../errors.ts';
import { maxResourceLength } from './resource-path.ts';
import { refusedToken } from './unauthorized.ts';

/** A shared access signature, taken apart and not verified. */
export interface SasToken {
  /** The resource as it stands in the token, encoded: what was signed. */
  readonly encodedResource: string;
  readonly resource: string;
  readonly signature: Buffer;
  readonly ruleName: string;
  /** Seconds since 1970, as it stands in the token. */
  readonly expiry: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const prefix = 'sharedaccesssignature ';
const fieldNames = ['sr', 'sig', 'se', 'skn'] as const;
type FieldName = (typeof fieldNames)[number];

/** Longest names and keys of rules in Azure's own libraries. */
const maxRuleNameLength = 256;
/** Longest token: the longest resource, and room for the rest. */
const maxLength = maxResourceLength + 2048;

/** Whether a token is a shared access signature, by what it contains: clients do not label it reliably. */
export function isSasToken(token: string): boolean {
  return token.slice(0, prefix.length).toLowerCase() === prefix || /(?:^|&)sig=/i.test(token.slice(0, maxLength));
}

/**
 * Takes `SharedAccessSignature sr=…&sig=…&se=…&skn=…` apart; its fields come in any order, others beside them do not count.
 * @throws {ServiceBusError} `Unauthorized` (`MalformedToken`): says which field is wrong
 */
export function parseSasToken(token: string): SasToken {
  if (token.length > maxLength) throw malformed(`it is longer than ${maxLength} characters`);
  const text = token.slice(0, prefix.length).toLowerCase() === prefix ? token.slice(prefix.length) : token;
  const fields = fieldsOf(text.trim());
  const { sr, se } = fields;
  if (sr.length > maxResourceLength) throw malformed(`'sr' is longer than ${maxResourceLength} characters`);
  const ruleName = decoded('skn', fields.skn);
  if (ruleName.length > maxRuleNameLength) throw malformed(`'skn' is longer than ${maxRuleNameLength} characters`);
  if (!/^\d{1,12}$/.test(se)) throw malformed("'se' must be seconds since 1970");
  // A `+` that was not encoded stands for itself: base64 has no spaces.
  const signature = decoded('sig', fields.sig).replaceAll(' ', '+');
  if (!/^[A-Za-z0-9+/]{43}=$/.test(signature)) throw malformed("'sig' must be 32 bytes in base64");
  return {
    encodedResource: sr,
    resource: decoded('sr', sr),
    signature: Buffer.from(signature, 'base64'),
    ruleName,
    expiry: se,
    expiresAt: Number(se) * 1000,
  };
}

function fieldsOf(text: string): Record<FieldName, string> {
  const found = new Map<string, string>();
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    if (!isFieldName(name)) continue;
    if (found.has(name)) throw malformed(`'${name}' is there twice`);
    found.set(name, part.slice(equals + 1).trim());
  }
  const field = (name: FieldName) => {
    const value = found.get(name) ?? '';
    if (value === '') throw malformed(`'${name}' is missing`);
    return value;
  };
  return { sr: field('sr'), sig: field('sig'), se: field('se'), skn: field('skn') };
}

function isFieldName(name: string): name is FieldName {
  return fieldNames.some((each) => each === name);
}

function decoded(name: FieldName, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw malformed(`'${name}' is not percent-encoded UTF-8`);
  }
}

function malformed(what: string): ServiceBusError {
  return refusedToken(`MalformedToken: The shared access signature cannot be read: ${what}.`);
}

/**
 * Whether the key signed the token. Signed is the encoded resource as the client wrote it; some clients put it into the token in another
 * case than they signed, which means the same: schemes, hosts, paths and percent-encoding have no case. Takes as long for a wrong
 * signature wherever it differs.
 */
export function isSignedWith(token: SasToken, key: string): boolean {
  const { encodedResource } = token;
  const isSignedAs = (spelling: string) => timingSafeEqual(signatureOf(spelling, token.expiry, key), token.signature);
  if (isSignedAs(encodedResource)) return true;
  const spellings = new Set([
    encodedResource.toLowerCase(),
    encodedResource.replace(/%[0-9a-f]{2}/gi, (code) => code.toLowerCase()),
    encodedResource.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase()),
  ]);
  spellings.delete(encodedResource);
  return [...spellings].some(isSignedAs);
}

/** HMAC-SHA256 with the text of the key, not with the bytes that it may encode. */
function signatureOf(encodedResource: string, expiry: string, key: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'utf8')).update(`${encodedResource}\n${expiry}`).digest();
}

/**
 * A token for a resource and all below it.
 * @param uri `sb://host/entity`, `https://…`; encoded here.
 * @param expiresAt Milliseconds since 1970.
 */
export function createSasToken(uri: string, ruleName: string, key: string, expiresAt: number): string {
  const resource = encodeURIComponent(uri);
  const expiry = String(Math.floor(expiresAt / 1000));
  const signature = encodeURIComponent(signatureOf(resource, expiry, key).toString('base64'));
  return `SharedAccessSignature sr=${resource}&sig=${signature}&se=${expiry}&skn=${encodeURIComponent(ruleName)}`;
}
