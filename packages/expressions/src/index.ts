/**
 * The C# policy-expression language of Azure API Management: parse, bind with static types, emit JavaScript.
 * Pure: no input or output, no clock and no randomness but those of the surface's declared members.
 */

export {
  type CompiledExpression,
  type CompileOptions,
  compileExpression,
  ExpressionCompileError,
  type ExpressionProblem,
} from './compile.ts';
export type * from './context-host.ts';
export { responseVariable } from './context-host.ts';
export { BudgetExceeded, NetException } from './runtime/exceptions.ts';
export { toStringOf } from './runtime/object.ts';
export { PlainDate, type PlainValue, plainValue } from './runtime/plain-value.ts';
export { copyOf, fromPortable, type PortableValue, toPortable } from './runtime/portable-value.ts';
export { boundedTest } from './runtime/regex/bounded-test.ts';
export { Boxed, box, netArray, netType, typeNameOf } from './runtime/values.ts';
export { authorizationValue, jwtValue, parseJwt, responseValue } from './surface/context/values.ts';
export type { TypeDeclaration } from './surface/declare.ts';
export { surface } from './surface/index.ts';
