import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import {
  AUDIT_LOG,
  type JsonObject,
  type JsonValue,
  type Operation,
  type ResourceRecord,
  type Store,
} from '@lazuli/store';
import { activityEntry } from '../audit/activity.ts';
import { allRecords } from '../caching/record-cache.ts';
import type { Principal } from '../contract.ts';
import { isJsonObject, stringAt } from '../json/json.ts';
import { IdentityError } from './errors.ts';
import { localOperator } from './local-operator.ts';
import { hashSecret, newSecret, verifySecret } from './secrets.ts';

export const applicationType = 'Lazuli.Identity/applications';

/** An app registration together with its service principal. */
export interface Application {
  /** Application (client) id. */
  readonly appId: string;
  /** Object id of the service principal: what role assignments name. */
  readonly objectId: string;
  readonly displayName: string;
  readonly passwords: readonly PasswordCredential[];
  readonly certificates: readonly CertificateCredential[];
  readonly createdAt: string;
}

export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string;
  /** First characters of the secret, to tell secrets apart. */
  readonly hint: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
}

export interface CertificateCredential {
  readonly keyId: string;
  /** PEM. */
  readonly certificate: string;
  /** SHA-1 and SHA-256 of the DER, base64url: what assertions name in `x5t` and `x5t#S256`. */
  readonly x5t: string;
  readonly x5tS256: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
}

const defaultSecretDays = 365;
const dayMilliseconds = 24 * 60 * 60 * 1000;
const mostCredentials = 20;

/**
 * App registrations in the store. Every change is on record in the audit log, under who makes it: `by`, or the operator of the
 * machine. Secrets are kept as scrypt hashes, encrypted beside the record; nobody can read
 * them back.
 */
export class Applications {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #changed: () => void;

  /** @param changed Called after each write: who keeps applications in memory reads them anew. */
  constructor(store: Store, now: () => number, changed: () => void = () => {}) {
    this.#store = store;
    this.#now = now;
    this.#changed = changed;
  }

  async create(displayName: string, by?: Principal): Promise<Application> {
    const application: Application = {
      appId: randomUUID(),
      objectId: randomUUID(),
      displayName,
      passwords: [],
      certificates: [],
      createdAt: new Date(this.#now()).toISOString(),
    };
    await this.#change([{ ...write(application), ifNoneMatch: '*' }], 'write', application.appId, by);
    return application;
  }

  async get(appId: string): Promise<Application | undefined> {
    const record = await this.#store.get(recordId(appId));
    return record === undefined ? undefined : read(record);
  }

  async list(): Promise<readonly Application[]> {
    const found: Application[] = [];
    for await (const record of allRecords(this.#store, { type: applicationType })) found.push(read(record));
    return found;
  }

  async byObjectId(objectId: string): Promise<Application | undefined> {
    return (await this.list()).find((application) => application.objectId === objectId.toLowerCase());
  }

  async delete(appId: string, by?: Principal): Promise<boolean> {
    if ((await this.get(appId)) === undefined) return false;
    const { results } = await this.#change([{ operation: 'delete', id: recordId(appId) }], 'delete', appId, by);
    const [result] = results;
    return result?.operation === 'delete' && result.deleted > 0;
  }

  /** A new client secret; this is the only time that it is seen. @throws {IdentityError} `ApplicationNotFound` */
  async addPassword(
    appId: string,
    options: { readonly displayName?: string; readonly days?: number; readonly by?: Principal } = {},
  ): Promise<{ readonly credential: PasswordCredential; readonly secretText: string }> {
    const secretText = newSecret();
    const start = this.#now();
    const credential: PasswordCredential = {
      keyId: randomUUID(),
      displayName: options.displayName ?? '',
      hint: secretText.slice(0, 3),
      startDateTime: new Date(start).toISOString(),
      endDateTime: new Date(start + (options.days ?? defaultSecretDays) * dayMilliseconds).toISOString(),
    };
    const hash = await hashSecret(secretText);
    await this.#update(
      appId,
      (application) => {
        if (application.passwords.length >= mostCredentials)
          throw new IdentityError('TooManyCredentials', { limit: mostCredentials });
        return { ...application, passwords: [...application.passwords, credential] };
      },
      { secrets: { [field(credential.keyId)]: hash }, by: options.by },
    );
    return { credential, secretText };
  }

  async removePassword(appId: string, keyId: string, by?: Principal): Promise<void> {
    await this.#update(
      appId,
      (application) => {
        const passwords = application.passwords.filter((one) => one.keyId !== keyId);
        if (passwords.length === application.passwords.length) throw new IdentityError('CredentialNotFound', { keyId });
        return { ...application, passwords };
      },
      { secrets: { [field(keyId)]: null }, by },
    );
  }

  /** Lets the application sign in with assertions that this certificate's key signs. @throws {IdentityError} `InvalidCertificate` */
  async addCertificate(appId: string, certificatePem: string, by?: Principal): Promise<CertificateCredential> {
    let certificate: X509Certificate;
    try {
      certificate = new X509Certificate(certificatePem);
    } catch {
      throw new IdentityError('InvalidCertificate', { reason: 'it is no certificate in PEM form' });
    }
    const credential: CertificateCredential = {
      keyId: randomUUID(),
      certificate: certificate.toString(),
      x5t: createHash('sha1').update(certificate.raw).digest('base64url'),
      x5tS256: createHash('sha256').update(certificate.raw).digest('base64url'),
      startDateTime: new Date(certificate.validFrom).toISOString(),
      endDateTime: new Date(certificate.validTo).toISOString(),
    };
    await this.#update(
      appId,
      (application) => {
        if (application.certificates.length >= mostCredentials)
          throw new IdentityError('TooManyCredentials', { limit: mostCredentials });
        return { ...application, certificates: [...application.certificates, credential] };
      },
      { by },
    );
    return credential;
  }

