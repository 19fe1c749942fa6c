import type { CertificatePort } from '@lazuli/policies';
import type { Certificate } from '@lazuli/resources';

/** The certificates of a service, by resource name or thumbprint. */
export function modelCertificates(certificates: readonly Certificate[]): CertificatePort {
  const byId = new Map(certificates.map((certificate) => [certificate.name.toLowerCase(), certificate]));
  for (const certificate of certificates) byId.set(certificate.thumbprint.toLowerCase(), certificate);
  return {
    names: () => certificates.map(({ name }) => name),
    find: (idOrThumbprint) => byId.get(idOrThumbprint.replace(/[\s:]/g, '').toLowerCase()),
  };
}
