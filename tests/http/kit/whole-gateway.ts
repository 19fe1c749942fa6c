import type { HttpImplementation } from '@lazuli/server';
import { type ServedFolder, serve } from '../../kit/serve.ts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

/** The whole server with one API at the root that forwards everything to a backend. */
export async function startWholeGateway(
  http: HttpImplementation,
  backendUrl: string,
  policy = '',
): Promise<ServedFolder> {
  const operations = Object.fromEntries(
    methods.map((method) => [method, { operationId: method, responses: { 200: { description: 'OK' } } }]),
  );
  const files: Record<string, unknown> = {
    'apis/all/apiInformation.json': {
      properties: { displayName: 'All', path: '', subscriptionRequired: false, serviceUrl: backendUrl },
    },
    'apis/all/specification.json': {
      openapi: '3.0.3',
      info: { title: 'All', version: '1' },
      paths: { '/*': operations },
    },
    'apis/all/policy.xml': `<policies>
      <inbound><base />${policy}</inbound><backend><forward-request timeout="1" /></backend><outbound><base /></outbound>
    </policies>`,
    'apis/socket/apiInformation.json': {
      properties: {
        displayName: 'Socket',
        path: 'socket',
        type: 'websocket',
        subscriptionRequired: false,
        protocols: ['ws', 'wss'],
        serviceUrl: backendUrl.replace('http', 'ws'),
      },
    },
  };
  const texts = Object.entries(files).map(
    ([path, content]) => [path, typeof content === 'string' ? content : JSON.stringify(content)] as const,
  );
  const { server, diagnostics } = await serve(new Map(texts), http);
  if (server === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return server;
}
