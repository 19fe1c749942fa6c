import 'reflect-metadata';
import { randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509Certificate as X509CertificateOf,
} from '@peculiar/x509';

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPairPem {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface LocalAuthority {
  /** Path of the authority's certificate: what `lazuli trust` tells the user to trust. */
  readonly certificateFile: string;
  readonly certificatePem: string;
  /** A certificate for the listener, signed by the authority: kept, and made anew when it is about to end or lacks a name. */
  serverCertificate(names: readonly string[]): Promise<KeyPairPem>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 24 * 60 * 60 * 1000;
const authorityDays = 3650;
/** Browsers refuse server certificates of more than 398 days. */
const serverDays = 397;
const renewBeforeDays = 30;

/**
 * Opens the certificate authority of this machine in `folder`, made at the first call. Its private key never leaves the
 * folder (mode 0600 in a folder of mode 0700) and signs only certificates for the names that the listener has.
 * @throws when the folder cannot be written or holds files that are not a key pair; the message names the file.
 */
export async function openLocalAuthority(folder: string, now: () => number = Date.now): Promise<LocalAuthority> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const files = pairFiles(folder, 'authority');
  let pair = await readPair(files);
  if (!pair || endsWithin(pair, renewBeforeDays, now)) {
    pair = await makeAuthority(now());
    await writePair(files, pair);
  }
  const authority = pair;
  return {
    certificateFile: files.certificate,
    certificatePem: authority.certificatePem,
    async serverCertificate(names) {
      const serverFiles = pairFiles(folder, 'server');
      const kept = await readPair(serverFiles);
      if (kept && !endsWithin(kept, renewBeforeDays, now) && isFor(kept, names) && isSignedBy(kept, authority))
        return kept;
      const made = await makeServerCertificate(authority, names, now());
      await writePair(serverFiles, made);
      return made;
    },
  };
}

async function makeAuthority(now: number): Promise<KeyPairPem> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=Lazuli local authority ${new Date(now).toISOString().slice(0, 10)}, O=Lazuli`,
    notBefore: new Date(now - day),
    notAfter: new Date(now + authorityDays * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return toPem(certificate.toString('pem'), keys.privateKey);
}

async function makeServerCertificate(
  authority: KeyPairPem,
  names: readonly string[],
  now: number,
): Promise<KeyPairPem> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const issuer = new X509Certificate(authority.certificatePem);
  const issuerPublicKey = await webcrypto.subtle.importKey(
    'spki',
    issuer.publicKey.export({ type: 'spki', format: 'der' }),
    algorithm,
    true,
    ['verify'],
  );
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    PemConverter.decode(authority.privateKeyPem)[0] as ArrayBuffer,
    algorithm,
    false,
    ['sign'],
  );
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${names[0] ?? 'localhost'}`,
    issuer: new X509CertificateOf(authority.certificatePem).subjectName.toJSON(),
    notBefore: new Date(now - day),
    notAfter: new Date(now + serverDays * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name })),
      ),
      await AuthorityKeyIdentifierExtension.create(issuerPublicKey),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return toPem(certificate.toString('pem'), keys.privateKey);
}

async function toPem(certificatePem: string, privateKey: webcrypto.CryptoKey): Promise<KeyPairPem> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  return { certificatePem, privateKeyPem: PemConverter.encode(pkcs8, 'PRIVATE KEY') };
}

/** A positive serial number of 16 random bytes in hexadecimal (RFC 5280, section 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

interface PairFiles {
  readonly certificate: string;
  readonly privateKey: string;
}

function pairFiles(folder: string, name: string): PairFiles {
  return { certificate: join(folder, `${name}.crt`), privateKey: join(folder, `${name}.key`) };
}

async function readPair(files: PairFiles): Promise<KeyPairPem | undefined> {
  let certificatePem: string;
  let privateKeyPem: string;
  try {
    [certificatePem, privateKeyPem] = await Promise.all([
      readFile(files.certificate, 'utf8'),
      readFile(files.privateKey, 'utf8'),
    ]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    new X509Certificate(certificatePem);
    PemConverter.decode(privateKeyPem);
  } catch (cause) {
    throw new Error(
      `${files.certificate} and ${files.privateKey} are not a certificate and its key; remove both to have them made anew.`,
      { cause },
    );
  }
  return { certificatePem, privateKeyPem };
}

/** The key first and each under another name, so that a crash leaves either the old pair or the new one readable. */
async function writePair(files: PairFiles, pair: KeyPairPem): Promise<void> {
  await writeFile(`${files.privateKey}.new`, pair.privateKeyPem, { mode: 0o600 });
  await writeFile(`${files.certificate}.new`, pair.certificatePem, { mode: 0o644 });
  await rename(`${files.privateKey}.new`, files.privateKey);
  await rename(`${files.certificate}.new`, files.certificate);
}

function endsWithin(pair: KeyPairPem, days: number, now: () => number): boolean {
  return Date.parse(new X509Certificate(pair.certificatePem).validTo) < now() + days * day;
}

function isFor(pair: KeyPairPem, names: readonly string[]): boolean {
  const certificate = new X509Certificate(pair.certificatePem);
  return names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined);
}

function isSignedBy(pair: KeyPairPem, authority: KeyPairPem): boolean {
  return new X509Certificate(pair.certificatePem).verify(new X509Certificate(authority.certificatePem).publicKey);
}
