import type { X509Certificate } from 'node:crypto';
import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import type { AttributeSchema } from '../schema/definition.ts';
import { hasSigned, issuersOf, parse } from './certificate-chain.ts';
import { parseName, partsOfLines, sameName } from './distinguished-name.ts';

const text: AttributeSchema = { type: 'string', expression: true, nonEmpty: true };

type Property =
  | 'thumbprint'
  | 'serial-number'
  | 'common-name'
  | 'subject'
  | 'dns-name'
  | 'issuer-subject'
  | 'issuer-thumbprint'
  | 'issuer-certificate-id';

type Test = (certificate: X509Certificate, expected: string, exchange: Exchange) => boolean;

/** What an `identity` can say about a certificate. */
const tests: Readonly<Record<Property, Test>> = {
  thumbprint: (certificate, expected) => thumbprintOf(certificate) === hex(expected),
  'serial-number': (certificate, expected) => withoutZeros(certificate.serialNumber) === withoutZeros(hex(expected)),
  'common-name': (certificate, expected) =>
    partsOfLines(certificate.subject).some(
      ([type, value]) => type === 'CN' && value.toLowerCase() === expected.trim().toLowerCase(),
    ),
  subject: (certificate, expected) => sameName(partsOfLines(certificate.subject), parseName(expected)),
  'dns-name': (certificate, expected) => dnsNames(certificate).includes(expected.trim().toLowerCase()),
  'issuer-subject': (certificate, expected) => sameName(partsOfLines(certificate.issuer), parseName(expected)),
  'issuer-thumbprint': (certificate, expected, { ports }) =>
    issuersOf(certificate, ports.certificates).some((issuer) => thumbprintOf(issuer) === hex(expected)),
  'issuer-certificate-id': (certificate, expected, { ports }) => {
    const pem = ports.certificates.find(expected)?.certificatePem;
    const issuer = pem ? parse(pem) : null;
    return issuer !== null && hasSigned(issuer, certificate);
  },
};

const properties = Object.keys(tests).filter((name): name is Property => Object.hasOwn(tests, name));

export const identityAttributes: Readonly<Record<string, AttributeSchema>> = Object.fromEntries(
  properties.map((name) => [name, text]),
);

export function validateIdentity(element: PolicyElement, compiler: PolicyCompiler): void {
  if (!properties.some((name) => compiler.has(element, name)))
    compiler.report(element, `At least one of the attributes ${properties.join(', ')} is required.`);
}

/** Compiles an `identity`: the certificate must have all properties that it names. A null matches nothing. */
export function compileIdentity(
  element: PolicyElement,
  compiler: PolicyCompiler,
): (certificate: X509Certificate, exchange: Exchange) => boolean {
  const expected = properties
    .filter((name) => compiler.has(element, name))
    .map((name) => [tests[name], compiler.string(element, name)] as const);
  return (certificate, exchange) =>
    expected.every(([test, value]) => {
      const wanted = value.get(exchange);
      return wanted !== null && wanted.trim() !== '' && test(certificate, wanted, exchange);
    });
}

const hex = (value: string): string => value.replace(/[^0-9A-Fa-f]/g, '').toUpperCase();

const thumbprintOf = (certificate: X509Certificate): string => hex(certificate.fingerprint);

const withoutZeros = (serial: string): string => serial.toUpperCase().replace(/^0+(?=.)/, '');

/** node:crypto puts values with special characters into quotes, so that a name cannot pose as two. */
function dnsNames({ subjectAltName }: X509Certificate): string[] {
  const names: string[] = [];
  const pattern = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/gy;
  for (let match = pattern.exec(subjectAltName ?? ''); match?.[0]; match = pattern.exec(subjectAltName ?? ''))
    if (match[1] === 'DNS' && !match[2]?.startsWith('"')) names.push((match[2] ?? '').toLowerCase());
  return names;
}
