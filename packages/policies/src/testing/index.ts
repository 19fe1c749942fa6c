/** For tests of policies and of what is built on them: fake ports, exchanges, and a runner. Not for production code. */
export { sourceOf } from './body-source.ts';
export {
  type ExchangeForInit,
  exchangeFor,
  type TestExchange,
  type TestRequest,
  type TraceEntry,
} from './exchange-for.ts';
export {
  FakeClock,
  type FakePorts,
  type FakePortsInit,
  type FakeRequest,
  type FakeResponse,
  type FakeServer,
  fakePorts,
} from './fake-ports.ts';
export { apiOf, operationOf, productOf, subscriptionOf, userOf } from './models.ts';
export {
  type CompileForInit,
  compilePolicy,
  environmentFor,
  type PolicyRun,
  type PolicyText,
  pipelineFor,
  problemsOf,
  type RunPolicyInit,
  runPolicy,
} from './run-policy.ts';
export { stepPolicy } from './step-policy.ts';
