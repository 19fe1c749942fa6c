import { cryptographicException } from './failure.ts';
import type { RsaParameters } from './rsa.ts';

const parts = ['Modulus', 'Exponent', 'P', 'Q', 'DP', 'DQ', 'InverseQ', 'D'] as const;

/** `<RSAKeyValue>` of ToXmlString: XML-Signature Syntax and Processing, section 4.5.2.2, with .NET's private parts. */
export function toRsaXml(parameters: RsaParameters): string {
  const inner = parts.map((part) => {
    const value = parameters[part];
    return value ? `<${part}>${Buffer.from(value).toString('base64')}</${part}>` : '';
  });
  return `<RSAKeyValue>${inner.join('')}</RSAKeyValue>`;
}

/** Reads what {@link toRsaXml} writes. Throws CryptographicException. */
export function fromRsaXml(xml: string): RsaParameters {
  const inner = xml.length > 20_000 ? undefined : /<RSAKeyValue\b[^>]*>([\s\S]*)<\/RSAKeyValue>/.exec(xml)?.[1];
  if (inner === undefined)
    throw cryptographicException('Input string does not contain a valid encoding of the RSA parameters.');
  const parameters: RsaParameters = {
    Modulus: null,
    Exponent: null,
    D: null,
    P: null,
    Q: null,
    DP: null,
    DQ: null,
    InverseQ: null,
  };
  for (const part of parts) {
    const text = new RegExp(`<${part}>([A-Za-z0-9+/=\\s]*)</${part}>`).exec(inner)?.[1];
    if (text !== undefined) parameters[part] = new Uint8Array(Buffer.from(text, 'base64'));
  }
  return parameters;
}
