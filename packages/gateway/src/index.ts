export { type CompiledRouter, compileRouter } from './routing/compile-router.ts';
export { type RequestTarget, splitTarget } from './routing/request-path.ts';
export type { RouteOutcome, Router } from './routing/router.ts';
