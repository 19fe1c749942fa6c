import { X509Certificate } from 'node:crypto';
import { Pkcs12Error, readPkcs12 } from '@lazuli/certificates';
import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import { PolicyError } from '../policy-error.ts';
import type { ClientCertificate } from '../ports/ports.ts';
import type { ElementSchema } from '../schema/definition.ts';

export const authenticationCertificateElement: ElementSchema = {
  attributes: {
    thumbprint: { type: 'string', expression: true, nonEmpty: true },
    'certificate-id': { type: 'string', expression: true, nonEmpty: true },
    body: { type: 'string', expression: true, nonEmpty: true, note: 'PFX as byte[] or base64' },
    password: { type: 'string', expression: true },
  },
};

/** Exactly one way to name the certificate; one that is named by a literal must exist. */
export function validateAuthenticationCertificate(element: PolicyElement, compiler: PolicyCompiler): void {
  const given = ['thumbprint', 'certificate-id', 'body'].filter((name) => compiler.has(element, name));
  if (given.length !== 1)
    compiler.report(element, "Exactly one of the attributes 'thumbprint', 'certificate-id' and 'body' is required.");
  if (compiler.has(element, 'password') && !compiler.has(element, 'body'))
    compiler.report(element, "The attribute 'password' belongs to 'body'.");
  const { certificates } = compiler.environment;
  for (const name of ['thumbprint', 'certificate-id']) {
    const value = attributeOf(element, name)?.value;
    if (value?.kind !== 'literal' || value.unresolved) continue;
    const id = name === 'thumbprint' ? bareThumbprint(value.text) : value.text;
    if (!certificates.has(id) && !certificates.has(id.toUpperCase()))
      compiler.report(
        element,
        `Certificate with ${name === 'thumbprint' ? 'thumbprint' : 'id'} '${value.written}' could not be found.`,
        value.at,
      );
  }
}

/**
 * Compiles `authentication-certificate` to the certificate that the connection presents. The compiled function throws
 * `PolicyError` CertificateNotFound when there is none of the name or it has no private key, and
 * ExpressionValueEvaluationFailure when `body` is no PFX that the password opens.
 */
export function compileClientCertificate(
  element: PolicyElement,
  compiler: PolicyCompiler,
): (exchange: Exchange) => ClientCertificate {
  if (compiler.has(element, 'body')) {
    const body = compiler.object(element, 'body');
    const password = compiler.string(element, 'password');
    const read = remembered();
    return (exchange) => read(pfxBytes(body.get(exchange)), password.get(exchange) ?? '');
  }
  const isThumbprint = compiler.has(element, 'thumbprint');
  const id = compiler.string(element, isThumbprint ? 'thumbprint' : 'certificate-id');
  return (exchange) => {
    const name = id.get(exchange) ?? '';
    const found = exchange.ports.certificates.find(isThumbprint ? bareThumbprint(name) : name);
    if (!found) throw unusable(`Certificate with ${isThumbprint ? 'thumbprint' : 'id'} '${name}' could not be found.`);
    const { certificatePem, privateKeyPem } = found;
    if (privateKeyPem === null) throw unusable(`The certificate '${name}' has no private key.`);
    return { certificatePem, privateKeyPem };
  };
}

/** Thumbprints are pasted from certificate viewers: with blanks, and with an invisible mark in front. */
const bareThumbprint = (text: string): string => text.replace(/[^0-9A-Za-z]/g, '').toUpperCase();

function pfxBytes(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === 'string' && /^[\s0-9A-Za-z+/]+={0,2}\s*$/.test(value)) return Buffer.from(value, 'base64');
  throw evaluationFailure("The attribute 'body' must be a PFX: a byte[] or its base64 text.");
}

/** Opening a PFX takes milliseconds (key derivation): the last one is kept. */
function remembered(): (bytes: Buffer, password: string) => ClientCertificate {
  let last: { readonly bytes: Buffer; readonly password: string; readonly certificate: ClientCertificate } | null =
    null;
  return (bytes, password) => {
    if (last && last.password === password && last.bytes.equals(bytes)) return last.certificate;
    const certificate = openPfx(bytes, password);
    last = { bytes: Buffer.from(bytes), password, certificate };
    return certificate;
  };
}

function openPfx(bytes: Buffer, password: string): ClientCertificate {
  try {
    const { certificate, privateKey } = readPkcs12(bytes, password);
    if (!privateKey) throw evaluationFailure("The PFX of the attribute 'body' has no private key.");
    return {
      certificatePem: new X509Certificate(certificate).toString(),
      privateKeyPem: `-----BEGIN PRIVATE KEY-----\n${privateKey.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
    };
  } catch (error) {
    if (error instanceof PolicyError) throw error;
    const why = error instanceof Pkcs12Error ? error.message : 'its certificate cannot be read';
    throw evaluationFailure(`The attribute 'body' is no PFX that can be used: ${why}.`, error);
  }
}

const unusable = (message: string): PolicyError =>
  new PolicyError('CertificateNotFound', message, { status: 500, message: 'Internal server error', activityId: true });
