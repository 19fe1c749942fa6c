import {
  createCipheriv,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  pbkdf2Sync,
  randomBytes,
  sign,
} from 'node:crypto';
import { derivePkcs12Key } from '../password-encryption.ts';
import { der } from './der-writer.ts';

export interface TestCertificate {
  readonly der: Buffer;
  readonly privateKey: KeyObject;
}

/** A self-signed certificate with a new key: ECDSA over P-256, or RSA of 2048 bits; signed with SHA-256. */
export function selfSignedCertificate(commonName: string, kind: 'ec' | 'rsa' = 'ec'): TestCertificate {
  const { privateKey, publicKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithm =
    kind === 'ec'
      ? der.sequence(der.identifier('1.2.840.10045.4.3.2'))
      : der.sequence(der.identifier('1.2.840.113549.1.1.11'), der.element(0x05));
  const name = der.sequence(
    der.set(der.sequence(der.identifier('2.5.4.3'), der.element(0x0c, Buffer.from(commonName)))),
  );
  const validity = der.sequence(
    der.element(0x17, Buffer.from('250101000000Z')),
    der.element(0x17, Buffer.from('450101000000Z')),
  );
  const key = publicKey.export({ format: 'der', type: 'spki' });
  const body = der.sequence(der.element(0xa0, der.integer(2)), der.integer(1), algorithm, name, validity, name, key);
  const signature = der.element(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  return { der: der.sequence(body, algorithm, signature), privateKey };
}

/** How a PFX is protected: as OpenSSL 3 does, or as older tools did. */
export type PfxProtection = 'aes-256' | 'triple-des';

/** A PFX with a certificate and its key. */
export function makePfx(certificate: TestCertificate, password: string, protection: PfxProtection): Buffer {
  const encrypt = protection === 'aes-256' ? encryptAes : encryptTripleDes;
  const localKeyId = der.set(
    der.sequence(der.identifier('1.2.840.113549.1.9.21'), der.set(der.octets(Buffer.from([1])))),
  );
  const certificateBag = der.sequence(
    der.identifier('1.2.840.113549.1.12.10.1.3'),
    der.element(
      0xa0,
      der.sequence(der.identifier('1.2.840.113549.1.9.22.1'), der.element(0xa0, der.octets(certificate.der))),
    ),
    localKeyId,
  );
  const key = encrypt(certificate.privateKey.export({ format: 'der', type: 'pkcs8' }), password);
  const keyBag = der.sequence(
    der.identifier('1.2.840.113549.1.12.10.1.2'),
    der.element(0xa0, der.sequence(key.algorithm, der.octets(key.ciphertext))),
    localKeyId,
  );
  const data = der.identifier('1.2.840.113549.1.7.1');
  const bags = encrypt(der.sequence(certificateBag), password);
  const encrypted = der.sequence(
    der.integer(0),
    der.sequence(data, bags.algorithm, der.element(0x80, bags.ciphertext)),
  );
  const content = der.sequence(
    der.sequence(der.identifier('1.2.840.113549.1.7.6'), der.element(0xa0, encrypted)),
    der.sequence(data, der.element(0xa0, der.octets(der.sequence(keyBag)))),
  );
  const salt = randomBytes(8);
  const mac = createHmac('sha256', derivePkcs12Key('sha256', { password, iterationsLeft: 100 }, salt, 100, 3, 32))
    .update(content)
    .digest();
  return der.sequence(
    der.integer(3),
    der.sequence(data, der.element(0xa0, der.octets(content))),
    der.sequence(
      der.sequence(der.sequence(der.identifier('2.16.840.1.101.3.4.2.1')), der.octets(mac)),
      der.octets(salt),
      der.integer(100),
    ),
  );
}

interface Encrypted {
  readonly algorithm: Buffer;
  readonly ciphertext: Buffer;
}

function encryptAes(plain: Buffer, password: string): Encrypted {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync(password, salt, 100, 32, 'sha256'), iv);
  const derivation = der.sequence(
    der.identifier('1.2.840.113549.1.5.12'),
    der.sequence(der.octets(salt), der.integer(100), der.sequence(der.identifier('1.2.840.113549.2.9'))),
  );
  const scheme = der.sequence(der.identifier('2.16.840.1.101.3.4.1.42'), der.octets(iv));
  return {
    algorithm: der.sequence(der.identifier('1.2.840.113549.1.5.13'), der.sequence(derivation, scheme)),
    ciphertext: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}

function encryptTripleDes(plain: Buffer, password: string): Encrypted {
  const salt = randomBytes(8);
  const derive = (purpose: number, length: number) =>
    derivePkcs12Key('sha1', { password, iterationsLeft: 100 }, salt, 100, purpose, length);
  const cipher = createCipheriv('des-ede3-cbc', derive(1, 24), derive(2, 8));
  return {
    algorithm: der.sequence(
      der.identifier('1.2.840.113549.1.12.1.3'),
      der.sequence(der.octets(salt), der.integer(100)),
    ),
    ciphertext: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}
