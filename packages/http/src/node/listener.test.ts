import { describeListener } from '../contract/listener.contract.ts';
import { createNodeListener } from './listener.ts';

describeListener('listener over node:http and node:http2', createNodeListener);
