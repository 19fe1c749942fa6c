import { defaultListenerLimits, endToEndHeaders, type InboundRequest, type ListenerLimits } from '@lazuli/http';
import { createHttp1Listener, createHttp1Upstream } from '@lazuli/http1';
import { HeaderList } from '@lazuli/policies';

/**
 * Listener and upstream client back to back, in a process whose memory can be measured. Arguments: port of the backend,
 * limits that differ from the defaults. It says its port, and its memory whenever it is asked.
 */
const [backendPort = '', changed = '{}'] = process.argv.slice(2);
const limits: ListenerLimits = { ...defaultListenerLimits, ...JSON.parse(changed) };
const upstream = createHttp1Upstream();
const listener = createHttp1Listener({
  host: '127.0.0.1',
  port: 0,
  tls: null,
  limits,
  onRefused: () => {},
  handler: (request) => void forward(request),
});
const { port } = await listener.listen();
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ memory: heapUsed + external, connections: listener.connections });
});
process.send?.({ port });

async function forward(request: InboundRequest): Promise<void> {
  try {
    const response = await upstream.request({
      method: request.method,
      origin: {
        scheme: 'http',
        host: '127.0.0.1',
        port: Number(backendPort),
        validateCertificateChain: true,
        validateCertificateName: true,
        certificate: null,
        proxy: null,
      },
      target: request.target,
      headers: endToEndHeaders(request.headers),
      body: request.body,
      timeoutMs: 0,
      continueTimeoutMs: null,
      httpVersion: '1',
      cancellation: request.cancellation,
    });
    await request.respond(
      { status: response.status, reason: response.reason, headers: endToEndHeaders(response.headers) },
      response.body,
    );
  } catch {
    await request.respond({ status: 502, reason: 'Bad Gateway', headers: new HeaderList([]) }, null);
  }
}
