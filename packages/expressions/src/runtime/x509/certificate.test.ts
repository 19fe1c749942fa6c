import { generateKeyPairSync, sign } from 'node:crypto';
import { makePfx, selfSignedCertificate } from '@lazuli/certificates/testing';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBudget } from '../budget.ts';
import { BudgetExceeded, NetException } from '../exceptions.ts';
import { Certificate } from './certificate.ts';
import { useTrust } from './trust.ts';

let der: Uint8Array;
beforeAll(() => {
  der = selfSigned();
});
beforeEach(() => startBudget());

describe('X509Certificate2', () => {
  test('names are printed from the last part to the first, with quotes where .NET puts them', () => {
    const certificate = Certificate.read(der);
    expect(certificate.subject).toBe('CN=client.contoso.example, O="Contoso, Ltd", C=NL');
    expect(certificate.issuer).toBe(certificate.subject);
  });
  test('thumbprint, serial number and dates', () => {
    const certificate = Certificate.read(der);
    expect(certificate.thumbprint).toMatch(/^[0-9A-F]{40}$/);
    expect(certificate.serialNumber).toBe('0A1B');
    expect(certificate.notBefore.year).toBe(2020);
    expect(certificate.notAfter.year).toBe(2049);
  });
  test('the simple name and the DNS name are the common name', () => {
    const certificate = Certificate.read(der);
    expect(certificate.nameInfo(0, false)).toBe('client.contoso.example');
    expect(certificate.nameInfo(3, false)).toBe('client.contoso.example');
    expect(certificate.nameInfo(1, false)).toBe('');
  });
  test('the host says whether it is trusted', () => {
    const asked: Uint8Array[] = [];
    useTrust({ isTrustedCertificate: (bytes) => asked.push(bytes) > 0 });
    expect(Certificate.read(der).isTrusted()).toBe(true);
    expect(Buffer.from(asked[0] ?? []).equals(Buffer.from(der))).toBe(true);
    useTrust({ isTrustedCertificate: () => false });
    expect(Certificate.read(der).isTrusted()).toBe(false);
  });
  test('a PFX is read with its password and its key', () => {
    const certificate = selfSignedCertificate('pfx', 'rsa');
    const read = Certificate.read(new Uint8Array(makePfx(certificate, 'secret', 'aes-256')), 'secret');
    expect(read.subject).toBe('CN=pfx');
    expect(read.privateKey?.equals(certificate.privateKey)).toBe(true);
  });
  test('whatever is changed or cut in a PFX, the error is a CryptographicException', () => {
    const pfx = makePfx(selfSignedCertificate('pfx'), '', 'triple-des');
    fc.assert(
      fc.property(fc.nat(pfx.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, cut) => {
        const bytes = new Uint8Array(cut ? pfx.subarray(0, at) : pfx);
        if (!cut) bytes[at] = (bytes[at] ?? 0) ^ change;
        startBudget();
        try {
          const read = Certificate.read(bytes, '');
          expect(read.privateKey?.type ?? 'private').toBe('private');
        } catch (error) {
          expect(error).toBeInstanceOf(NetException);
        }
      }),
      { numRuns: 300 },
    );
  });
  test('an evaluation opens only a handful of PFX files', () => {
    const pfx = new Uint8Array(makePfx(selfSignedCertificate('pfx'), '', 'aes-256'));
    expect(() => {
      for (let i = 0; i < 20; i++) Certificate.read(pfx);
    }).toThrow(BudgetExceeded);
  });
  test('base64 of DER is read as well; anything else is a CryptographicException', () => {
    const base64 = new Uint8Array(Buffer.from(Buffer.from(der).toString('base64')));
    expect(Certificate.read(base64).serialNumber).toBe('0A1B');
    expect(() => Certificate.read(new Uint8Array([0x30, 0x82, 0xff]))).toThrow(NetException);
  });
});

/** A certificate that is made for the test: X.509 version 1, RSA, SHA-256. */
function selfSigned(): Uint8Array {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithm = sequence(oid('2a864886f70d01010b'), Buffer.from([5, 0]));
  const part = (type: string, value: string) => tlv(0x31, sequence(oid(type), tlv(0x0c, Buffer.from(value))));
  const name = sequence(part('550406', 'NL'), part('55040a', 'Contoso, Ltd'), part('550403', 'client.contoso.example'));
  const time = (text: string) => tlv(0x17, Buffer.from(text));
  const body = sequence(
    tlv(2, Buffer.from('0a1b', 'hex')),
    algorithm,
    name,
    sequence(time('200101000000Z'), time('491231235959Z')),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
  );
  const signature = sign('sha256', body, privateKey);
  return new Uint8Array(sequence(body, algorithm, tlv(3, Buffer.concat([Buffer.from([0]), signature]))));
}

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}
function oid(hex: string): Buffer {
  return tlv(6, Buffer.from(hex, 'hex'));
}
