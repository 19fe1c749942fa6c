import { createHmac, timingSafeEqual } from 'node:crypto';
import { child, children, type DerElement, DerError, objectIdentifier, readDer, smallInteger } from './der.ts';
import { decryptPbe, derivePkcs12Key, hashNameOf, type Unlock, UnsupportedCipherError } from './password-encryption.ts';

/** A PFX cannot be read; the message says why. */
export class Pkcs12Error extends Error {
  override readonly name = 'Pkcs12Error';
}

/** What reading may cost. */
export interface Pkcs12Limits {
  /** The most rounds of key derivation in the whole file; more than any tool writes (6,000,000) when absent. */
  readonly maxIterations?: number;
}

export interface Pkcs12 {
  /** DER of the certificate that the key belongs to, else of the first one. */
  readonly certificate: Buffer;
  /** DER of the key as PKCS #8, or null. */
  readonly privateKey: Buffer | null;
}

const oid = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  localKeyId: '1.2.840.113549.1.9.21',
};

interface Bag {
  readonly kind: 'key' | 'certificate';
  readonly bytes: Buffer;
  readonly localKeyId: string | null;
}

/**
 * Reads a PKCS #12 file (RFC 7292) that is protected by a password: certificate and private key.
 * @throws {Pkcs12Error} for a wrong password, a cipher that is not supported, or bytes that are no such file.
 */
export function readPkcs12(bytes: Buffer, password: string, limits: Pkcs12Limits = {}): Pkcs12 {
  const unlock: Unlock = { password, iterationsLeft: limits.maxIterations ?? 6_000_000 };
  if (bytes.length > largest) throw new Pkcs12Error(`it is larger than ${largest.toLocaleString('en')} bytes`);
  try {
    const pfx = readDer(bytes);
    if (pfx.tag !== 0x30 || smallInteger(child(pfx, 0)) !== 3) throw new Pkcs12Error('it is no PFX of version 3');
    const authenticated = child(pfx, 1, 0x30);
    if (objectIdentifier(child(authenticated, 0)) !== oid.data)
      throw new Pkcs12Error('it is protected by a public key; expected a password');
    const content = octets(child(child(authenticated, 1, 0xa0), 0));
    const mac = children(pfx)[2];
    if (mac !== undefined) verifyMac(mac, content, unlock);
    const bags = children(readDer(content)).flatMap((info) => readContentInfo(info, unlock));
    return choose(bags);
  } catch (error) {
    if (error instanceof Pkcs12Error) throw error;
    if (error instanceof UnsupportedCipherError) throw new Pkcs12Error(error.message, { cause: error });
    throw new Pkcs12Error(
      error instanceof DerError
        ? `the PFX is malformed: ${error.message}`
        : 'the password is wrong or the PFX is damaged',
      { cause: error },
    );
  }
}

function octets(element: DerElement): Buffer {
  if (element.tag !== 0x04) throw new DerError('an octet string is missing');
  return element.content;
}

/** A chain with its key takes some thousand bytes. */
const largest = 1_000_000;

/** Of SHA-512, in bytes: the derivation of a longer key costs more rounds than the file says. */
const longestHash = 64;

function verifyMac(mac: DerElement, content: Buffer, unlock: Unlock): void {
  const digestInfo = child(mac, 0, 0x30);
  const hash = hashNameOf(objectIdentifier(child(child(digestInfo, 0, 0x30), 0)));
  const expected = octets(child(digestInfo, 1));
  if (expected.length > longestHash) throw new DerError('its checksum is malformed');
  const salt = octets(child(mac, 1));
  const iterations = children(mac)[2];
  const key = derivePkcs12Key(
    hash,
    unlock,
    salt,
    iterations === undefined ? 1 : smallInteger(iterations),
    3,
    expected.length,
  );
  const actual = createHmac(hash, key).update(content).digest();
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected))
    throw new Pkcs12Error('the password is wrong');
}

function readContentInfo(info: DerElement, unlock: Unlock): Bag[] {
  const type = objectIdentifier(child(info, 0));
  const inner = child(child(info, 1, 0xa0), 0);
  if (type === oid.data) return readBags(octets(inner), unlock);
  if (type !== oid.encryptedData)
    throw new Pkcs12Error('a part of it is protected by a public key; expected a password');
  const encrypted = child(inner, 1, 0x30);
  const ciphertext = child(encrypted, 2);
  // [0] IMPLICIT OCTET STRING, or in pieces.
  const joined = ciphertext.tag === 0xa0 ? Buffer.concat(children(ciphertext).map(octets)) : ciphertext.content;
  return readBags(decryptPbe(child(encrypted, 1, 0x30), joined, unlock), unlock);
}

function readBags(content: Buffer, unlock: Unlock): Bag[] {
  return children(readDer(content)).flatMap((bag): Bag[] => {
    const type = objectIdentifier(child(bag, 0));
    const value = child(child(bag, 1, 0xa0), 0);
    const localKeyId = localKeyIdOf(children(bag)[2]);
    if (type === oid.keyBag) return [{ kind: 'key', bytes: value.whole, localKeyId }];
    if (type === oid.shroudedKeyBag)
      return [{ kind: 'key', bytes: decryptPbe(child(value, 0, 0x30), octets(child(value, 1)), unlock), localKeyId }];
    if (type === oid.certificateBag)
      return [{ kind: 'certificate', bytes: octets(child(child(value, 1, 0xa0), 0)), localKeyId }];
    return [];
  });
}

function localKeyIdOf(attributes: DerElement | undefined): string | null {
  if (attributes === undefined) return null;
  const found = children(attributes).find((attribute) => objectIdentifier(child(attribute, 0)) === oid.localKeyId);
  return found === undefined ? null : octets(child(child(found, 1), 0)).toString('hex');
}

function choose(bags: readonly Bag[]): Pkcs12 {
  const key = bags.find(({ kind }) => kind === 'key');
  const certificates = bags.filter(({ kind }) => kind === 'certificate');
  const certificate =
    certificates.find(({ localKeyId }) => localKeyId !== null && localKeyId === key?.localKeyId) ?? certificates[0];
  if (certificate === undefined) throw new Pkcs12Error('it holds no certificate');
  return { certificate: certificate.bytes, privateKey: key?.bytes ?? null };
}
