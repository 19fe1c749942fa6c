import { claimValues } from './claim-rules.ts';
import type { JsonObject } from './compact-token.ts';
import { TokenError } from './token-error.ts';

export interface LifetimeRules {
  readonly requireExpiration: boolean;
  readonly clockSkewMs: number;
}

/** `exp` and `nbf` (RFC 7519, 4.1.4 and 4.1.5) with IdentityModel's messages. `now` in milliseconds since 1970. */
export function checkLifetime(claims: JsonObject, rules: LifetimeRules, now: number): void {
  const expires = seconds(claims, 'exp');
  const notBefore = seconds(claims, 'nbf');
  if (expires === null) {
    if (rules.requireExpiration)
      throw new TokenError(
        'TokenExpired',
        "IDX10225: Lifetime validation failed. The token is missing an Expiration Time. Tokentype: 'System.IdentityModel.Tokens.Jwt.JwtSecurityToken'.",
      );
  } else if (notBefore !== null && notBefore > expires) {
    throw new TokenError(
      'JwtInvalid',
      `IDX10224: Lifetime validation failed. The NotBefore (UTC): '${utc(notBefore)}' is after Expires (UTC): '${utc(expires)}'.`,
    );
  }
  if (notBefore !== null && notBefore > now + rules.clockSkewMs)
    throw new TokenError(
      'JwtInvalid',
      `IDX10222: Lifetime validation failed. The token is not yet valid. ValidFrom (UTC): '${utc(notBefore)}', Current time (UTC): '${utc(now)}'.`,
    );
  if (expires !== null && expires < now - rules.clockSkewMs)
    throw new TokenError(
      'TokenExpired',
      `IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): '${utc(expires)}', Current time (UTC): '${utc(now)}'.`,
    );
}

/** @throws {TokenError} TokenAudienceNotAllowed. */
export function checkAudience(claims: JsonObject, allowed: readonly string[]): void {
  const audiences = claimValues(claims, 'aud')?.filter((audience) => audience !== '') ?? [];
  if (audiences.length === 0)
    throw new TokenError(
      'TokenAudienceNotAllowed',
      "IDX10206: Unable to validate audience. The 'audiences' parameter is empty.",
    );
  if (!audiences.some((audience) => allowed.includes(audience)))
    throw new TokenError(
      'TokenAudienceNotAllowed',
      `IDX10214: Audience validation failed. Audiences: '${audiences.join(', ')}'. Did not match: validationParameters.ValidAudience: 'null' or validationParameters.ValidAudiences: '${allowed.join(', ')}'.`,
    );
}

/** `{tenantid}` in an allowed issuer is the token's `tid` (metadata of the `common` endpoint). @throws {TokenError} TokenIssuerNotAllowed. */
export function checkIssuer(claims: JsonObject, allowed: readonly string[]): void {
  const { iss, tid } = claims;
  if (typeof iss !== 'string' || iss.trim() === '')
    throw new TokenError(
      'TokenIssuerNotAllowed',
      "IDX10211: Unable to validate issuer. The 'issuer' parameter is null or whitespace.",
    );
  const isFine = allowed.some(
    (issuer) =>
      issuer === iss || (typeof tid === 'string' && tid !== '' && issuer.replace('{tenantid}', () => tid) === iss),
  );
  if (!isFine)
    throw new TokenError(
      'TokenIssuerNotAllowed',
      `IDX10205: Issuer validation failed. Issuer: '${iss}'. Did not match: validationParameters.ValidIssuer: 'null' or validationParameters.ValidIssuers: '${allowed.join(', ')}'.`,
    );
}

/** Milliseconds since 1970; null when the claim is absent. */
function seconds(claims: JsonObject, name: 'exp' | 'nbf'): number | null {
  if (!Object.hasOwn(claims, name)) return null;
  const value = claims[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value * 1000;
  throw new TokenError('JwtInvalid', `IDX14114: The claim '${name}' is not a number.`);
}

/** As .NET prints a DateTime in the culture of the gateways: `6/1/2020 12:00:00 AM`. */
function utc(time: number): string {
  const date = new Date(Math.min(Math.max(time, -8.64e15), 8.64e15));
  const hours = date.getUTCHours();
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hours < 12 ? 'AM' : 'PM'}`;
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} ${clock}`;
}
