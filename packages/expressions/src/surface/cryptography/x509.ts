import { Rsa } from '../../runtime/crypto/rsa.ts';
import { argumentException, argumentNull, NetException } from '../../runtime/exceptions.ts';
import { toStringMember } from '../../runtime/object.ts';
import { netType } from '../../runtime/values.ts';
import { Certificate, contentTypeOf } from '../../runtime/x509/certificate.ts';
import { publicKeyOf, signatureAlgorithmOf, versionOf } from '../../runtime/x509/certificate-parts.ts';
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

/** As Windows names them. */
const signatureNames: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.5': 'sha1RSA',
  '1.2.840.113549.1.1.11': 'sha256RSA',
  '1.2.840.113549.1.1.12': 'sha384RSA',
  '1.2.840.113549.1.1.13': 'sha512RSA',
  '1.2.840.113549.1.1.10': 'RSASSA-PSS',
  '1.2.840.10045.4.3.2': 'sha256ECDSA',
  '1.2.840.10045.4.3.3': 'sha384ECDSA',
  '1.2.840.10045.4.3.4': 'sha512ECDSA',
};

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();

function required(certificate: Certificate | null): Certificate {
  if (certificate === null) throw argumentNull('certificate');
  return certificate;
}

const publicRsa = (certificate: Certificate | null) => {
  const { keyType, x509 } = required(certificate);
  return keyType === 'rsa' ? Rsa.of(x509.publicKey) : null;
};
const privateRsa = (certificate: Certificate | null) => {
  const { keyType, privateKey } = required(certificate);
  return keyType === 'rsa' && privateKey ? Rsa.of(privateKey) : null;
};

/** PrivateKey and PublicKey.Key have no class for keys that are not RSA. */
const unsupportedKey = () =>
  new NetException('System.NotSupportedException', 'The certificate key algorithm is not supported.');

const read = (bytes: Uint8Array | null, password: string | null = null) => {
  if (bytes === null || bytes.length === 0) throw argumentException('Array may not be empty or null.', 'rawData');
  return Certificate.read(bytes, password);
};
function exported(self: Certificate, contentType: number): Uint8Array {
  if (contentType === certificateContent) return self.raw;
  throw new NetException(
    'System.NotSupportedException',
    'Policy expressions export certificates as X509ContentType.Cert only.',
  );
}
const certificateContent = 1;

const constructors: Record<string, Implementation> = {
  'new(byte[] data)': (bytes: Uint8Array | null) => read(bytes),
  'new(byte[] rawData, string password)': read,
  'new(byte[] rawData, string password, X509KeyStorageFlags keyStorageFlags)': read,
  'new(X509Certificate cert)': required,
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
    name: `${space}X509KeyStorageFlags`,
    kind: 'enum',
    flags: true,
    values: {
      DefaultKeySet: 0,
      UserKeySet: 1,
      MachineKeySet: 2,
      Exportable: 4,
      UserProtected: 8,
      PersistKeySet: 16,
      EphemeralKeySet: 32,
    },
  }),
  declareType({
    name: `${crypto}Oid`,
    kind: 'class',
    test: (value) => value instanceof Oid,
    members: {
      'new(string oid)': (value: string | null) => new Oid(value ?? '', ''),
      'new(string value, string friendlyName)': (value: string | null, friendlyName: string | null) =>
        new Oid(value ?? '', friendlyName ?? ''),
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
      'AsymmetricAlgorithm Key { get; }': ({ certificate }: PublicKey) => {
        const key = publicRsa(certificate);
        if (!key) throw unsupportedKey();
        return key;
      },
      'Oid Oid { get; }': ({ certificate }: PublicKey) =>
        keyOids[certificate.keyType] ?? new Oid('', certificate.keyType),
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
      'string GetKeyAlgorithm()': (self: Certificate) => keyOids[self.keyType]?.value ?? '',
      'byte[] GetPublicKey()': publicKeyOf,
      'string GetPublicKeyString()': (self: Certificate) => hex(publicKeyOf(self)),
      'byte[] Export(X509ContentType contentType)': exported,
      'byte[] Export(X509ContentType contentType, string password)': exported,
      'void Reset()': () => null,
      'string GetFormat()': () => 'X509',
      ...constructors,
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
      ...constructors,
      'static X509ContentType GetCertContentType(byte[] rawData)': (bytes: Uint8Array | null) => {
        if (bytes === null || bytes.length === 0) throw argumentException('Array may not be empty or null.', 'rawData');
        return contentTypeOf(bytes);
      },
      'string Thumbprint { get; }': (self: Certificate) => self.thumbprint,
      'string SerialNumber { get; }': (self: Certificate) => self.serialNumber,
      'DateTime NotBefore { get; }': (self: Certificate) => self.notBefore,
      'DateTime NotAfter { get; }': (self: Certificate) => self.notAfter,
      'string FriendlyName { get; }': () => '',
      'int Version { get; }': versionOf,
      'Oid SignatureAlgorithm { get; }': (self: Certificate) => {
        const value = signatureAlgorithmOf(self);
        return new Oid(value, signatureNames[value] ?? '');
      },
      'bool HasPrivateKey { get; }': (self: Certificate) => self.hasPrivateKey,
      'AsymmetricAlgorithm PrivateKey { get; }': (self: Certificate) => {
        if (!self.hasPrivateKey) return null;
        const key = privateRsa(self);
        if (!key) throw unsupportedKey();
        return key;
      },
      'PublicKey PublicKey { get; }': (self: Certificate) => new PublicKey(self),
      'byte[] RawData { get; }': (self: Certificate) => self.raw,
      'X500DistinguishedName SubjectName { get; }': (self: Certificate) => new Name(self.subject),
      'X500DistinguishedName IssuerName { get; }': (self: Certificate) => new Name(self.issuer),
      'string GetNameInfo(X509NameType nameType, bool forIssuer)': (self: Certificate, kind: number, issuer: boolean) =>
        self.nameInfo(kind, issuer),
      'bool Verify()': (self: Certificate) => self.isTrusted(),
      'override string ToString()': (self: Certificate) => self[toStringMember](),
      'string ToString(bool verbose)': (self: Certificate) => self[toStringMember](),
    },
    refused: {
      Import: 'a certificate cannot be changed; use new X509Certificate2(byte[], string).',
      Extensions: 'policy expressions do without it.',
    },
  }),
  declareType({
    name: `${space}RSACertificateExtensions`,
    kind: 'static',
    members: {
      'static RSA GetRSAPublicKey(this X509Certificate2 certificate)': publicRsa,
      'static RSA GetRSAPrivateKey(this X509Certificate2 certificate)': privateRsa,
      'static X509Certificate2 CopyWithPrivateKey(this X509Certificate2 certificate, RSA privateKey)': (
        certificate: Certificate | null,
        key: Rsa | null,
      ) => {
        if (!key?.privateKey) throw argumentNull('privateKey');
        return required(certificate).withPrivateKey(key.privateKey);
      },
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
