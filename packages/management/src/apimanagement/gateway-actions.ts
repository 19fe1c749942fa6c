import type { ActionContext, ActionResult, ResourceAction } from '../contract.ts';
import { armError } from '../errors.ts';
import { lastSegment } from '../json/properties.ts';
import { object, string } from '../schema/schema.ts';
import { serviceType } from './api-management-type.ts';
import { debugActions } from './gateway-debug-actions.ts';
import type { GatewayRuntime } from './gateway-runtime.ts';
import { gatewayToken } from './gateway-token.ts';
import { newKey } from './types/subscription.ts';

const keyType = string({ required: true, values: ['primary', 'secondary'] });

/** Keys and tokens of a self-hosted gateway, with which it fetches its configuration. */
export const gatewayActions = (runtime: GatewayRuntime): readonly ResourceAction[] => [
  {
    // Lazuli's own: Azure shows the heartbeats of a gateway in its portal only.
    name: 'heartbeats',
    method: 'GET',
    permission: `${serviceType}/gateways/read`,
    run: ({ id }) => ({ body: { value: [...(runtime.heartbeats?.(id.text) ?? [])] } }),
  },
  {
    name: 'listKeys',
    run: async (context) => {
      const keys = await keysOf(context);
      return { body: { primary: keys.primary, secondary: keys.secondary } };
    },
  },
  {
    name: 'regenerateKey',
    body: object({ keyType }),
    run: ({ resource, body }) => ({
      status: 204,
      operations: resource
        ? [
            {
              operation: 'put',
              id: resource.id,
              type: resource.type,
              body: resource.body,
              secrets: { [`properties/${String(body.keyType)}Key`]: newKey() },
              ifMatch: resource.etag,
            },
          ]
        : [],
    }),
  },
  {
    name: 'generateToken',
    body: object({ keyType, expiry: string({ required: true, format: 'date-time' }) }),
    run: generateToken,
  },
  ...debugActions(runtime),
];

/** `{gateway}&{yyyyMMddHHmm}&{signature}`: valid until the time in it, and for as long as the key is. */
async function generateToken(context: ActionContext): Promise<ActionResult> {
  const { resource, body, now } = context;
  const expiry = Date.parse(String(body.expiry));
  if (expiry <= now || expiry > now + 30 * 86_400_000)
    throw armError('InvalidRequestBody', { reason: 'expiry must lie in the next 30 days' });
  const keys = await keysOf(context);
  const name = lastSegment(resource?.id ?? '');
  return { body: { value: gatewayToken(name, expiry, body.keyType === 'secondary' ? keys.secondary : keys.primary) } };
}

async function keysOf({
  resource,
  reader,
}: ActionContext): Promise<{ readonly primary: string; readonly secondary: string }> {
  const secrets = resource ? await reader.readSecrets(resource.id) : new Map<string, string>();
  return {
    primary: secrets.get('properties/primaryKey') ?? '',
    secondary: secrets.get('properties/secondaryKey') ?? '',
  };
}
