import type { MakeListener } from './listening.ts';
export function describeConnections(_make: MakeListener): void {}
