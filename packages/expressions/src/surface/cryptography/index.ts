import { declareType, type TypeDeclaration } from '../declare.ts';
import { ecdsaTypes } from './ecdsa.ts';
import { hashTypes } from './hash.ts';
import { rsaTypes } from './rsa.ts';
import { symmetricExtensions, symmetricTypes } from './symmetric.ts';
import { certificateExtensions, x509Types } from './x509.ts';

/** Namespaces System.Security.Cryptography and System.Security.Cryptography.X509Certificates, over node:crypto. */
export const cryptographyTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Security.Cryptography.CryptographicException',
    kind: 'class',
    base: 'System.Exception',
  }),
  ...hashTypes,
  ...rsaTypes,
  ...ecdsaTypes,
  ...symmetricTypes,
  ...x509Types,
  declareType({
    name: 'Microsoft.Azure.ApiManagement.CryptographyExtensions',
    kind: 'static',
    members: { ...symmetricExtensions, ...certificateExtensions },
  }),
];
