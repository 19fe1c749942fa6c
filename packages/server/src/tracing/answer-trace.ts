import type { InboundRequest } from '@lazuli/http';
import { HeaderList } from '@lazuli/policies';
import type { TraceStore } from './trace-store.ts';

const path = '/traces/';

/** Where the trace with an unguessable name is read. */
export function traceUrl(base: string, location: string): string {
  return `${base}${path}${location}`;
}

/** True: the request was one for a trace and is answered. Whoever knows the name may read it, for an hour. */
export function answerTrace(request: InboundRequest, traces: TraceStore): boolean {
  if (!request.target.startsWith(path)) return false;
  const location = request.target.slice(path.length);
  const trace = request.method === 'GET' ? traces.at(location) : null;
  const headers = new HeaderList(['Content-Type', 'application/json; charset=utf-8', 'Cache-Control', 'no-store']);
  headers.append('X-Content-Type-Options', 'nosniff');
  if (trace) void request.respond({ status: 200, reason: 'OK', headers }, Buffer.from(JSON.stringify(trace, null, 2)));
  else void request.respond({ status: 404, reason: 'Not Found', headers }, nothing);
  return true;
}

const nothing = Buffer.from('{"error":{"code":"NotFound","message":"There is no such trace, or not any more."}}');
