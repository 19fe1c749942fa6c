import type { Exchange, ExchangeResponse } from '../exchange.ts';
import { HeaderList } from '../http/header-list.ts';
import type { Section } from '../pipeline/step.ts';

/** The response that a policy works on; an empty 200 when there is none yet (inbound, nothing forwarded). */
export function responseOf(exchange: Exchange): ExchangeResponse {
  exchange.response ??= { status: 200, reason: 'OK', headers: new HeaderList(), body: null };
  return exchange.response;
}

/** Which message a transformation in this section works on (`set-header`, `set-body`). */
export const messageOf = (section: Section): 'request' | 'response' =>
  section === 'inbound' || section === 'backend' ? 'request' : 'response';
