import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Pkcs12Error, readPkcs12 } from './pkcs12.ts';

/** The data of a certificate cannot be read; the message says why. */
export class CertificateDataError extends Error {
  override readonly name = 'CertificateDataError';
}

export interface CertificateData {
  readonly certificatePem: string;
  readonly privateKeyPem: string | null;
}

/**
 * Reads a certificate from PEM, PFX or DER, as text (PEM, or base64 of the others) or bytes.
 * @throws {CertificateDataError} when it is none of them, or the password is wrong.
 */
export function readCertificateData(data: string | Uint8Array, password: string): CertificateData {
  const text = typeof data === 'string' ? data : Buffer.from(data).toString('latin1');
  if (text.includes('-----BEGIN ')) return readPem(text, password);
  const bytes = typeof data === 'string' ? Buffer.from(data.replace(/\s+/g, ''), 'base64') : Buffer.from(data);
  if (bytes.length === 0 || bytes[0] !== 0x30) throw new CertificateDataError('it is neither PEM nor base64 of a PFX');
  try {
    return { certificatePem: new X509Certificate(bytes).toString(), privateKeyPem: null };
  } catch {
    // Not a bare certificate, so it must be a PFX.
  }
  try {
    const { certificate, privateKey } = readPkcs12(bytes, password);
    return {
      certificatePem: new X509Certificate(certificate).toString(),
      privateKeyPem:
        privateKey === null
          ? null
          : createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })
              .export({ format: 'pem', type: 'pkcs8' })
              .toString(),
    };
  } catch (error) {
    throw new CertificateDataError(
      error instanceof Pkcs12Error ? error.message : 'the PFX holds a malformed certificate or key',
      { cause: error },
    );
  }
}

function readPem(text: string, password: string): CertificateData {
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const key =
    /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]+?-----END (?:[A-Z]+ )*PRIVATE KEY-----/.exec(text)?.[0] ?? null;
  if (certificates.length === 0) throw new CertificateDataError('the PEM text holds no certificate');
  try {
    const first = new X509Certificate(certificates[0] ?? '');
    const privateKey = key === null ? null : createPrivateKey({ key, format: 'pem', passphrase: password });
    if (privateKey !== null && !first.checkPrivateKey(privateKey))
      throw new CertificateDataError('the private key does not belong to the certificate');
    return {
      certificatePem: [
        first.toString(),
        ...certificates.slice(1).map((pem) => new X509Certificate(pem).toString()),
      ].join(''),
      privateKeyPem: privateKey?.export({ format: 'pem', type: 'pkcs8' }).toString() ?? null,
    };
  } catch (error) {
    if (error instanceof CertificateDataError) throw error;
    throw new CertificateDataError('the PEM text holds a malformed certificate or key, or the password is wrong', {
      cause: error,
    });
  }
}
