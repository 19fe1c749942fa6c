/** The suites that every implementation of the interfaces passes, and the raw sockets that they are asserted with. */

export { describeListener } from './listener.contract.ts';
export type { MakeListener } from './listening.ts';
export type { MakeUpstream } from './sending.ts';
export { describeUpstream } from './upstream.contract.ts';
