import 'reflect-metadata';
import { createPrivateKey, sign, webcrypto } from 'node:crypto';
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface TestCertificateInit {
  readonly name: string;
  readonly serialNumber?: string;
  readonly isAuthority?: boolean;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly dnsNames?: readonly string[];
  /** Where its revocation list is said to be. */
  readonly revocationList?: string;
  /** Where its OCSP responder is said to be. */
  readonly ocspResponder?: string;
  /** Purposes (extended key usages) by their object identifiers. */
  readonly purposes?: readonly string[];
}

/** A certificate and its key, made for one test run; it can sign others when it is an authority. */
export class TestAuthority {
  readonly certificate: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.certificate = certificate;
    this.#keys = keys;
  }

  /** Signed by `issuer`, or by itself. */
  static async make(init: TestCertificateInit, issuer?: TestAuthority): Promise<TestAuthority> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const extensions: Extension[] = [new BasicConstraintsExtension(init.isAuthority ?? false, undefined, true)];
    if (init.dnsNames)
      extensions.push(new SubjectAlternativeNameExtension(init.dnsNames.map((value) => ({ type: 'dns', value }))));
    if (init.revocationList) extensions.push(new CRLDistributionPointsExtension([init.revocationList]));
    if (init.ocspResponder) extensions.push(new AuthorityInfoAccessExtension({ ocsp: [init.ocspResponder] }));
    if (init.purposes) extensions.push(new ExtendedKeyUsageExtension([...init.purposes]));
    const certificate = await X509CertificateGenerator.create(
      {
        subject: init.name,
        issuer: issuer?.certificate.subject ?? init.name,
        serialNumber: init.serialNumber ?? '01',
        notBefore: init.notBefore ?? new Date(Date.UTC(2026, 0, 1)),
        notAfter: init.notAfter ?? new Date(Date.UTC(2026, 11, 31)),
        publicKey: keys.publicKey,
        signingKey: issuer ? issuer.#keys.privateKey : keys.privateKey,
        signingAlgorithm: algorithm,
        extensions,
      },
      webcrypto,
    );
    return new TestAuthority(certificate, keys);
  }

  get der(): Uint8Array {
    return new Uint8Array(this.certificate.rawData);
  }

  get pem(): string {
    return this.certificate.toString('pem');
  }

  async privateKeyDer(): Promise<Buffer> {
    return Buffer.from(await webcrypto.subtle.exportKey('pkcs8', this.#keys.privateKey));
  }

  /** The private key in PEM. */
  async privateKeyPem(): Promise<string> {
    const key = createPrivateKey({ key: await this.privateKeyDer(), format: 'der', type: 'pkcs8' });
    return String(key.export({ format: 'pem', type: 'pkcs8' }));
  }

  /** ECDSA with SHA-256, as X.509 writes it. */
  async sign(data: Uint8Array): Promise<Buffer> {
    return sign('sha256', data, await this.privateKeyPem());
  }

  /** A revocation list in DER. */
  async revocationList(serialNumbers: readonly string[], nextUpdate = new Date(Date.UTC(2026, 5, 1))): Promise<Buffer> {
    const list = await X509CrlGenerator.create(
      {
        issuer: this.certificate.subject,
        thisUpdate: new Date(Date.UTC(2026, 0, 1)),
        nextUpdate,
        entries: serialNumbers.map((serialNumber) => ({
          serialNumber,
          revocationDate: new Date(Date.UTC(2026, 0, 1)),
        })),
        signingAlgorithm: algorithm,
        signingKey: this.#keys.privateKey,
      },
      webcrypto,
    );
    return Buffer.from(list.rawData);
  }
}