  /** Whether `secret` is one of the application's that are in force. All of them are tried, whichever fits. */
  async verify(application: Application, secret: string): Promise<'valid' | 'expired' | 'invalid'> {
    const hashes = await this.#store.readSecrets(recordId(application.appId));
    let found: 'valid' | 'expired' | 'invalid' = 'invalid';
    for (const credential of application.passwords) {
      const hash = hashes.get(field(credential.keyId));
      if (hash === undefined || !(await verifySecret(secret, hash))) continue;
      found = Date.parse(credential.endDateTime) > this.#now() ? 'valid' : 'expired';
      if (found === 'valid') break;
    }
    return found;
  }

  async #update(
    appId: string,
    change: (application: Application) => Application,
    options: { readonly secrets?: Readonly<Record<string, string | null>>; readonly by?: Principal },
  ): Promise<void> {
    const record = await this.#store.get(recordId(appId));
    if (record === undefined) throw new IdentityError('ApplicationNotFound', { appId });
    const { secrets, by } = options;
    await this.#change([{ ...write(change(read(record))), secrets, ifMatch: record.etag }], 'write', appId, by);
  }

  async #change(operations: readonly Operation[], verb: 'write' | 'delete', appId: string, by = localOperator) {
    const entry = activityEntry(
      {
        action: `${applicationType}/${verb}`,
        resourceId: recordId(appId),
        resourceType: applicationType,
        principal: by,
        correlationId: randomUUID(),
        clientAddress: '',
        method: '',
        uri: '',
        status: 'Succeeded',
        statusCode: 200,
      },
      this.#now(),
    );
    const result = await this.#store.change(operations, { append: [{ log: AUDIT_LOG, entries: [entry] }] });
    this.#changed();
    return result;
  }
}

function recordId(appId: string): string {
  return `/providers/${applicationType}/${appId.toLowerCase()}`;
}

function field(keyId: string): string {
  return `passwords/${keyId}`;
}

function write(application: Application) {
  const passwords: JsonValue = application.passwords.map((one) => ({ ...one }));
  const certificates: JsonValue = application.certificates.map((one) => ({ ...one }));
  const body = { ...application, passwords, certificates };
  return { operation: 'put' as const, id: recordId(application.appId), type: applicationType, body };
}

function read(record: ResourceRecord): Application {
  const text = (name: string) => stringAt(record.body, name) ?? '';
  const credentials = (name: string) => {
    const value = record.body[name];
    return Array.isArray(value) ? value.filter(isJsonObject) : [];
  };
  const life = (one: JsonObject) => ({
    keyId: stringAt(one, 'keyId') ?? '',
    startDateTime: stringAt(one, 'startDateTime') ?? '',
    endDateTime: stringAt(one, 'endDateTime') ?? '',
  });
  return {
    appId: text('appId'),
    objectId: text('objectId'),
    displayName: text('displayName'),
    createdAt: text('createdAt'),
    passwords: credentials('passwords').map((one) => ({
      ...life(one),
      displayName: stringAt(one, 'displayName') ?? '',
      hint: stringAt(one, 'hint') ?? '',
    })),
    certificates: credentials('certificates').map((one) => ({
      ...life(one),
      certificate: stringAt(one, 'certificate') ?? '',
      x5t: stringAt(one, 'x5t') ?? '',
      x5tS256: stringAt(one, 'x5tS256') ?? '',
    })),
  };
}
