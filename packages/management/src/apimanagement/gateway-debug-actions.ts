import type { ActionContext, ResourceAction } from '../contract.ts';
import { armError } from '../errors.ts';
import { lastSegment } from '../json/properties.ts';
import { refusedAction } from '../refused/refused-action.ts';
import { array, object, string } from '../schema/schema.ts';
import type { GatewayRuntime, GatewayTracing } from './gateway-runtime.ts';
import { serviceIdOf } from './service-id.ts';

const longestMs = 3_600_000;

/** Tracing by debug credentials, of the managed gateway (`gateways/managed`) and of self-hosted ones. */
export function debugActions({ tracing }: GatewayRuntime): readonly ResourceAction[] {
  if (!tracing)
    return ['listDebugCredentials', 'listTrace', 'invalidateDebugCredentials'].map((name) =>
      refusedAction(name, 'Tracing by debug credentials'),
    );
  return [
    {
      name: 'listDebugCredentials',
      needsResource: false,
      body: object({
        credentialsExpireAfter: string({ format: 'duration' }),
        apiId: string({ required: true }),
        purposes: array(string({ values: ['tracing'] }), { required: true }),
      }),
      run: async (context) => ({ body: { token: await issue(context, tracing) } }),
    },
    {
      name: 'listTrace',
      needsResource: false,
      body: object({ traceId: string({ required: true }) }),
      run(context) {
        requireGateway(context);
        const traceId = String(context.body.traceId);
        const trace = tracing.find(context.id.text, traceId);
        if (trace === null) throw armError('NotFound', { id: `${context.id.text}/traces/${traceId}` });
        return { body: trace };
      },
    },
    {
      name: 'invalidateDebugCredentials',
      needsResource: false,
      async run(context) {
        requireGateway(context);
        await tracing.invalidate(context.id.text);
        return { status: 204 };
      },
    },
  ];
}

async function issue(context: ActionContext, tracing: GatewayTracing): Promise<string> {
  requireGateway(context);
  const { body, id, reader } = context;
  if (!Array.isArray(body.purposes) || body.purposes.length === 0)
    throw armError('InvalidRequestBody', { reason: "purposes must hold 'tracing'" });
  const lifetimeMs =
    body.credentialsExpireAfter === undefined ? longestMs : duration(String(body.credentialsExpireAfter));
  if (!(lifetimeMs > 0 && lifetimeMs <= longestMs))
    throw armError('InvalidRequestBody', {
      reason: 'credentialsExpireAfter must be more than nothing and at most PT1H',
    });
  const apiId = String(body.apiId);
  const name = lastSegment(apiId);
  const [api = '', revision = null] = name.split(/;rev=/i);
  const serviceId = serviceIdOf(id.text);
  // With or without the id of the service before it.
  const isOwn = [`${serviceId}/apis/${name}`, `/apis/${name}`].some((one) => one.toLowerCase() === apiId.toLowerCase());
  if (!isOwn || !(await reader.get(`${serviceId}/apis/${api}`)))
    throw armError('InvalidRequestBody', { reason: `apiId '${apiId}' names no API of the service` });
  return tracing.issue(id.text, { api, revision, lifetimeMs });
}

/** The managed gateway is no resource of its own. */
function requireGateway({ id, resource }: ActionContext): void {
  if (!resource && id.name.toLowerCase() !== 'managed') throw armError('NotFound', { id: id.text });
}

/** Milliseconds of hours, minutes and seconds; anything longer is too long here. */
function duration(text: string): number {
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/i.exec(text);
  if (!match) return Number.NaN;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
