import { createHash, X509Certificate } from 'node:crypto';
import { makePfx, selfSignedCertificate } from '@lazuli/certificates/testing';
import { because, type Case } from './case.ts';
import type { TestContext } from './context.ts';

const rsa = selfSignedCertificate('client.contoso.example', 'rsa');
const ec = selfSignedCertificate('curve.contoso.example');
const x509 = new X509Certificate(rsa.der);
const bytes = (buffer: Buffer) => new Uint8Array(buffer);
const pem = (certificate: typeof rsa) => certificate.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

/** `context.Request.Certificate`, the deployment's certificate `client` with its key, and variables. */
const given: TestContext = {
  certificate: bytes(rsa.der),
  privateKeyPem: pem(rsa),
  variables: {
    pfx: bytes(makePfx(rsa, 'secret', 'aes-256')),
    windows: bytes(makePfx(rsa, 'secret', 'triple-des')),
    open: bytes(makePfx(rsa, '', 'aes-256')),
    curve: bytes(makePfx(ec, 'secret', 'aes-256')),
    der: bytes(rsa.der),
    pem: bytes(Buffer.from(x509.toString())),
  },
};
const trusting: TestContext = { ...given, trustsCertificates: true };

const pfx = (name: string, password = '"secret"') =>
  `new X509Certificate2((byte[])context.Variables["${name}"]${password ? `, ${password}` : ''})`;
const thumbprint = createHash('sha1').update(rsa.der).digest('hex').toUpperCase();
const sha256 = createHash('sha256').update(rsa.der).digest('hex').toUpperCase();
const data = 'Encoding.UTF8.GetBytes("data")';
const signing = 'HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1';

