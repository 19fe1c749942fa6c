/** For tests: certificates and PFX files, made when they are asked for. */
export { makePfx, selfSignedCertificate, type TestCertificate } from './certificates.ts';
