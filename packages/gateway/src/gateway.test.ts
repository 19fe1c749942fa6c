import { createNodeListener, createUndiciUpstream } from '@lazuli/http';
import { createHttp1Listener, createHttp1Upstream } from '@lazuli/http1';
import { describe } from 'vitest';
import { describeBackends } from './contract/backends.contract.ts';
import { describeForwarding } from './contract/forwarding.contract.ts';
import { describeServing } from './contract/serving.contract.ts';
import type { Http } from './testing/serving.ts';

const implementations: readonly Http[] = [
  { name: 'sockets', createListener: createHttp1Listener, createUpstream: createHttp1Upstream },
  { name: 'node:http and undici', createListener: createNodeListener, createUpstream: createUndiciUpstream },
];

describe.each(implementations)('the gateway over $name', (http) => {
  describeForwarding(http);
  describeBackends(http);
  describeServing(http);
});