export const cases: readonly Case[] = [
  ...because('.NET documentation: constructors of X509Certificate2', [
    [`@(${pfx('pfx')}.Thumbprint)`, thumbprint, given],
    [`@(${pfx('windows')}.HasPrivateKey)`, true, given],
    [`@(${pfx('open', '')}.HasPrivateKey)`, true, given],
    [`@(${pfx('open', 'null')}.HasPrivateKey)`, true, given],
    [`@(${pfx('der', '')}.HasPrivateKey)`, false, given],
    [`@(${pfx('der')}.Thumbprint)`, thumbprint, given],
    [`@(${pfx('pem', '')}.Thumbprint)`, thumbprint, given],
    [
      `@(${pfx('pfx', '"secret", X509KeyStorageFlags.MachineKeySet | X509KeyStorageFlags.Exportable')}.Subject)`,
      'CN=client.contoso.example',
      given,
    ],
    [
      `@(${pfx('pfx', '"wrong"')}.Subject)`,
      {
        throws: 'System.Security.Cryptography.CryptographicException',
        message: 'The specified network password is not correct.',
      },
      given,
    ],
    [`@(new X509Certificate2(context.Request.Certificate).Thumbprint)`, thumbprint, given],
    [`@(new X509Certificate(context.Request.Certificate.RawData).GetCertHashString())`, thumbprint, given],
    ['@(new X509Certificate2(new byte[0]))', { throws: 'System.ArgumentException' }],
    ['@(new X509Certificate2((byte[])null, "x"))', { throws: 'System.ArgumentException' }],
    ['@(new X509Certificate2("client.pfx"))', { refused: "cannot convert from 'string' to 'byte[]'" }],
    [`@(X509Certificate2.GetCertContentType((byte[])context.Variables["pfx"]))`, 'Pfx', given],
    [`@(X509Certificate2.GetCertContentType((byte[])context.Variables["der"]))`, 'Cert', given],
    [`@{ using (var c = ${pfx('pfx')}) { return c.Thumbprint; } }`, thumbprint, given],
  ]),
  ...because('.NET documentation: properties and methods of X509Certificate2', [
    ['@(context.Request.Certificate.Subject)', 'CN=client.contoso.example', given],
    ['@(context.Request.Certificate.SubjectName.Name)', 'CN=client.contoso.example', given],
    ['@(context.Request.Certificate.Issuer)', 'CN=client.contoso.example', given],
    ['@(context.Request.Certificate.IssuerName.Name)', 'CN=client.contoso.example', given],
    ['@(context.Request.Certificate.NotBefore.ToString("yyyy-MM-dd"))', '2025-01-01', given],
    ['@(context.Request.Certificate.NotAfter > DateTime.Now)', true, given],
    ['@(context.Request.Certificate.SerialNumber)', '01', given],
    ['@(context.Request.Certificate.GetSerialNumberString())', '01', given],
    ['@(context.Request.Certificate.GetNameInfo(X509NameType.SimpleName, false))', 'client.contoso.example', given],
    ['@(context.Request.Certificate.GetNameInfo(X509NameType.DnsName, true))', 'client.contoso.example', given],
    ['@(context.Request.Certificate.GetCertHashString(HashAlgorithmName.SHA256))', sha256, given],
    ['@(context.Request.Certificate.Version)', 3, given],
    ['@(context.Request.Certificate.SignatureAlgorithm.FriendlyName)', 'sha256RSA', given],
    ['@(context.Request.Certificate.SignatureAlgorithm.Value)', '1.2.840.113549.1.1.11', given],
    ['@(context.Request.Certificate.GetKeyAlgorithm())', '1.2.840.113549.1.1.1', given],
    ['@(context.Request.Certificate.GetPublicKey().Length)', 270, given],
    ['@(context.Request.Certificate.GetPublicKeyString().StartsWith("3082010A0282010100"))', true, given],
    [
      '@(context.Request.Certificate.Export(X509ContentType.Cert).Length == context.Request.Certificate.RawData.Length)',
      true,
      given,
    ],
    [
      '@(context.Request.Certificate.Export(X509ContentType.Pfx, "x"))',
      { throws: 'System.NotSupportedException' },
      given,
    ],
    ['@(context.Request.Certificate.PublicKey.Key.KeySize)', 2048, given],
    ['@(context.Request.Certificate.PublicKey.Oid.Value)', '1.2.840.113549.1.1.1', given],
    ['@(context.Request.Certificate.HasPrivateKey)', false, given],
    ['@(context.Request.Certificate.PrivateKey == null)', true, given],
    ['@(context.Request.Certificate.Verify())', false, given],
    ['@(context.Request.Certificate.Verify() && context.Request.Certificate.VerifyNoRevocation())', true, trusting],
    [`@(${pfx('pfx')}.Verify())`, true, trusting],
    ['@(context.Request.Certificate.Equals(context.Deployment.Certificates["client"]))', true, given],
    ['@(context.Request.ClientCertificates.First().Subject)', 'CN=client.contoso.example', given],
  ]),
  ...because('the page "secure backend services with client certificates": the deployment\'s certificates', [
    [
      '@(context.Deployment.Certificates.Any(c => c.Value.Thumbprint == context.Request.Certificate.Thumbprint))',
      true,
      given,
    ],
    ['@(context.Deployment.Certificates.ContainsKey("client"))', true, given],
    ['@(context.Deployment.Certificates["client"].HasPrivateKey)', true, given],
    [`@(context.Deployment.Certificates["${thumbprint}"].HasPrivateKey)`, true, given],
    [`@(context.Deployment.Certificates.ContainsKey("${thumbprint.toLowerCase()}"))`, true, given],
    ['@(context.Deployment.Certificates.Keys.First())', 'client', given],
    ['@(context.Deployment.Certificates.Values.Single().SerialNumber)', '01', given],
    [
      '@(context.Deployment.Certificates["other"])',
      { throws: 'System.Collections.Generic.KeyNotFoundException' },
      given,
    ],
  ]),
  ...because('.NET documentation: keys of certificates; RFC 8017', [
    [
      `@{ var c = context.Deployment.Certificates["client"]; var s = c.GetRSAPrivateKey().SignData(${data}, ${signing}); return c.GetRSAPublicKey().VerifyData(${data}, s, ${signing}); }`,
      true,
      given,
    ],
    [
      `@{ using (var rsa = (RSA)${pfx('pfx')}.PrivateKey) { return rsa.SignData(${data}, HashAlgorithmName.SHA256, RSASignaturePadding.Pss).Length; } }`,
      256,
      given,
    ],
    [
      `@{ var rsa = (RSACryptoServiceProvider)${pfx('pfx')}.PrivateKey; var s = rsa.SignData(${data}, "SHA256"); return rsa.VerifyData(${data}, new SHA256CryptoServiceProvider(), s); }`,
      true,
      given,
    ],
    [
      `@{ var rsa = ${pfx('pfx')}.GetRSAPrivateKey(); var hash = SHA256.Create().ComputeHash(${data}); return Convert.ToBase64String(rsa.SignHash(hash, ${signing})) == Convert.ToBase64String(rsa.SignData(${data}, ${signing})); }`,
      true,
      given,
    ],
    [
      `@{ var rsa = ${pfx('pfx')}.GetRSAPrivateKey(); var hash = SHA256.Create().ComputeHash(${data}); return rsa.VerifyHash(hash, rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pss), HashAlgorithmName.SHA256, RSASignaturePadding.Pss); }`,
      true,
      given,
    ],
    [
      `@(${pfx('pfx')}.GetRSAPrivateKey().SignHash(new byte[3], ${signing}))`,
      { throws: 'System.Security.Cryptography.CryptographicException' },
      given,
    ],
    [
      `@{ var rsa = ${pfx('pfx')}.GetRSAPrivateKey(); return Encoding.UTF8.GetString(rsa.Decrypt(rsa.Encrypt(${data}, RSAEncryptionPadding.OaepSHA256), RSAEncryptionPadding.OaepSHA256)); }`,
      'data',
      given,
    ],
    [
      `@{ var rsa = new RSACryptoServiceProvider(); rsa.FromXmlString(${pfx('pfx')}.GetRSAPrivateKey().ToXmlString(true)); return Encoding.UTF8.GetString(rsa.Decrypt(rsa.Encrypt(${data}, false), false)); }`,
      'data',
      given,
    ],
    [
      '@{ var rsa = RSA.Create(); rsa.FromXmlString("<a/>"); return 1; }',
      { throws: 'System.Security.Cryptography.CryptographicException' },
    ],
    ['@(RSA.Create(1024).KeySize)', 1024],
    ['@(RSA.Create(100000).KeySize)', { throws: 'System.Security.Cryptography.CryptographicException' }],
    ['@(context.Request.Certificate.GetRSAPrivateKey() == null)', true, given],
    [
      '@(context.Request.Certificate.GetRSAPublicKey().SignData(new byte[1], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))',
      { throws: 'System.Security.Cryptography.CryptographicException', message: 'Key does not exist.' },
      given,
    ],
    [`@(${pfx('der', '')}.CopyWithPrivateKey(${pfx('pfx')}.GetRSAPrivateKey()).HasPrivateKey)`, true, given],
    [
      `@(${pfx('der', '')}.CopyWithPrivateKey(RSA.Create()).HasPrivateKey)`,
      { throws: 'System.Security.Cryptography.CryptographicException' },
      given,
    ],
    [`@(RSACertificateExtensions.GetRSAPublicKey(context.Request.Certificate).KeySize)`, 2048, given],
    [`@(${pfx('curve')}.GetRSAPublicKey() == null)`, true, given],
    [`@(${pfx('curve')}.PrivateKey)`, { throws: 'System.NotSupportedException' }, given],
    [`@(${pfx('curve')}.PublicKey.Key)`, { throws: 'System.NotSupportedException' }, given],
    [
      `@{ var c = ${pfx('curve')}; var s = c.GetECDsaPrivateKey().SignData(${data}, HashAlgorithmName.SHA256); return s.Length + (c.GetECDsaPublicKey().VerifyData(${data}, s, HashAlgorithmName.SHA256) ? 1000 : 0); }`,
      1064,
      given,
    ],
    [`@(${pfx('curve')}.GetECDsaPublicKey().KeySize)`, 256, given],
    [`@(${pfx('pfx')}.GetECDsaPublicKey() == null)`, true, given],
  ]),
  ...because('RFC 7515: a client assertion that a certificate signs, as published policies make it', [
    [
      `@{
        var c = context.Deployment.Certificates["client"];
        Func<byte[], string> encode = b => Convert.ToBase64String(b).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var header = new JObject { ["alg"] = "RS256", ["typ"] = "JWT", ["x5t"] = encode(c.GetCertHash()) }.ToString(Newtonsoft.Json.Formatting.None);
        var payload = JsonConvert.SerializeObject(new { iss = "client", jti = Guid.Empty });
        var unsigned = encode(Encoding.UTF8.GetBytes(header)) + "." + encode(Encoding.UTF8.GetBytes(payload));
        using (var rsa = c.GetRSAPrivateKey()) {
          var signature = rsa.SignData(Encoding.UTF8.GetBytes(unsigned), ${signing});
          var token = unsigned + "." + encode(signature);
          return token.AsJwt().Issuer + token.Split('.').Length;
        }
      }`,
      'client3',
      given,
    ],
  ]),
];
