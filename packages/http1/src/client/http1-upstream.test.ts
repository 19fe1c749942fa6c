import { describeUpstream } from '@lazuli/http/contract';
import { createHttp1Upstream } from './http1-upstream.ts';

describeUpstream('upstream over sockets', createHttp1Upstream);
