import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import type { CertificatePort } from '../ports/ports.ts';

/**
 * A chain from the certificate to a root that is trusted: a self-signed certificate among the service's certificates, or
 * one of the public roots that Node.js ships. Certificates between must be among the service's (the caller's own
 * intermediates are not used). Each must be a certificate authority, valid at `now`, and have signed the one before.
 * Null when there is none.
 */
export function buildChain(
  certificate: X509Certificate,
  certificates: CertificatePort,
  now: number,
): readonly X509Certificate[] | null {
  const configured = configuredCertificates(certificates);
  const isRoot = (one: X509Certificate) => isSelfIssued(one) && (isOneOf(one, configured) || isPublicRoot(one));
  // Certificates with one name cannot make the search long.
  let checks = 0;
  const extend = (chain: readonly X509Certificate[]): readonly X509Certificate[] | null => {
    const last = chain.at(-1);
    if (!last) return null;
    if (isRoot(last)) return chain;
    if (chain.length > longestChain || isSelfIssued(last)) return null;
    for (const issuer of issuersNamed(last, configured)) {
      if (++checks > mostChecks) return null;
      if (!issuer.ca || !isValidAt(issuer, now) || !hasSigned(issuer, last)) continue;
      const found = extend([...chain, issuer]);
      if (found) return found;
    }
    return null;
  };
  return extend([certificate]);
}

/** The certificates that signed this one, among the service's and the public roots. */
export function issuersOf(certificate: X509Certificate, certificates: CertificatePort): X509Certificate[] {
  return issuersNamed(certificate, configuredCertificates(certificates)).filter((one) => hasSigned(one, certificate));
}

export function hasSigned(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // A key of a kind that OpenSSL does not know.
    return false;
  }
}

export const isValidAt = (one: X509Certificate, now: number): boolean =>
  one.validFromDate.getTime() <= now && now <= one.validToDate.getTime();

const isSelfIssued = (one: X509Certificate): boolean => one.subject === one.issuer && hasSigned(one, one);

const isOneOf = (one: X509Certificate, list: readonly X509Certificate[]): boolean =>
  list.some((other) => other.raw.equals(one.raw));

const longestChain = 8;
const mostChecks = 100;

function issuersNamed(certificate: X509Certificate, configured: readonly X509Certificate[]): X509Certificate[] {
  const { issuer } = certificate;
  return [...configured.filter((one) => one.subject === issuer), ...(publicRoots().get(issuer ?? '') ?? [])];
}

const isPublicRoot = (one: X509Certificate): boolean => isOneOf(one, publicRoots().get(one.subject ?? '') ?? []);

let roots: Map<string, X509Certificate[]> | null = null;

/** Read when first needed: it takes some milliseconds. */
function publicRoots(): Map<string, X509Certificate[]> {
  if (roots) return roots;
  roots = new Map();
  for (const pem of rootCertificates) {
    const root = new X509Certificate(pem);
    roots.set(root.subject, [...(roots.get(root.subject) ?? []), root]);
  }
  return roots;
}

const parsed = new Map<string, X509Certificate | null>();
const mostParsed = 1_000;

function configuredCertificates(certificates: CertificatePort): X509Certificate[] {
  return certificates.names().flatMap((name) => {
    const pem = certificates.find(name)?.certificatePem;
    return (pem && parse(pem)) || [];
  });
}

/** Null for text that is no certificate. */
export function parse(pem: string): X509Certificate | null {
  const known = parsed.get(pem);
  if (known !== undefined) return known;
  let certificate: X509Certificate | null = null;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    // Whoever loaded the certificates has reported it.
  }
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(pem, certificate);
  return certificate;
}
