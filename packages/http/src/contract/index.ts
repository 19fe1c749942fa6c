/** The suites that every implementation of the interfaces passes, and the raw sockets that they are asserted with. */

export { bodyOfSize, ManualBody, readBody } from './bodies.ts';
export { selfSigned } from './certificates.ts';
export { describeListener } from './listener.contract.ts';
export { answer, echo, head, listening, type MakeListener } from './listening.ts';
export { failureOf, type MakeUpstream, ok, originOf, requestTo, sending } from './sending.ts';
export { describeUpstream } from './upstream.contract.ts';
export { standsStill, until } from './waiting.ts';
export { type ServerConnection, WireClient, WireServer } from './wire.ts';
