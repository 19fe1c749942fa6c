import { readFileSync } from 'node:fs';
import { StoreError } from '../errors.ts';

/** An AES key in a PKCS#11 token, and how to get at it. */
export interface Pkcs11Location {
  /** The shared library to load. */
  readonly modulePath: string;
  readonly token: string;
  /** CKA_LABEL of the key. */
  readonly object: string;
  readonly pin: string;
}

/**
 * Reads `pkcs11:token=…;object=…?module-path=…&pin-source=file:…` (RFC 7512). `pin-value` is taken too. Throws `KeyUnusable`;
 * attributes that it does not know are refused, so that none is ignored that should tell two keys apart.
 */
export function parsePkcs11Uri(uri: string): Pkcs11Location {
  const parts = /^pkcs11:([^?]*)(?:\?(.*))?$/.exec(uri);
  if (parts === null) throw unusable("a PKCS#11 key is named by a URI that begins with 'pkcs11:'");
  const path = attributes(parts[1] ?? '', ';', ['token', 'object', 'type']);
  const query = attributes(parts[2] ?? '', '&', ['module-path', 'pin-source', 'pin-value']);
  if (path.has('type') && path.get('type') !== 'secret-key') throw unusable("'type' of a PKCS#11 key is 'secret-key'");
  return {
    modulePath: required(query, 'module-path'),
    token: required(path, 'token'),
    object: required(path, 'object'),
    pin: query.get('pin-value') ?? pinFrom(required(query, 'pin-source')),
  };
}

function attributes(text: string, separator: string, known: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const attribute of text.split(separator)) {
    if (attribute === '') continue;
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(attribute) ?? [];
    if (!known.includes(name) || found.has(name)) throw unusable(`the attribute '${name}' of a PKCS#11 URI`);
    try {
      found.set(name, decodeURIComponent(value));
    } catch {
      throw unusable(`the attribute '${name}' of a PKCS#11 URI is not percent-encoded`);
    }
  }
  return found;
}

function required(from: ReadonlyMap<string, string>, name: string): string {
  const value = from.get(name);
  if (value === undefined || value === '') throw unusable(`a PKCS#11 URI has no '${name}'`);
  return value;
}

function pinFrom(source: string): string {
  const path = source.replace(/^file:(\/\/)?/, '');
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw unusable(`the PIN cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const unusable = (reason: string): StoreError => new StoreError('KeyUnusable', { reason });
