import { X509Certificate } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import type { Application, CertificateCredential } from './applications.ts';
import { TokenError } from './token-errors.ts';

const algorithms = ['RS256', 'PS256', 'RS384', 'PS384', 'RS512', 'PS512', 'ES256', 'ES384'];
/** Longer lives are not needed, and each identifier must be remembered that long. */
const longestSeconds = 24 * 60 * 60;
const mostRemembered = 100_000;

/** Assertions by which an application proves that it has the key of one of its certificates (RFC 7523). */
export class AssertionVerifier {
  readonly #now: () => number;
  /** `jti` of assertions that were used, with the second in which they end. */
  readonly #used = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws {TokenError} `assertionInvalid` */
  async verify(assertion: string, application: Application, baseUrl: string): Promise<void> {
    const credential = findCertificate(assertion, application);
    const now = this.#now();
    if (Date.parse(credential.endDateTime) <= now || Date.parse(credential.startDateTime) > now)
      throw invalid('the certificate is not in force');
    let payload: Awaited<ReturnType<typeof jwtVerify>>['payload'];
    try {
      const key = new X509Certificate(credential.certificate).publicKey;
      const options = {
        algorithms,
        issuer: application.appId,
        subject: application.appId,
        currentDate: new Date(now),
        clockTolerance: 300,
      };
      ({ payload } = await jwtVerify(assertion, key, { ...options, requiredClaims: ['exp', 'aud'] }));
    } catch (error) {
      throw invalid(error instanceof Error ? error.message : 'it cannot be verified');
    }
    const audiences = [payload.aud ?? []].flat();
    if (!audiences.some((audience) => isOwn(audience, baseUrl)))
      throw invalid(`its audience '${audiences.join(' ')}' is not this authority`);
    this.#rememberOnce(payload.jti, payload.exp ?? 0, Math.floor(now / 1000));
  }

  #rememberOnce(jti: string | undefined, exp: number, now: number): void {
    if (exp - now > longestSeconds) throw invalid('it lives longer than a day');
    if (jti === undefined) return;
    if ((this.#used.get(jti) ?? 0) > now - 300) throw invalid('it was used before');
    this.#used.set(jti, exp);
    if (this.#used.size > mostRemembered)
      for (const [id, end] of this.#used) if (end <= now - 300) this.#used.delete(id);
  }
}

function findCertificate(assertion: string, application: Application): CertificateCredential {
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(assertion);
  } catch {
    throw invalid('it is no JWT');
  }
  const { x5t, 'x5t#S256': x5tS256, kid } = header;
  const found = application.certificates.find(
    (one) =>
      one.x5tS256 === x5tS256 ||
      one.x5t === x5t ||
      (kid !== undefined && (kid === one.keyId || kid === thumbprint(one.x5t))),
  );
  if (found === undefined) throw invalid('the key was not found in the certificates of the application');
  return found;
}

/** MSAL names the certificate in `kid` by its SHA-1 in hexadecimal. */
function thumbprint(x5t: string): string {
  return Buffer.from(x5t, 'base64url').toString('hex').toUpperCase();
}

function isOwn(audience: string, baseUrl: string): boolean {
  return audience === baseUrl || audience.startsWith(`${baseUrl}/`);
}

function invalid(reason: string): TokenError {
  return new TokenError('assertionInvalid', { reason });
}
