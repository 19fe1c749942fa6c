import type { Exchange, HeaderList, Pipeline } from '@lazuli/policies';

/** A CORS preflight: `OPTIONS` with `Origin` and `Access-Control-Request-Method` (Fetch standard, section 3.3.2). */
export function isPreflight(method: string, headers: HeaderList): boolean {
  return method === 'OPTIONS' && headers.has('Origin') && headers.has('Access-Control-Request-Method');
}

/** Asks the `cors` policies in force, the narrowest scope first. True: the answer is in `exchange.response`. */
export function answerPreflight(pipeline: Pipeline, exchange: Exchange): boolean {
  return pipeline.preflight.some((handler) => handler(exchange) === 'answered');
}
