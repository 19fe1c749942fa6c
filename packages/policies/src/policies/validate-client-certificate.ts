import { X509Certificate } from 'node:crypto';
import { buildChain, issuersOf } from '../certificates/certificate-chain.ts';
import { compileIdentity, identityAttributes, validateIdentity } from '../certificates/certificate-identity.ts';
import { revocationStatus } from '../certificates/revocation.ts';
import type { Exchange } from '../exchange.ts';
import { PolicyError } from '../policy-error.ts';
import { holderElement } from '../schema/child-schemas.ts';
import type { AttributeSchema, PolicyDefinition } from '../schema/definition.ts';

const check: AttributeSchema = { type: 'boolean', default: 'true', expression: false };

/** Lets a request through only with a client certificate that is valid and one of those that are allowed. */
export const validateClientCertificate: PolicyDefinition = {
  name: 'validate-client-certificate',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'validate-revocation': check,
      'validate-trust': check,
      'validate-not-before': check,
      'validate-not-after': check,
      'ignore-error': { ...check, default: 'false' },
    },
    children: {
      kind: 'sequence',
      items: [
        holderElement('identities', [
          { name: 'identity', min: 1, max: 10, element: { attributes: identityAttributes } },
        ]),
      ],
    },
  },
  validate(element, compiler) {
    const list = compiler.child(element, 'identities');
    for (const identity of list ? compiler.children(list, 'identity') : []) validateIdentity(identity, compiler);
  },
  compile(element, compiler) {
    const isOn = (name: string) => compiler.boolean(element, name).constant === true;
    const checks: Checks = {
      revocation: isOn('validate-revocation'),
      trust: isOn('validate-trust'),
      notBefore: isOn('validate-not-before'),
      notAfter: isOn('validate-not-after'),
    };
    const ignoreError = isOn('ignore-error');
    const list = compiler.child(element, 'identities');
    const identities = (list ? compiler.children(list, 'identity') : []).map((one) => compileIdentity(one, compiler));

    const validate = async (exchange: Exchange): Promise<void> => {
      const certificate = certificateOf(exchange);
      checkDates(certificate, checks, exchange.ports.clock.now());
      await checkChain(certificate, checks, exchange);
      if (identities.length > 0 && !identities.some((matches) => matches(certificate, exchange)))
        throw refusal('ClientCertificateIdentityNotMatched', 'Certificate does not match any of allowed identities.');
    };
    return async (exchange) => {
      try {
        await validate(exchange);
      } catch (error) {
        if (!ignoreError || !(error instanceof PolicyError) || !error.reason.startsWith('ClientCertificate'))
          throw error;
        exchange.trace(compiler.info, error.message, { reason: error.reason });
      }
      return undefined;
    };
  },
  notes:
    "Trusted are the public roots of Node.js and self-signed certificates among the service's certificates; intermediate ones must be among them too. Revocation is asked of the OCSP responders that a certificate names, then of its lists (CRL): one that names neither passes; when no answer can be had and verified, the certificate is refused. All attributes of an identity must match; names are compared in either order.",
};

interface Checks {
  readonly revocation: boolean;
  readonly trust: boolean;
  readonly notBefore: boolean;
  readonly notAfter: boolean;
}

function certificateOf(exchange: Exchange): X509Certificate {
  const der = exchange.request.certificate();
  if (!der) throw refusal('ClientCertificateNotFound', 'Client certificate was not presented.');
  try {
    return new X509Certificate(der);
  } catch {
    throw refusal('ClientCertificateNotTrusted', 'The client certificate cannot be read.');
  }
}

function checkDates(certificate: X509Certificate, checks: Checks, now: number): void {
  if (checks.notBefore && now < certificate.validFromDate.getTime())
    throw refusal('ClientCertificateNotYetValid', 'Certificate is not yet valid.');
  if (checks.notAfter && now > certificate.validToDate.getTime())
    throw refusal('ClientCertificateExpired', 'Certificate has expired.');
}

async function checkChain(certificate: X509Certificate, checks: Checks, exchange: Exchange): Promise<void> {
  if (!checks.trust && !checks.revocation) return;
  const { certificates, clock } = exchange.ports;
  const chain = buildChain(certificate, certificates, clock.now());
  if (checks.trust && !chain)
    throw refusal('ClientCertificateNotTrusted', 'A certificate chain could not be built to a trusted root authority.');
  if (!checks.revocation) return;
  // Without trust the issuer may still be known.
  const path = chain ?? [certificate, ...issuersOf(certificate, certificates).slice(0, 1)];
  for (const [i, one] of path.entries()) {
    const issuer = path[i + 1] ?? (i === 0 && !chain ? certificate : null);
    if (!issuer) break;
    const status = await revocationStatus(one, issuer, exchange.ports);
    if (status === 'revoked') throw refusal('ClientCertificateRevoked', 'Certificate has been revoked.');
    if (status === 'unknown')
      throw refusal('ClientCertificateRevoked', 'The revocation status of the certificate could not be determined.');
  }
}

type Reason =
  | 'ClientCertificateNotFound'
  | 'ClientCertificateNotYetValid'
  | 'ClientCertificateExpired'
  | 'ClientCertificateNotTrusted'
  | 'ClientCertificateRevoked'
  | 'ClientCertificateIdentityNotMatched';

/** The caller learns only that the certificate will not do (captures of live gateways). */
const refusal = (reason: Reason, message: string): PolicyError =>
  new PolicyError(reason, message, { status: 401, message: 'Invalid client certificate' });
