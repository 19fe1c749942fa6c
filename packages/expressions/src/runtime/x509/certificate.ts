import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Pkcs12Error, readPkcs12 } from '@lazuli/certificates';
import { charge } from '../budget.ts';
import { cryptographicException } from '../crypto/failure.ts';
import { DateTime, kinds } from '../datetime.ts';
import { equalsMember, toStringMember } from '../object.ts';
import { netType, type Uniform } from '../values.ts';
import { distinguishedName, nameParts } from './distinguished-name.ts';
import { isTrustedCertificate } from './trust.ts';

/** `System.Security.Cryptography.X509Certificates.X509Certificate2`. */
export class Certificate {
  get [netType](): string {
    return 'System.Security.Cryptography.X509Certificates.X509Certificate2';
  }
  readonly x509: X509Certificate;
  /** PKCS #8, in DER or PEM; read when it is asked for. */
  readonly #keyBytes: Buffer | string | null;
  #key: KeyObject | null = null;
  private constructor(x509: X509Certificate, keyBytes: Buffer | string | null) {
    this.x509 = x509;
    this.#keyBytes = keyBytes;
  }

  /** A certificate of the host. */
  static of(der: Uint8Array, privateKeyPem: string | null = null): Certificate {
    charge(200);
    const certificate = bare(der);
    if (!certificate) throw unreadable();
    return new Certificate(certificate, privateKeyPem);
  }

  /** Reads DER, PEM, base64 of DER, or a PFX with its private key. Throws CryptographicException. */
  static read(bytes: Uint8Array, password: string | null = null): Certificate {
    charge(200);
    const certificate = bare(bytes);
    if (certificate) return new Certificate(certificate, null);
    if (bytes[0] !== 0x30) throw unreadable();
    charge(pfxWork);
    try {
      const pfx = readPkcs12(Buffer.from(bytes), password ?? '', { maxIterations: mostIterations });
      return new Certificate(new X509Certificate(pfx.certificate), pfx.privateKey);
    } catch (error) {
      const isLocked = error instanceof Pkcs12Error && error.message.includes('password');
      throw isLocked ? cryptographicException('The specified network password is not correct.\r\n') : unreadable();
    }
  }

  /** The same certificate with a key. Throws ArgumentException's message as CryptographicException when it is another's. */
  withPrivateKey(key: KeyObject): Certificate {
    if (!this.x509.checkPrivateKey(key))
      throw cryptographicException('The provided key does not match the public key for this certificate.');
    return new Certificate(this.x509, key.export({ format: 'pem', type: 'pkcs8' }).toString());
  }

  get hasPrivateKey(): boolean {
    return this.#keyBytes !== null;
  }
  get privateKey(): KeyObject | null {
    const bytes = this.#keyBytes;
    if (bytes === null || this.#key) return this.#key;
    charge(2000);
    try {
      this.#key = createPrivateKey(typeof bytes === 'string' ? bytes : { key: bytes, format: 'der', type: 'pkcs8' });
    } catch {
      throw cryptographicException('Keyset does not exist\r\n');
    }
    return this.#key;
  }
  get keyType(): string {
    return this.x509.publicKey.asymmetricKeyType ?? '';
  }

  get subject(): string {
    return distinguishedName(this.x509.subject);
  }
  get issuer(): string {
    return distinguishedName(this.x509.issuer);
  }
  get serialNumber(): string {
    return this.x509.serialNumber;
  }
  get raw(): Uint8Array {
    return new Uint8Array(this.x509.raw);
  }
  hash(algorithm = 'sha1'): Uint8Array {
    return new Uint8Array(createHash(algorithm).update(this.x509.raw).digest());
  }
  get thumbprint(): string {
    return Buffer.from(this.hash()).toString('hex').toUpperCase();
  }
  /** Local time, which is UTC. */
  get notBefore(): DateTime {
    return DateTime.fromUnixMilliseconds(Date.parse(this.x509.validFrom), kinds.local);
  }
  get notAfter(): DateTime {
    return DateTime.fromUnixMilliseconds(Date.parse(this.x509.validTo), kinds.local);
  }

  /** `GetNameInfo(X509NameType, forIssuer)`. */
  nameInfo(kind: number, forIssuer: boolean): string {
    const parts = nameParts(forIssuer ? this.x509.issuer : this.x509.subject);
    const last = (type: string) => parts.findLast(([name]) => name === type)?.[1];
    switch (kind) {
      case 0:
        return last('CN') ?? last('OU') ?? last('O') ?? last('E') ?? '';
      case 1:
        return this.#alternative('email', forIssuer) ?? last('E') ?? '';
      case 3:
      case 4:
        return this.#alternative('DNS', forIssuer) ?? (kind === 3 ? last('CN') : undefined) ?? '';
      case 5:
        return this.#alternative('URI', forIssuer) ?? '';
      default:
        return '';
    }
  }
  #alternative(type: string, forIssuer: boolean): string | undefined {
    if (forIssuer) return undefined;
    for (const entry of (this.x509.subjectAltName ?? '').split(', ')) {
      if (entry.startsWith(`${type}:`)) return entry.slice(type.length + 1);
    }
    return undefined;
  }

  /** `Verify()` and `VerifyNoRevocation()`: the host knows the roots. Revocation is not asked for: that is input. */
  isTrusted(): boolean {
    charge(5000);
    return isTrustedCertificate(this.x509.raw);
  }

  [toStringMember](): string {
    const { subject, issuer, serialNumber, thumbprint } = this;
    const date = (value: DateTime) => value[toStringMember]();
    return (
      `[Subject]\r\n  ${subject}\r\n\r\n[Issuer]\r\n  ${issuer}\r\n\r\n[Serial Number]\r\n  ${serialNumber}\r\n\r\n` +
      `[Not Before]\r\n  ${date(this.notBefore)}\r\n\r\n[Not After]\r\n  ${date(this.notAfter)}\r\n\r\n` +
      `[Thumbprint]\r\n  ${thumbprint}\r\n`
    );
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof Certificate && other.x509.fingerprint256 === this.x509.fingerprint256;
  }
}

/** Tools write 2,000 to 10,000 rounds, three times; more would keep the process busy. */
const mostIterations = 100_000;
/** Steps: an evaluation may open a handful. */
const pfxWork = 500_000;

const unreadable = () => cryptographicException('Cannot find the requested object.\r\n');

/** A certificate without a key, or null. */
function bare(bytes: Uint8Array): X509Certificate | null {
  const text = Buffer.from(bytes.subarray(0, 20)).toString('latin1');
  const isBase64 = /^[A-Za-z0-9+/\r\n]+$/.test(text) && text.startsWith('MII');
  try {
    return new X509Certificate(isBase64 ? Buffer.from(Buffer.from(bytes).toString('latin1'), 'base64') : bytes);
  } catch {
    return null;
  }
}

/** What `GetCertContentType` says: X509ContentType.Cert or Pfx. Throws CryptographicException. */
export function contentTypeOf(bytes: Uint8Array): number {
  charge(200);
  if (bare(bytes)) return 1;
  // A PFX is a sequence that begins with the version 3.
  const content = bytes[1] === undefined || bytes[1] < 0x80 ? 2 : 2 + (bytes[1] & 0x7f);
  if (bytes[0] === 0x30 && bytes[content] === 2 && bytes[content + 1] === 1 && bytes[content + 2] === 3) return 3;
  throw unreadable();
}
