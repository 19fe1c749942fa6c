import { hash } from 'node:crypto';
import type { PolicyCompiler, Value } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import { PolicyError } from '../policy-error.ts';
import { certificateKey, decryptionKey, rsaKey, secretKey, symmetricKey, type TokenKey } from './token-key.ts';

/** Gives a key for a request; made once when nothing about it is an expression. */
export type KeyOf = (exchange: Exchange) => TokenKey;

/** Reports keys that cannot be: of no kind or of several, literals that are no keys, certificates that do not exist. */
export function validateKeyElements(element: PolicyElement, compiler: PolicyCompiler): void {
  for (const parent of ['issuer-signing-keys', 'decryption-keys']) {
    const list = compiler.child(element, parent);
    for (const key of list ? compiler.children(list, 'key') : []) validateKey(key, compiler);
  }
}

function validateKey(key: PolicyElement, compiler: PolicyCompiler): void {
  const certificate = attributeOf(key, 'certificate-id')?.value;
  const [n, e] = [attributeOf(key, 'n')?.value, attributeOf(key, 'e')?.value];
  const kinds = [certificate, n ?? e, key.text].filter((one) => one !== undefined && one !== null);
  if (kinds.length !== 1 || (n === undefined) !== (e === undefined)) {
    compiler.report(key, "A key is given by exactly one of: base64 text, 'certificate-id', 'n' together with 'e'.");
    return;
  }
  if (certificate?.kind === 'literal' && !certificate.unresolved) {
    const id = certificate.text;
    const { certificates } = compiler.environment;
    if (!certificates.has(id) && !certificates.has(id.toUpperCase()))
      compiler.report(key, `Certificate with id '${id}' could not be found.`, certificate.at);
  }
  const isLiteral = [n, e, key.text].every((one) => one?.kind !== 'expression' && !one?.unresolved);
  if (certificate || !isLiteral) return;
  try {
    if (n && e) rsaKey(n.text, e.text, null);
    else symmetricKey(key.text?.text ?? '', null);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The secret may be another one where the document is deployed to.
    const isNamedValue = [n, e, key.text].some((one) => one && one.namedValueIn(0, one.text.length) !== null);
    if (isNamedValue) compiler.warn(key, message);
    else compiler.report(key, message);
  }
}

/** Children of `issuer-signing-keys` and `issuer-signing-tokens`. */
export function compileSigningKeys(element: PolicyElement, compiler: PolicyCompiler): KeyOf[] {
  const keys = compiler.child(element, 'issuer-signing-keys');
  const tokens = compiler.child(element, 'issuer-signing-tokens');
  return [
    ...(keys?.children ?? []).map((key) => (key.name === 'key' ? compileKey(key, compiler) : zumoKey(key, compiler))),
    ...(tokens?.children ?? []).map((token) => legacyToken(token, compiler)),
  ];
}

export function compileDecryptionKeys(element: PolicyElement, compiler: PolicyCompiler): KeyOf[] {
  const list = compiler.child(element, 'decryption-keys');
  return (list ? compiler.children(list, 'key') : []).map((key) => {
    const id = compiler.string(key, 'id');
    if (!compiler.has(key, 'certificate-id')) {
      const text = compiler.text(key);
      return memoized([text, id], ([secret, name]) => symmetricKey(secret ?? '', name ?? null));
    }
    const certificate = compiler.string(key, 'certificate-id');
    return (exchange) => {
      const found = findCertificate(exchange, certificate);
      if (found.privateKeyPem === null)
        throw misconfigured(`The certificate '${certificate.get(exchange)}' has no private key.`);
      return fromPem(found.privateKeyPem, id.get(exchange), decryptionKey);
    };
  });
}

function compileKey(key: PolicyElement, compiler: PolicyCompiler): KeyOf {
  const id = compiler.string(key, 'id');
  if (compiler.has(key, 'certificate-id')) {
    const certificate = compiler.string(key, 'certificate-id');
    return (exchange) =>
      fromPem(findCertificate(exchange, certificate).certificatePem, id.get(exchange), certificateKey);
  }
  if (compiler.has(key, 'n'))
    return memoized([compiler.string(key, 'n'), compiler.string(key, 'e'), id], ([n, e, name]) =>
      rsaKey(n ?? '', e ?? '', name ?? null),
    );
  return memoized([compiler.text(key), id], ([text, name]) => symmetricKey(text ?? '', name ?? null));
}

/** Azure Mobile Services derived the signing key from its master key like this. */
function zumoKey(key: PolicyElement, compiler: PolicyCompiler): KeyOf {
  return memoized([compiler.text(key), compiler.string(key, 'id')], ([master, name]) =>
    secretKey(hash('sha256', `${master ?? ''}JWTSig`, 'buffer'), name ?? null),
  );
}

/** A base64 certificate or a base64 secret: the element is older than `issuer-signing-keys`. */
function legacyToken(token: PolicyElement, compiler: PolicyCompiler): KeyOf {
  return memoized([compiler.text(token)], ([text]) => {
    try {
      return certificateKey(Buffer.from(text ?? '', 'base64'), null);
    } catch {
      return symmetricKey(text ?? '', null);
    }
  });
}

/** Makes a key again only when one of the texts that it is made of has changed. */
function memoized(
  values: readonly Value<string | null>[],
  make: (texts: readonly (string | null)[]) => TokenKey,
): KeyOf {
  let made: { readonly texts: readonly (string | null)[]; readonly key: TokenKey } | undefined;
  return (exchange) => {
    const texts = values.map((value) => value.get(exchange));
    if (made && texts.every((text, i) => text === made?.texts[i])) return made.key;
    try {
      made = { texts, key: make(texts) };
    } catch (error) {
      throw evaluationFailure(error instanceof Error ? error.message : String(error), error);
    }
    return made.key;
  };
}

function findCertificate(exchange: Exchange, value: Value<string | null>) {
  const id = value.get(exchange) ?? '';
  const found = exchange.ports.certificates.find(id);
  if (!found) throw misconfigured(`Certificate with id '${id}' could not be found.`);
  return found;
}

const parsed = new Map<string, TokenKey>();
const mostParsed = 200;

/** Reading a key costs more than checking a signature with it. */
function fromPem(pem: string, id: string | null, read: (pem: string, id: string | null) => TokenKey): TokenKey {
  const name = JSON.stringify([read.name, id, hash('sha256', pem, 'base64url')]);
  const known = parsed.get(name);
  if (known) return known;
  let key: TokenKey;
  try {
    key = read(pem, id);
  } catch (error) {
    throw misconfigured(error instanceof Error ? error.message : String(error));
  }
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(name, key);
  return key;
}

const misconfigured = (message: string): PolicyError =>
  new PolicyError('CertificateNotFound', message, { status: 500, message: 'Internal server error', activityId: true });
