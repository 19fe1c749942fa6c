import { certificateVariable } from '@lazuli/resources';
import type { WriteContext } from '../../contract.ts';
import { propertiesOf, withProperties } from '../../json/properties.ts';
import { refusedAction } from '../../refused/refused-action.ts';
import { object, string } from '../../schema/schema.ts';
import { apiManagementType, withoutPatch } from '../api-management-type.ts';
import type { GatewayRuntime } from '../gateway-runtime.ts';
import { identifier } from '../names.ts';
import { readCertificate } from '../read-certificate.ts';

/**
 * A certificate with its key, for backends and policies. The data itself is never answered. Key Vault is not asked: the
 * certificate of a reference comes from the environment, as it does for folders.
 */
export const certificate = (runtime: GatewayRuntime) =>
  apiManagementType('certificates', {
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
    put: { prepare: (write) => prepare(write, runtime) },
    actions: [refusedAction('refreshSecret', 'A certificate in Key Vault')],
  });

async function prepare({ body, secrets, existing, reader, name, call }: WriteContext, runtime: GatewayRuntime) {
  // What the certificate is, is looked at when it is stored: parameters of templates are filled in anyhow before.
  if (call.preflight) return {};
  const isReference = propertiesOf(body).keyVault !== undefined;
  const environment = runtime.environment ?? {};
  const given = isReference ? environment[certificateVariable(name, 'data')] : undefined;
  const givenPassword = given === undefined ? undefined : (environment[certificateVariable(name, 'password')] ?? '');
  const stored = existing ? await reader.readSecrets(existing.id) : new Map<string, string>();
  const data = given ?? secrets.get('properties/data') ?? stored.get('properties/data');
  if (data === undefined)
    return {
      problems: [
        isReference
          ? {
              target: 'properties.keyVault',
              message: `Lazuli does not ask Key Vault: give the certificate in the environment variable ${certificateVariable(name, 'data')} (and its password in ${certificateVariable(name, 'password')}).`,
            }
          : { target: 'properties.data', message: 'The member is required: a PFX file in base64, or PEM.' },
      ],
    };
  const password =
    givenPassword ??
    secrets.get('properties/password') ??
    (secrets.has('properties/data') ? '' : (stored.get('properties/password') ?? ''));
  const read = readCertificate(data, password);
  if ('problem' in read) return { problems: [{ target: 'properties.data', message: read.problem }] };
  return {
    ...(given === undefined
      ? {}
      : { secrets: { 'properties/data': given, 'properties/password': givenPassword ?? '' } }),
    body: withProperties(body, {
      subject: read.subject,
      thumbprint: read.thumbprint,
      expirationDate: read.expirationDate,
    }),
  };
}
