import type { JsonObject } from './compact-token.ts';
import { TokenError } from './token-error.ts';

/** `required-claims/claim`. */
export interface ClaimRule {
  readonly name: string;
  readonly match: 'all' | 'any';
  /** Splits text values of the claim into several; null: they are taken whole. */
  readonly separator: string | null;
  /** Empty: the claim must be there with any value. */
  readonly values: readonly string[];
}

/**
 * The values of a claim as text: an array gives one each, true is `true`, an object is its JSON. Undefined when the token
 * does not have the claim.
 */
export function claimValues(claims: JsonObject, name: string): string[] | undefined {
  if (!Object.hasOwn(claims, name)) return undefined;
  const value = claims[name];
  return (Array.isArray(value) ? value : [value]).map(textOf);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** @throws {TokenError} TokenClaimNotFound (all that are missing), TokenClaimValueNotAllowed (the first). */
export function checkClaims(claims: JsonObject, rules: readonly ClaimRule[]): void {
  const missing = rules.filter((rule) => !Object.hasOwn(claims, rule.name)).map((rule) => rule.name);
  if (missing.length > 0)
    throw new TokenError('TokenClaimNotFound', `JWT token is missing the following claims: ${missing.join(', ')}.`);
  for (const { name, match, separator, values } of rules) {
    if (values.length === 0) continue;
    const whole = claimValues(claims, name) ?? [];
    const present = new Set(separator ? whole.flatMap((value) => value.split(separator)) : whole);
    const isFine =
      match === 'any' ? values.some((value) => present.has(value)) : values.every((value) => present.has(value));
    if (!isFine)
      throw new TokenError('TokenClaimValueNotAllowed', `Claim ${name} value of ${whole.join(', ')} is not allowed.`);
  }
}
