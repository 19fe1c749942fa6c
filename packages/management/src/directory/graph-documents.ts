import type { JsonValue } from '@lazuli/store';
import type { Application } from '../identity/applications.ts';

type Document = { readonly [name: string]: JsonValue };

/** An app registration as Microsoft Graph answers it; its object id is its application id. */
export function applicationDocument(application: Application): Document {
  const { appId, displayName, createdAt, passwords, certificates } = application;
  return {
    id: appId,
    appId,
    displayName,
    createdDateTime: createdAt,
    identifierUris: [],
    signInAudience: 'AzureADMyOrg',
    passwordCredentials: passwords.map((one) => ({ ...one, secretText: null })),
    keyCredentials: certificates.map(({ keyId, x5t, startDateTime, endDateTime }) => ({
      keyId,
      customKeyIdentifier: Buffer.from(x5t, 'base64url').toString('hex').toUpperCase(),
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      startDateTime,
      endDateTime,
    })),
  };
}

/** The service principal of an app registration: made and deleted with it. */
export function servicePrincipalDocument({ appId, objectId, displayName, createdAt }: Application): Document {
  return {
    '@odata.type': '#microsoft.graph.servicePrincipal',
    id: objectId,
    appId,
    displayName,
    appDisplayName: displayName,
    accountEnabled: true,
    createdDateTime: createdAt,
    servicePrincipalNames: [appId],
    servicePrincipalType: 'Application',
  };
}
