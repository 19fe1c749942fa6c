import { X509Certificate } from 'node:crypto';
import { readPkcs12 } from '@lazuli/certificates';

export interface ReadCertificate {
  readonly subject: string;
  /** SHA-1 in upper-case hexadecimal. */
  readonly thumbprint: string;
  readonly expirationDate: string;
}

/** A PFX file in base64 with its password, a certificate in base64, or PEM. */
export function readCertificate(data: string, password: string): ReadCertificate | { readonly problem: string } {
  try {
    const certificate = data.includes('-----BEGIN')
      ? new X509Certificate(data)
      : fromBytes(Buffer.from(data, 'base64'), password);
    return {
      subject: certificate.subject.replaceAll('\n', ', '),
      thumbprint: certificate.fingerprint.replaceAll(':', ''),
      expirationDate: certificate.validToDate.toISOString(),
    };
  } catch (error) {
    return { problem: `The certificate cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function fromBytes(bytes: Buffer, password: string): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch {
    return new X509Certificate(readPkcs12(bytes, password).certificate);
  }
}
