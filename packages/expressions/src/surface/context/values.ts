import type { ResponseView } from '../../context-host.ts';
import type { Uniform } from '../../runtime/values.ts';
import { Response } from './message.ts';

/** The UNIFORM `IResponse` that send-request stores in its variable. It holds the view under `responseVariable`. */
export function responseValue(view: ResponseView): Uniform {
  return new Response(view);
}

export { authorizationValue } from './authorization.ts';
export { jwtValue, parseJwt } from './jwt.ts';
