import {
  createNodeListener,
  defaultListenerLimits,
  type HttpListener,
  type InboundRequest,
  type ListenerAddress,
} from '@lazuli/http';
import { HeaderList, type MetricSeriesState, prometheusContentType, prometheusText } from '@lazuli/policies';
import { answerTrace } from './tracing/answer-trace.ts';
import type { TraceStore } from './tracing/trace-store.ts';

export interface MetricsEndpoint {
  readonly address: ListenerAddress;
  close(): Promise<void>;
}

/**
 * Serves metrics (`more` besides, as text) in Prometheus' text format at `/metrics` of a port of its own, on loopback only, and traces below `/traces/`. Requests that name
 * another host are refused, so that a web page cannot read it through a name that it made point here.
 */
export async function openMetricsEndpoint(
  port: number,
  read: () => readonly MetricSeriesState[],
  traces: TraceStore | null = null,
  more: () => Promise<string> = async () => '',
): Promise<MetricsEndpoint> {
  const listener: HttpListener = createNodeListener({
    host: '127.0.0.1',
    port,
    tls: null,
    limits: defaultListenerLimits,
    handler: (request) => void answer(request, read, traces, more),
    onRefused: () => {},
  });
  const address = await listener.listen();
  return { address, close: () => listener.drain(0) };
}

const ownNames = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

async function answer(
  request: InboundRequest,
  read: () => readonly MetricSeriesState[],
  traces: TraceStore | null,
  more: () => Promise<string>,
): Promise<void> {
  if (traces && ownNames.test(request.authority) && answerTrace(request, traces)) return;
  const { status, reason, text = '', headers = [] } = answerTo(request, read);
  const head = { status, reason, headers: new HeaderList(['Cache-Control', 'no-store', ...headers]) };
  const isWhole = status !== 200 || request.method === 'HEAD';
  const body = isWhole ? text : `${text}${await more()}`;
  await request.respond(head, request.method === 'HEAD' ? null : Buffer.from(body));
}

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly text?: string;
  readonly headers?: readonly string[];
}

function answerTo({ authority, method, target }: InboundRequest, read: () => readonly MetricSeriesState[]): Answer {
  if (!ownNames.test(authority)) return { status: 421, reason: 'Misdirected Request' };
  if (target.replace(/\?.*$/s, '') !== '/metrics') return { status: 404, reason: 'Not Found' };
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, reason: 'Method Not Allowed', headers: ['Allow', 'GET, HEAD'] };
  return { status: 200, reason: 'OK', text: prometheusText(read()), headers: ['Content-Type', prometheusContentType] };
}
