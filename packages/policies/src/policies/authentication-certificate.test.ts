import { beforeAll, describe, expect, it } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';
import { TestAuthority } from '../testing/test-authority.ts';

let pfx: string;
let pem: string;
beforeAll(async () => {
  const client = await TestAuthority.make({ name: 'CN=client' });
  pem = client.pem;
  pfx = plainPfx(client.der, await client.privateKeyDer()).toString('base64');
});

/** A PKCS #12 file without encryption and without a checksum: what a password opens is tested where such files are read. */
function plainPfx(certificate: Uint8Array, key: Buffer): Buffer {
  const der = (tag: number, ...content: readonly Uint8Array[]) => {
    const body = Buffer.concat(content);
    const length = Buffer.alloc(3);
    length.writeUInt8(0x82);
    length.writeUInt16BE(body.length, 1);
    return Buffer.concat([Buffer.from([tag]), length, body]);
  };
  const sequence = (...content: readonly Uint8Array[]) => der(0x30, ...content);
  const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
  const data = (content: Uint8Array) => sequence(oid('2a864886f70d010701'), der(0xa0, der(0x04, content)));
  const certificateBag = sequence(
    oid('2a864886f70d010c0a0103'),
    der(0xa0, sequence(oid('2a864886f70d01091601'), der(0xa0, der(0x04, certificate)))),
  );
  const keyBag = sequence(oid('2a864886f70d010c0a0101'), der(0xa0, key));
  return sequence(der(0x02, Buffer.from([3])), data(sequence(data(sequence(certificateBag, keyBag)))));
}

const certificates = {
  client: { certificatePem: 'CERT', privateKeyPem: 'KEY' },
  AB12: { certificatePem: 'CERT', privateKeyPem: 'KEY' },
  bare: { certificatePem: 'CERT', privateKeyPem: null },
};
const certificateNames = Object.keys(certificates);
const run = (attributes: string) =>
  runPolicy({ inbound: `<authentication-certificate ${attributes} />` }, { certificates, certificateNames });

describe('authentication-certificate', () => {
  it.each(['certificate-id="client"', 'thumbprint="ab12"', 'thumbprint="@("ab 12")"'])(
    'finds by %s',
    async (attribute) => {
      const { exchange } = await run(attribute);
      expect(exchange.connection.certificate).toEqual({ certificatePem: 'CERT', privateKeyPem: 'KEY' });
    },
  );

  it('opens a PFX', async () => {
    const { exchange } = await run(`body="${pfx}" password="secret"`);
    expect(exchange.lastError).toBeNull();
    expect(exchange.connection.certificate?.certificatePem.trim()).toBe(pem.trim());
    expect(exchange.connection.certificate?.privateKeyPem).toContain('BEGIN PRIVATE KEY');
  });

  it.each([
    ['bytes that are no PFX', () => 'body="AAAA"'],
    ['text that is not base64', () => 'body="@("???")"'],
    ['a number', () => 'body="@(1)"'],
  ])('%s is an error', async (_, attributes) => {
    expect((await run(attributes())).exchange.lastError?.reason).toBe('ExpressionValueEvaluationFailure');
  });

  it.each(['certificate-id="@("none")"', 'certificate-id="bare"'])('%s is an error', async (attribute) => {
    expect((await run(attribute)).exchange.lastError?.reason).toBe('CertificateNotFound');
  });

  it('goes with send-request too', async () => {
    const { exchange } = await runPolicy(
      {
        inbound:
          '<send-request response-variable-name="r"><set-url>https://a.example</set-url><authentication-certificate certificate-id="client" /></send-request>',
      },
      { certificates, certificateNames },
    );
    expect(exchange.ports.httpRequests[0]?.certificate).toEqual({ certificatePem: 'CERT', privateKeyPem: 'KEY' });
  });

  it('is named in one way, by something that exists', () => {
    const problems = (attributes: string) =>
      problemsOf({ inbound: `<authentication-certificate ${attributes} />` }, { certificateNames });
    expect(problems('')).toHaveLength(1);
    expect(problems('certificate-id="client" thumbprint="AB12"')).toHaveLength(1);
    expect(problems('certificate-id="client" password="x"')).toHaveLength(1);
    expect(problems('certificate-id="nobody"')).toEqual([
      expect.stringContaining("Certificate with id 'nobody' could not be found."),
    ]);
  });
});
