import { describeUpstream } from '../contract/upstream.contract.ts';
import { createUndiciUpstream } from './upstream.ts';

describeUpstream('upstream over undici', createUndiciUpstream);
