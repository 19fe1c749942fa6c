import { Rsa } from '../../runtime/crypto/rsa.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import { toStringMember } from '../../runtime/object.ts';
import { netType } from '../../runtime/values.ts';
import { Certificate } from '../../runtime/x509/certificate.ts';
import { declareType, type Implementation, type TypeDeclaration } from '../declare.ts';
import { crypto, type HashAlgorithmName } from './hash.ts';

const space = `${crypto}X509Certificates.`;

class PublicKey {
  get [netType](): string {
    return `${space}PublicKey`;
  }
  readonly certificate: Certificate;
  constructor(certificate: Certificate) {
    this.certificate = certificate;
  }
}

class Name {
  get [netType](): string {
    return `${space}X500DistinguishedName`;
  }
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

class Oid {
  get [netType](): string {
    return `${crypto}Oid`;
  }
  readonly value: string;
  readonly friendlyName: string;
  constructor(value: string, friendlyName: string) {
    this.value = value;
    this.friendlyName = friendlyName;
  }
}

const keyOids: Readonly<Record<string, Oid>> = {
  rsa: new Oid('1.2.840.113549.1.1.1', 'RSA'),
  ec: new Oid('1.2.840.10045.2.1', 'ECC'),
  dsa: new Oid('1.2.840.10040.4.1', 'DSA'),
  ed25519: new Oid('1.3.101.112', 'Ed25519'),
};

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
const keyType = ({ x509 }: Certificate) => x509.publicKey.asymmetricKeyType ?? '';
const publicRsa = (self: Certificate | null) => {
  if (self === null) throw argumentNull('certificate');
  return keyType(self) === 'rsa' ? Rsa.ofPublicKey(self.x509.publicKey) : null;
};

export const x509Types: readonly TypeDeclaration[] = [
  declareType({
    name: `${space}X509NameType`,
    kind: 'enum',
    values: { SimpleName: 0, EmailName: 1, UpnName: 2, DnsName: 3, DnsFromAlternativeName: 4, UrlName: 5 },
  }),
  declareType({
    name: `${space}X509ContentType`,
    kind: 'enum',
    values: {
      Unknown: 0,
      Cert: 1,
      SerializedCert: 2,
      Pfx: 3,
      Pkcs12: 3,
      SerializedStore: 4,
      Pkcs7: 5,
      Authenticode: 6,
    },
  }),
  declareType({
    name: `${crypto}Oid`,
    kind: 'class',
    test: (value) => value instanceof Oid,
    members: {
      'string Value { get; }': (self: Oid) => self.value,
      'string FriendlyName { get; }': (self: Oid) => self.friendlyName,
    },
  }),
  declareType({
    name: `${space}X500DistinguishedName`,
    kind: 'class',
    test: (value) => value instanceof Name,
    members: { 'string Name { get; }': (self: Name) => self.text },
  }),
  declareType({
    name: `${space}PublicKey`,
    kind: 'class',
    test: (value) => value instanceof PublicKey,
    members: {
      'AsymmetricAlgorithm Key { get; }': ({ certificate }: PublicKey) => publicRsa(certificate),
      'Oid Oid { get; }': ({ certificate }: PublicKey) =>
        keyOids[keyType(certificate)] ?? new Oid('', keyType(certificate)),
    },
    refused: {
      EncodedKeyValue: 'policy expressions do without it.',
      EncodedParameters: 'policy expressions do without it.',
    },
  }),
  declareType({
    name: `${space}X509Certificate`,
    kind: 'class',
    interfaces: ['IDisposable'],
    test: (value) => value instanceof Certificate,
    members: {
      'string Subject { get; }': (self: Certificate) => self.subject,
      'string Issuer { get; }': (self: Certificate) => self.issuer,
      'byte[] GetCertHash()': (self: Certificate) => self.hash(),
      'string GetCertHashString()': (self: Certificate) => self.thumbprint,
      'string GetCertHashString(HashAlgorithmName hashAlgorithm)': (self: Certificate, name: HashAlgorithmName) =>
        hex(self.hash(name.node)),
      'string GetSerialNumberString()': (self: Certificate) => self.serialNumber,
      'byte[] GetSerialNumber()': (self: Certificate) =>
        new Uint8Array(Buffer.from(self.serialNumber, 'hex')).toReversed(),
      'string GetEffectiveDateString()': (self: Certificate) => self.notBefore[toStringMember](),
      'string GetExpirationDateString()': (self: Certificate) => self.notAfter[toStringMember](),
      'byte[] GetRawCertData()': (self: Certificate) => self.raw,
      'string GetRawCertDataString()': (self: Certificate) => hex(self.raw),
      'string GetKeyAlgorithm()': (self: Certificate) => keyOids[keyType(self)]?.value ?? '',
      'string GetFormat()': () => 'X509',
      'bool Equals(X509Certificate other)': (self: Certificate, other: Certificate | null) =>
        other !== null && self.x509.fingerprint256 === other.x509.fingerprint256,
    },
  }),
  declareType({
    name: `${space}X509Certificate2`,
    kind: 'class',
    base: `${space}X509Certificate`,
    test: (value) => value instanceof Certificate,
    members: {
      'new(byte[] rawData)': (bytes: Uint8Array | null) => {
        if (bytes === null) throw argumentNull('rawData');
        return Certificate.fromDer(bytes);
      },
      'string Thumbprint { get; }': (self: Certificate) => self.thumbprint,
      'string SerialNumber { get; }': (self: Certificate) => self.serialNumber,
      'DateTime NotBefore { get; }': (self: Certificate) => self.notBefore,
      'DateTime NotAfter { get; }': (self: Certificate) => self.notAfter,
      'string FriendlyName { get; }': () => '',
      'bool HasPrivateKey { get; }': () => false,
      'AsymmetricAlgorithm PrivateKey { get; }': () => null,
      'PublicKey PublicKey { get; }': (self: Certificate) => new PublicKey(self),
      'byte[] RawData { get; }': (self: Certificate) => self.raw,
      'X500DistinguishedName SubjectName { get; }': (self: Certificate) => new Name(self.subject),
      'X500DistinguishedName IssuerName { get; }': (self: Certificate) => new Name(self.issuer),
      'string GetNameInfo(X509NameType nameType, bool forIssuer)': (self: Certificate, kind: number, issuer: boolean) =>
        self.nameInfo(kind, issuer),
      'bool Verify()': (self: Certificate) => self.isTrusted(),
      'override string ToString()': (self: Certificate) => self[toStringMember](),
    },
    refused: {
      Import: 'a certificate cannot be changed; use new X509Certificate2(byte[]).',
      Export: 'use RawData.',
      Extensions: 'policy expressions do without it.',
    },
  }),
  declareType({
    name: `${space}RSACertificateExtensions`,
    kind: 'static',
    members: {
      'static RSA GetRSAPublicKey(this X509Certificate2 certificate)': publicRsa,
      'static RSA GetRSAPrivateKey(this X509Certificate2 certificate)': () => null,
    },
  }),
];

/** Of CryptographyExtensions. */
export const certificateExtensions: Readonly<Record<string, Implementation>> = {
  'static bool VerifyNoRevocation(this X509Certificate2 input)': (input: Certificate | null) => {
    if (input === null) throw argumentNull('input');
    return input.isTrusted();
  },
};
