import type { JsonObject } from '@lazuli/store';
import type { ResourceType } from '../../contract.ts';
import { any, array, boolean, integer, map, object, string } from '../../schema/schema.ts';
import { serviceType } from '../api-management-type.ts';
import { builtInResources } from '../built-in-resources.ts';
import { serviceName } from '../names.ts';
import { propertiesOf, withProperties } from '../properties.ts';
import { serviceActions } from '../service-actions.ts';

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
    identity: object({
      type: string({ values: ['SystemAssigned', 'UserAssigned', 'SystemAssigned, UserAssigned', 'None'] }),
      userAssignedIdentities: map(any()),
    }),
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
        hostnameConfigurations: array(any()),
        virtualNetworkType: string({ values: ['None', 'External', 'Internal'], default: 'None' }),
        publicNetworkAccess: string({ values: ['Enabled', 'Disabled'], default: 'Enabled' }),
        disableGateway: boolean({ default: false }),
        enableClientCertificate: boolean(),
        natGatewayState: string({ values: ['Enabled', 'Disabled'] }),
        developerPortalStatus: string({ values: ['Enabled', 'Disabled'], default: 'Enabled' }),
        legacyPortalStatus: string({ values: ['Enabled', 'Disabled'], default: 'Disabled' }),
        customProperties: map(string()),
        apiVersionConstraint: object({ minApiVersion: string() }),
        restore: boolean(),
      },
      { required: true },
    ),
  },
  put: {
    prepare: ({ body, existing, id, baseUrl, now, name }) => ({
      body: existing ? body : { ...withAddresses(body, name, baseUrl, now) },
      operationsAfter: existing ? [] : builtInResources(id.text, propertiesOf(body), now),
    }),
  },
  patch: { prepare: () => ({}) },
  delete: { deleted: 200 },
  actions: serviceActions,
};

/** The addresses that clients ask for; those of Lazuli's own gateway stand in its configuration. */
function withAddresses(body: JsonObject, name: string, baseUrl: string, now: number): JsonObject {
  return withProperties(body, {
    createdAtUtc: new Date(now).toISOString(),
    gatewayUrl: `https://${name.toLowerCase()}.azure-api.net`,
    managementApiUrl: baseUrl,
  });
}
