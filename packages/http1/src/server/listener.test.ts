import { describeListener } from '@lazuli/http/contract';
import { createHttp1Listener } from './listener.ts';

describeListener('listener over sockets', createHttp1Listener);
