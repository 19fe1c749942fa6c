import type { PolicyCompiler, Value } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import type { ClaimRule } from './claim-rules.ts';
import { compileDecryptionKeys, compileSigningKeys } from './compile-token-keys.ts';
import type { TokenRules } from './token-validator.ts';

/** Compiles the children and switches of `validate-jwt` to the rules for a request. */
export function compileTokenRules(
  element: PolicyElement,
  compiler: PolicyCompiler,
): (exchange: Exchange) => TokenRules {
  const metadata = compiler.children(element, 'openid-config').map((config) => ({
    url: compiler.string(config, 'url'),
    host: compiler.string(config, 'host'),
  }));
  const keys = compileSigningKeys(element, compiler);
  const decryptionKeys = compileDecryptionKeys(element, compiler);
  const audiences = compileTexts(element, compiler, 'audiences', 'audience');
  const issuers = compileTexts(element, compiler, 'issuers', 'issuer');
  const requiredClaims = compileClaims(element, compiler);
  const requireExpiration = compiler.boolean(element, 'require-expiration-time');
  const requireSigned = compiler.boolean(element, 'require-signed-tokens');
  const clockSkew = compiler.int(element, 'clock-skew');

  return (exchange) => ({
    metadata: metadata.map(({ url, host }) => ({ url: url.get(exchange) ?? '', host: host.get(exchange) || null })),
    keys: keys.map((key) => key(exchange)),
    decryptionKeys: decryptionKeys.map((key) => key(exchange)),
    audiences: audiences(exchange),
    issuers: issuers(exchange),
    requiredClaims: requiredClaims(exchange),
    requireExpiration: requireExpiration.get(exchange),
    requireSigned: requireSigned.get(exchange),
    clockSkewMs: clockSkew.get(exchange) * 1000,
  });
}

/** The texts of `parent/item`; a null is left out. */
export function compileTexts(
  element: PolicyElement,
  compiler: PolicyCompiler,
  parent: string,
  item: string,
): (exchange: Exchange) => string[] {
  const list = compiler.child(element, parent);
  const values = list ? compiler.children(list, item).map((child) => compiler.text(child)) : [];
  return (exchange) => values.flatMap((value) => value.get(exchange) ?? []);
}

/** `required-claims`. */
export function compileClaims(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => ClaimRule[] {
  const list = compiler.child(element, 'required-claims');
  const claims = (list ? compiler.children(list, 'claim') : []).map((claim) => ({
    name: compiler.string(claim, 'name'),
    match: compiler.choice(claim, 'match'),
    separator: compiler.string(claim, 'separator'),
    values: compiler.children(claim, 'value').map((value): Value<string | null> => compiler.text(value)),
  }));
  return (exchange) =>
    claims.map(({ name, match, separator, values }) => ({
      name: name.get(exchange) ?? '',
      match: match.get(exchange) === 'any' ? 'any' : 'all',
      separator: separator.get(exchange) || null,
      values: values.map((value) => value.get(exchange) ?? ''),
    }));
}
