import { createHash, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { charge } from '../budget.ts';
import { cryptographicException } from '../crypto/failure.ts';
import { DateTime, kinds } from '../datetime.ts';
import { equalsMember, toStringMember } from '../object.ts';
import { netType, type Uniform } from '../values.ts';
import { distinguishedName, nameParts } from './distinguished-name.ts';

/** `System.Security.Cryptography.X509Certificates.X509Certificate2`, without a private key. */
export class Certificate {
  get [netType](): string {
    return 'System.Security.Cryptography.X509Certificates.X509Certificate2';
  }
  readonly x509: X509Certificate;
  private constructor(x509: X509Certificate) {
    this.x509 = x509;
  }
  /** Reads DER, PEM, or base64 of DER. Throws CryptographicException. */
  static fromDer(bytes: Uint8Array): Certificate {
    charge(200);
    const text = Buffer.from(bytes.subarray(0, 20)).toString('latin1');
    const isBase64 = /^[A-Za-z0-9+/\r\n]+$/.test(text) && text.startsWith('MII');
    try {
      return new Certificate(
        new X509Certificate(isBase64 ? Buffer.from(Buffer.from(bytes).toString('latin1'), 'base64') : bytes),
      );
    } catch {
      throw cryptographicException('Cannot find the requested object.\r\n');
    }
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

  /**
   * Is it within its dates and signed by one of the root certificates that Node brings (Mozilla's)? Revocation is never
   * asked for, and intermediates are not fetched: an expression does no input or output.
   */
  isTrusted(now = Date.now()): boolean {
    if (now < Date.parse(this.x509.validFrom) || now > Date.parse(this.x509.validTo)) return false;
    charge(5000);
    return trustedRoots().some(
      (root) =>
        root.fingerprint256 === this.x509.fingerprint256 ||
        (this.x509.checkIssued(root) && this.x509.verify(root.publicKey)),
    );
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

let roots: readonly X509Certificate[] | undefined;

function trustedRoots(): readonly X509Certificate[] {
  roots ??= rootCertificates.map((pem) => new X509Certificate(pem));
  return roots;
}
