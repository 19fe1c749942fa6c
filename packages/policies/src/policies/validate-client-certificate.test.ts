import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FakeServer, problemsOf, runPolicy } from '../testing/index.ts';
import { TestAuthority } from '../testing/test-authority.ts';

const listUrl = 'http://crl.example/list.crl';
const day = (n: number) => new Date(Date.UTC(2026, 0, n));

let root: TestAuthority;
let intermediate: TestAuthority;
let client: TestAuthority;
let listed: TestAuthority;
beforeAll(async () => {
  root = await TestAuthority.make({ name: 'CN=Root', isAuthority: true });
  intermediate = await TestAuthority.make({ name: 'CN=Intermediate, O=Contoso', isAuthority: true }, root);
  client = await TestAuthority.make(
    { name: 'CN=client-1, O=Contoso, C=US', serialNumber: '0a0b', dnsNames: ['client.contoso.com', 'b.contoso.com'] },
    intermediate,
  );
  listed = await TestAuthority.make({ name: 'CN=listed', serialNumber: '77', revocationList: listUrl }, intermediate);
});

const thumbprint = (one: TestAuthority) => new X509Certificate(one.pem).fingerprint.replaceAll(':', '');

async function run(
  certificate: Uint8Array | undefined,
  options: { attributes?: string; identities?: string; trusted?: readonly TestAuthority[]; http?: FakeServer } = {},
) {
  const { attributes = '', identities = '', trusted = [root, intermediate], http } = options;
  const { status, body, exchange } = await runPolicy(
    {
      inbound: `<validate-client-certificate ${attributes}>${identities && `<identities>${identities}</identities>`}</validate-client-certificate>`,
    },
    {
      request: { certificate },
      certificates: Object.fromEntries(
        trusted.map((one, i) => [`c${i}`, { certificatePem: one.pem, privateKeyPem: null }]),
      ),
      http,
    },
  );
  return { status, body, reason: exchange.lastError?.reason ?? null, message: exchange.lastError?.message, exchange };
}

