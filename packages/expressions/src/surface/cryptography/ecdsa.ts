import { Ecdsa } from '../../runtime/crypto/ecdsa.ts';
import { argumentNull } from '../../runtime/exceptions.ts';
import type { Certificate } from '../../runtime/x509/certificate.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';
import { crypto, type HashAlgorithmName } from './hash.ts';

function required(certificate: Certificate | null): Certificate {
  if (certificate === null) throw argumentNull('certificate');
  return certificate;
}

/** Keys of certificates with elliptic curves. */
export const ecdsaTypes: readonly TypeDeclaration[] = [
  declareType({
    name: `${crypto}ECDsa`,
    kind: 'class',
    base: `${crypto}AsymmetricAlgorithm`,
    test: (value) => value instanceof Ecdsa,
    members: {
      'byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)': (
        self: Ecdsa,
        data: Uint8Array | null,
        hash: HashAlgorithmName,
      ) => self.sign(data, hash.node),
      'bool VerifyData(byte[] data, byte[] signature, HashAlgorithmName hashAlgorithm)': (
        self: Ecdsa,
        data: Uint8Array | null,
        signature: Uint8Array | null,
        hash: HashAlgorithmName,
      ) => self.verify(data, signature, hash.node),
    },
    refused: { SignHash: 'use SignData.', VerifyHash: 'use VerifyData.', new: 'its key comes from a certificate.' },
  }),
  declareType({
    name: `${crypto}X509Certificates.ECDsaCertificateExtensions`,
    kind: 'static',
    members: {
      'static ECDsa GetECDsaPublicKey(this X509Certificate2 certificate)': (certificate: Certificate | null) => {
        const { keyType, x509 } = required(certificate);
        return keyType === 'ec' ? new Ecdsa(x509.publicKey) : null;
      },
      'static ECDsa GetECDsaPrivateKey(this X509Certificate2 certificate)': (certificate: Certificate | null) => {
        const { keyType, privateKey } = required(certificate);
        return keyType === 'ec' && privateKey ? new Ecdsa(privateKey) : null;
      },
    },
  }),
];
