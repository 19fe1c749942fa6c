import { because, type Case } from './case.ts';

const hex = (bytes: string) => `@(BitConverter.ToString(${bytes}).Replace("-", "").ToLower())`;
const ascii = (text: string) => `Encoding.UTF8.GetBytes("${text}")`;
const zeros = 'new byte[16]';

export const cases: readonly Case[] = [
  ...because('RFC 1321, FIPS 180-4 examples ("abc")', [
    [hex(`MD5.Create().ComputeHash(${ascii('abc')})`), '900150983cd24fb0d6963f7d28e17f72'],
    [hex(`SHA1.Create().ComputeHash(${ascii('abc')})`), 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    [
      hex(`SHA256.Create().ComputeHash(${ascii('abc')})`),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    ],
    [
      hex(`new SHA256Managed().ComputeHash(${ascii('abc')})`),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    ],
    [hex(`new SHA1CryptoServiceProvider().ComputeHash(${ascii('abc')})`), 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    [
      hex(`HashAlgorithm.Create("SHA256").ComputeHash(${ascii('abc')})`),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    ],
    [`@(SHA384.Create().ComputeHash(${ascii('abc')}).Length + SHA512.Create().HashSize)`, 560],
    [hex(`MD5.Create().ComputeHash(${ascii('xabcx')}, 1, 3)`), '900150983cd24fb0d6963f7d28e17f72'],
    [
      `@{ using (var md5 = MD5.Create()) { return Convert.ToBase64String(md5.ComputeHash(${ascii('abc')})); } }`,
      'kAFQmDzST7DWlj99KOF/cg==',
    ],
    ['@(MD5.Create().ComputeHash(null))', { throws: 'System.ArgumentNullException' }],
  ]),
  ...because('RFC 2202 and RFC 4231, test case 2 (key "Jefe")', [
    [
      hex(`new HMACMD5(${ascii('Jefe')}).ComputeHash(${ascii('what do ya want for nothing?')})`),
      '750c783e6ab0b503eaa86e310a5db738',
    ],
    [
      hex(`new HMACSHA1(${ascii('Jefe')}).ComputeHash(${ascii('what do ya want for nothing?')})`),
      'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
    ],
    [
      hex(`new HMACSHA256(${ascii('Jefe')}).ComputeHash(${ascii('what do ya want for nothing?')})`),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [`@{ var h = new HMACSHA512(); h.Key = ${ascii('Jefe')}; return h.ComputeHash(${ascii('x')}).Length; }`, 64],
  ]),
  ...because('FIPS 197 appendix C.1 and NIST SP 800-38A; padding of .NET', [
    [
      `@{ var aes = Aes.Create(); aes.Mode = CipherMode.ECB; aes.Padding = PaddingMode.None; aes.Key = Convert.FromBase64String("AAECAwQFBgcICQoLDA0ODw=="); var data = Convert.FromBase64String("ABEiM0RVZneImaq7zN3u/w=="); return Convert.ToBase64String(aes.CreateEncryptor().TransformFinalBlock(data, 0, data.Length)); }`,
      'acTg2Gp7BDDYzbeAcLTFWg==',
    ],
    [
      `@(Encoding.UTF8.GetString(${ascii('secret')}.Encrypt("AES", ${zeros}, ${zeros}).Decrypt("AES", ${zeros}, ${zeros})))`,
      'secret',
    ],
    [`@(${ascii('secret')}.Encrypt("AES", ${zeros}, ${zeros}).Length)`, 16],
    [
      `@{ var aes = SymmetricAlgorithm.Create("AES"); return Encoding.UTF8.GetString(${ascii('secret')}.Encrypt(aes).Decrypt(aes)); }`,
      'secret',
    ],
    [
      `@(new byte[16].Decrypt("AES", ${zeros}, ${zeros}))`,
      {
        throws: 'System.Security.Cryptography.CryptographicException',
        message: 'Padding is invalid and cannot be removed.',
      },
    ],
    [
      `@(new byte[5].Decrypt("AES", ${zeros}, ${zeros}))`,
      { throws: 'System.Security.Cryptography.CryptographicException' },
    ],
    [
      '@(new byte[5].Encrypt("AES", new byte[5], new byte[16]))',
      {
        throws: 'System.Security.Cryptography.CryptographicException',
        message: 'Specified key is not a valid size for this algorithm.',
      },
    ],
    [
      `@(new byte[5].Encrypt("ROT13", ${zeros}, ${zeros}))`,
      { throws: 'System.Security.Cryptography.CryptographicException', message: 'ROT13' },
    ],
    ['@(new AesManaged().KeySize)', 256],
    ['@(SymmetricAlgorithm.Create())', { refused: 'Create' }],
  ]),
  ...because('.NET documentation: RSA, RandomNumberGenerator', [
    [
      `@{ var rsa = RSA.Create(); var s = rsa.SignData(${ascii('x')}, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1); return rsa.VerifyData(${ascii('x')}, s, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1); }`,
      true,
    ],
    [
      `@{ var rsa = RSA.Create(); var s = rsa.SignData(${ascii('x')}, HashAlgorithmName.SHA256, RSASignaturePadding.Pss); return rsa.VerifyData(${ascii('y')}, s, HashAlgorithmName.SHA256, RSASignaturePadding.Pss); }`,
      false,
    ],
    [
      `@{ var a = RSA.Create(); var b = RSA.Create(); b.ImportParameters(a.ExportParameters(false)); return Encoding.UTF8.GetString(a.Decrypt(b.Encrypt(${ascii('x')}, RSAEncryptionPadding.OaepSHA256), RSAEncryptionPadding.OaepSHA256)); }`,
      'x',
    ],
    [
      `@{ var a = RSA.Create(); var p = new RSAParameters { Modulus = a.ExportParameters(false).Modulus, Exponent = new byte[] { 1, 0, 1 } }; var b = RSA.Create(); b.ImportParameters(p); return b.KeySize; }`,
      2048,
    ],
    [
      `@{ var b = RSA.Create(); b.ImportParameters(new RSAParameters()); return b; }`,
      { throws: 'System.Security.Cryptography.CryptographicException' },
    ],
    [
      '@{ var bytes = new byte[32]; new RNGCryptoServiceProvider().GetBytes(bytes); return bytes.Any(b => b != 0); }',
      true,
    ],
    ['@(RSASignaturePadding.Pkcs1.ToString())', 'Pkcs1'],
    ['@(HashAlgorithmName.SHA256.Name)', 'SHA256'],
    ['@(new X509Certificate2(new byte[] { 1, 2 }))', { throws: 'System.Security.Cryptography.CryptographicException' }],
  ]),
];
