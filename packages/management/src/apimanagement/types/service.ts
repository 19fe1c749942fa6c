import type { JsonObject } from '@lazuli/store';
import type { ResourceType } from '../../contract.ts';
import { identitySchema, withIdentity } from '../../identity/resource-identity.ts';
import { propertiesOf, withProperties } from '../../json/properties.ts';
import { any, array, boolean, integer, map, object, string } from '../../schema/schema.ts';
import { serviceType } from '../api-management-type.ts';
import { builtInResources } from '../built-in-resources.ts';
import { serviceName } from '../names.ts';
import { serviceActions } from '../service-actions.ts';

/** What has a certificate of its own; the certificate goes in and never comes out. */
const withSecretCertificate = object({
  encodedCertificate: string({ secret: true }),
  certificatePassword: string({ secret: true }),
});

/** An API Management service: what one gateway serves. It is made at once; nothing has to be provisioned. */
export const service: ResourceType = {
  type: serviceType,
  tracked: true,
  name: serviceName,
  listBySubscription: true,
  body: {
    sku: object(
      {
        name: string({
          required: true,
          values: [
            'Developer',
            'Standard',
            'Premium',
            'Basic',
            'Consumption',
            'Isolated',
            'BasicV2',
            'StandardV2',
            'PremiumV2',
          ],
        }),
        capacity: integer({ default: 1, minimum: 0 }),
      },
      { required: true },
    ),
    identity: identitySchema,
    zones: array(string()),
    properties: object(
      {
        publisherEmail: string({ required: true, maxLength: 100 }),
        publisherName: string({ required: true, maxLength: 100 }),
        notificationSenderEmail: string({ maxLength: 100, default: 'apimgmt-noreply@mail.windowsazure.com' }),
        provisioningState: string({ readOnly: true, default: 'Succeeded' }),
        targetProvisioningState: string({ readOnly: true, default: '' }),
        createdAtUtc: string({ readOnly: true }),
        gatewayUrl: string({ readOnly: true }),
        gatewayRegionalUrl: string({ readOnly: true }),
        portalUrl: string({ readOnly: true }),
        developerPortalUrl: string({ readOnly: true }),
        managementApiUrl: string({ readOnly: true }),
        scmUrl: string({ readOnly: true }),
        platformVersion: string({ readOnly: true, default: 'stv2' }),
        hostnameConfigurations: array(withSecretCertificate),
        certificates: array(withSecretCertificate),
        publicIPAddresses: array(string(), { readOnly: true, default: ['127.0.0.1'] }),
        privateIPAddresses: array(string(), { readOnly: true }),
        outboundPublicIPAddresses: array(string(), { readOnly: true, default: ['127.0.0.1'] }),
        virtualNetworkType: string({ values: ['None', 'External', 'Internal'], default: 'None' }),
        publicNetworkAccess: string({ values: ['Enabled', 'Disabled'], default: 'Enabled' }),
        disableGateway: boolean({ default: false }),
        enableClientCertificate: boolean(),
        // Exports have `Unsupported` for tiers without one.
        natGatewayState: string({ values: ['Enabled', 'Disabled', 'Unsupported'] }),
        developerPortalStatus: string({ values: ['Enabled', 'Disabled'], default: 'Enabled' }),
        legacyPortalStatus: string({ values: ['Enabled', 'Disabled'], default: 'Disabled' }),
        // Azure takes true for 'True'.
        customProperties: map(any()),
        apiVersionConstraint: object({ minApiVersion: string() }),
        restore: boolean(),
      },
      { required: true },
    ),
  },
  put: {
    prepare: ({ body, existing, id, baseUrl, now, name, tenantId }) => ({
      body: withIdentity(
        withAddresses(body, name, baseUrl, existing?.createdAt ?? new Date(now).toISOString()),
        tenantId,
      ),
      operationsAfter: existing ? [] : builtInResources(id.text, propertiesOf(body), now),
    }),
  },
  patch: { prepare: ({ body, tenantId }) => ({ body: withIdentity(body, tenantId) }) },
  delete: { deleted: 200 },
  actions: serviceActions,
};

/** The addresses that clients and templates ask for; those of Lazuli's own gateway stand in its configuration. */
function withAddresses(body: JsonObject, serviceName: string, baseUrl: string, createdAt: string): JsonObject {
  const name = serviceName.toLowerCase();
  const region = typeof body.location === 'string' ? body.location : 'local';
  return withProperties(body, {
    createdAtUtc: createdAt,
    gatewayUrl: `https://${name}.azure-api.net`,
    gatewayRegionalUrl: `https://${name}-${region}-01.regional.azure-api.net`,
    portalUrl: `https://${name}.portal.azure-api.net`,
    developerPortalUrl: `https://${name}.developer.azure-api.net`,
    scmUrl: `https://${name}.scm.azure-api.net`,
    managementApiUrl: baseUrl,
  });
}
