import type { WriteContext } from '../../contract.ts';
import { object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import { identifier } from '../names.ts';
import { propertiesOf, withProperties } from '../properties.ts';
import { readCertificate } from '../read-certificate.ts';
import { refusedAction } from '../refused.ts';

/** A certificate with its key, for backends and policies. The data itself is never answered. */
export const certificate = apiManagementType('certificates', {
  ...withoutPatch,
  name: identifier,
  body: {
    properties: object(
      {
        data: string({ secret: true }),
        password: string({ secret: true }),
        keyVault: object({ secretIdentifier: string(), identityClientId: string() }),
        subject: string({ readOnly: true }),
        thumbprint: string({ readOnly: true }),
        expirationDate: string({ readOnly: true }),
      },
      { required: true },
    ),
  },
  put: { prepare },
  actions: [refusedAction('refreshSecret', 'A certificate in Key Vault')],
});

async function prepare({ body, secrets, existing, reader }: WriteContext) {
  if (propertiesOf(body).keyVault !== undefined)
    return {
      problems: [
        {
          target: 'properties.keyVault',
          code: 'UnsupportedFeature',
          message: 'Certificates in Key Vault are not supported by Lazuli yet: give data and password.',
        },
      ],
    };
  const stored = existing ? await reader.readSecrets(existing.id) : new Map<string, string>();
  const data = secrets.get('properties/data') ?? stored.get('properties/data');
  if (data === undefined)
    return {
      problems: [{ target: 'properties.data', message: 'The member is required: a PFX file in base64, or PEM.' }],
    };
  const password =
    secrets.get('properties/password') ??
    (secrets.has('properties/data') ? '' : (stored.get('properties/password') ?? ''));
  const read = readCertificate(data, password);
  if ('problem' in read) return { problems: [{ target: 'properties.data', message: read.problem }] };
  return {
    body: withProperties(body, {
      subject: read.subject,
      thumbprint: read.thumbprint,
      expirationDate: read.expirationDate,
    }),
  };
}
