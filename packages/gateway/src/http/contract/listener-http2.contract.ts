import type { MakeListener } from './listening.ts';
export function describeHttp2(_make: MakeListener): void {}
