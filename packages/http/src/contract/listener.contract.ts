import { describe } from 'vitest';
import { describeAccepting } from './listener-accepting.contract.ts';
import { describeBodies } from './listener-bodies.contract.ts';
import { describeConnections } from './listener-connections.contract.ts';
import { describeHttp2 } from './listener-http2.contract.ts';
import { describeLimits } from './listener-limits.contract.ts';
import { describeResponses } from './listener-responses.contract.ts';
import { describeStrictness } from './listener-strictness.contract.ts';
import type { MakeListener } from './listening.ts';

/** What every {@link HttpListener} does, asserted on the wire. */
export function describeListener(name: string, make: MakeListener): void {
  describe(name, () => {
    describeStrictness(make);
    describeLimits(make);
    describeBodies(make);
    describeResponses(make);
    describeConnections(make);
    describeHttp2(make);
    describeAccepting(make);
  });
}
