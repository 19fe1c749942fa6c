/** Readers of certificates and keys: PFX (PKCS #12), PEM and DER. Pure: bytes in, bytes out. */
export { type CertificateData, CertificateDataError, readCertificateData } from './certificate-data.ts';
export {
  child as derChild,
  children as derChildren,
  type DerElement,
  DerError,
  objectIdentifier,
  readDer,
} from './der.ts';
export { type Pkcs12, Pkcs12Error, type Pkcs12Limits, readPkcs12 } from './pkcs12.ts';
