import { describe } from 'vitest';
import type { MakeUpstream } from './sending.ts';
import { describeUpstreamBodies } from './upstream-bodies.contract.ts';
import { describeUpstreamConnections } from './upstream-connections.contract.ts';
import { describeUpstreamHttp2 } from './upstream-http2.contract.ts';
import { describeUpstreamMessages } from './upstream-messages.contract.ts';
import { describeUpstreamStrictness } from './upstream-strictness.contract.ts';
import { describeUpstreamTls } from './upstream-tls.contract.ts';

/** What every {@link UpstreamClient} does, asserted on the wire. */
export function describeUpstream(name: string, make: MakeUpstream): void {
  describe(name, () => {
    describeUpstreamMessages(make);
    describeUpstreamStrictness(make);
    describeUpstreamBodies(make);
    describeUpstreamConnections(make);
    describeUpstreamTls(make);
    describeUpstreamHttp2(make);
  });
}