describe('validate-client-certificate', () => {
  it('accepts a certificate of a trusted authority', async () => {
    expect(await run(client.der)).toMatchObject({ status: 200, reason: null });
  });

  it('refuses none, to the byte', async () => {
    expect(await run(undefined)).toMatchObject({
      status: 401,
      body: '{ "statusCode": 401, "message": "Invalid client certificate" }',
      reason: 'ClientCertificateNotFound',
    });
  });

  it('refuses bytes that are none', async () => {
    expect((await run(new Uint8Array([1, 2, 3]))).reason).toBe('ClientCertificateNotTrusted');
  });

  it('ignore-error lets everything through, with a trace', async () => {
    expect((await run(undefined, { attributes: 'ignore-error="true"' })).status).toBe(200);
  });

  describe('dates', () => {
    it('not yet valid', async () => {
      const early = await TestAuthority.make({ name: 'CN=early', notBefore: day(3) }, intermediate);
      expect((await run(early.der)).reason).toBe('ClientCertificateNotYetValid');
      expect((await run(early.der, { attributes: 'validate-not-before="false"' })).reason).toBeNull();
    });

    it('expired', async () => {
      const late = await TestAuthority.make({ name: 'CN=late', notAfter: day(2) }, intermediate);
      expect((await run(late.der)).reason).toBe('ClientCertificateExpired');
      expect((await run(late.der, { attributes: 'validate-not-after="false"' })).reason).toBeNull();
    });
  });

  describe('trust', () => {
    it('needs the root, and the authorities between', async () => {
      expect(await run(client.der, { trusted: [intermediate] })).toMatchObject({
        reason: 'ClientCertificateNotTrusted',
        message: 'A certificate chain could not be built to a trusted root authority.',
      });
      expect((await run(client.der, { trusted: [root] })).reason).toBe('ClientCertificateNotTrusted');
      expect((await run(client.der, { trusted: [], attributes: 'validate-trust="false"' })).reason).toBeNull();
    });

    it('is not given by an authority that only has the name', async () => {
      const fake = await TestAuthority.make({ name: 'CN=Root', isAuthority: true });
      expect((await run(client.der, { trusted: [fake, intermediate] })).reason).toBe('ClientCertificateNotTrusted');
    });

    it('is not given by a certificate that is no authority', async () => {
      const forged = await TestAuthority.make({ name: 'CN=forged' }, client);
      expect((await run(forged.der, { trusted: [root, intermediate, client] })).reason).toBe(
        'ClientCertificateNotTrusted',
      );
    });

    it('is not given by an authority that is over', async () => {
      const old = await TestAuthority.make({ name: 'CN=Old', isAuthority: true, notAfter: day(2) }, root);
      const one = await TestAuthority.make({ name: 'CN=one' }, old);
      expect((await run(one.der, { trusted: [root, old] })).reason).toBe('ClientCertificateNotTrusted');
    });

    it('has a self-signed certificate only when it is among the certificates itself', async () => {
      const alone = await TestAuthority.make({ name: 'CN=alone' });
      expect((await run(alone.der)).reason).toBe('ClientCertificateNotTrusted');
      expect((await run(alone.der, { trusted: [alone] })).reason).toBeNull();
    });
  });

  describe('revocation', () => {
    const serve =
      (list: Uint8Array): FakeServer =>
      ({ url }) => ({ status: url === listUrl ? 200 : 404, body: list });

    it('asks the list that the certificate names', async () => {
      const good = await run(listed.der, { http: serve(await intermediate.revocationList(['01', '99'])) });
      expect([good.reason, good.exchange.ports.httpRequests.map(({ url }) => url)]).toEqual([null, [listUrl]]);
      const bad = await run(listed.der, { http: serve(await intermediate.revocationList(['77'])) });
      expect([bad.status, bad.reason, bad.message]).toEqual([
        401,
        'ClientCertificateRevoked',
        'Certificate has been revoked.',
      ]);
    });

    it.each([
      ['cannot be had', async () => () => ({ status: 503 })],
      ['is that of another authority', async () => serve(await root.revocationList([]))],
      ['is out of date', async () => serve(await intermediate.revocationList([], day(2)))],
      ['is none', async () => serve(Buffer.from('<html>'))],
      [
        'was changed',
        async () => {
          const list = await intermediate.revocationList(['01']);
          list[list.length - 1] = (list.at(-1) ?? 0) ^ 1;
          return serve(list);
        },
      ],
    ])('refuses when the list %s', async (_, http) => {
      expect(await run(listed.der, { http: await http() })).toMatchObject({
        reason: 'ClientCertificateRevoked',
        message: 'The revocation status of the certificate could not be determined.',
      });
    });

    it('can be switched off', async () => {
      const { reason, exchange } = await run(listed.der, { attributes: 'validate-revocation="false"' });
      expect([reason, exchange.ports.httpRequests]).toEqual([null, []]);
    });
  });

  describe('identities', () => {
    it.each([
      ['thumbprint', () => `thumbprint="${thumbprint(client).toLowerCase()}"`],
      ['serial number', () => 'serial-number="A0B"'],
      ['common name', () => 'common-name="Client-1"'],
      ['subject', () => 'subject="CN=client-1, O=Contoso, C=US"'],
      ['subject the other way round', () => 'subject="C=US, O=Contoso, CN=client-1"'],
      ['DNS name', () => 'dns-name="b.contoso.com"'],
      ['issuer', () => 'issuer-subject="CN=Intermediate, O=Contoso"'],
      ['issuer thumbprint', () => `issuer-thumbprint="${thumbprint(intermediate)}"`],
      ['issuer certificate', () => 'issuer-certificate-id="c1"'],
      ['all of them', () => 'common-name="client-1" dns-name="client.contoso.com" issuer-certificate-id="c1"'],
    ])('match by %s', async (_, attributes) => {
      expect((await run(client.der, { identities: `<identity ${attributes()} />` })).reason).toBeNull();
    });

    it.each([
      'thumbprint="00"',
      'serial-number="A0B0"',
      'common-name="client"',
      'subject="CN=client-1"',
      'subject="CN=client-1, C=US, O=Contoso"',
      'dns-name="contoso.com"',
      'issuer-subject="CN=Root"',
      'issuer-thumbprint="00"',
      'issuer-certificate-id="c0"',
      'common-name="client-1" dns-name="other"',
      'common-name="@((string)null)"',
    ])('do not match by %s', async (attributes) => {
      expect(await run(client.der, { identities: `<identity ${attributes} />` })).toMatchObject({
        reason: 'ClientCertificateIdentityNotMatched',
        message: 'Certificate does not match any of allowed identities.',
      });
    });

    it('any of them will do', async () => {
      const identities = '<identity common-name="other" /><identity common-name="client-1" />';
      expect((await run(client.der, { identities })).reason).toBeNull();
    });
  });

  it('refuses what cannot be', () => {
    const problems = (identities: string) =>
      problemsOf({
        inbound: `<validate-client-certificate><identities>${identities}</identities></validate-client-certificate>`,
      });
    expect(problems('<identity />')).toHaveLength(1);
    expect(problems('<identity common-name="a" />'.repeat(11))).toHaveLength(1);
    expect(problemsOf({ inbound: '<validate-client-certificate validate-trust="maybe" />' })).toHaveLength(1);
  });
});
