import type { Binder } from './binder.ts';
import type { Bound, Candidate } from './bound.ts';
import { implicitConversion } from './conversions.ts';
import { delegateShape, lambdaBody } from './lambdas.ts';
import type { Applicable, BoundArgument } from './overloads.ts';
import { isIntegral, rangeOf } from './primitives.ts';
import { errorType, isDelegate, same, special, type Type, voidType } from './types.ts';

export function isBetter(
  binder: Binder,
  a: Applicable<Candidate>,
  b: Applicable<Candidate>,
  args: readonly BoundArgument[],
): boolean {
  let better = false;
  let identical = true;
  for (const [i, arg] of args.entries()) {
    const ta = a.argumentTypes[i] ?? errorType;
    const tb = b.argumentTypes[i] ?? errorType;
    if (!same(ta, tb)) identical = false;
    const order = betterConversion(binder, arg.value, ta, tb);
    if (order < 0) return false;
    if (order > 0) better = true;
  }
  if (better) return true;
  return identical || args.length === 0 || !betterSomewhere(binder, b, a, args) ? tieBreak(a, b) : false;
}

function betterSomewhere(
  binder: Binder,
  a: Applicable<Candidate>,
  b: Applicable<Candidate>,
  args: readonly BoundArgument[],
): boolean {
  return args.some(
    (arg, i) =>
      betterConversion(binder, arg.value, a.argumentTypes[i] ?? errorType, b.argumentTypes[i] ?? errorType) > 0,
  );
}

function tieBreak(a: Applicable<Candidate>, b: Applicable<Candidate>): boolean {
  const generic = (x: Applicable<Candidate>) => (x.candidate.method.typeParameters.length > 0 ? 1 : 0);
  if (generic(a) !== generic(b)) return generic(a) < generic(b);
  if (a.expanded !== b.expanded) return !a.expanded;
  if (a.expanded && a.candidate.method.parameters.length !== b.candidate.method.parameters.length) {
    return a.candidate.method.parameters.length > b.candidate.method.parameters.length;
  }
  const defaults = (x: Applicable<Candidate>) => x.taken.filter((list) => list.length === 0).length;
  if (defaults(a) !== defaults(b)) return defaults(a) < defaults(b);
  return moreSpecific(a.candidate, b.candidate);
}

/** More specific parameter types, as declared: `List<T>` before `T`. */
function moreSpecific(a: Candidate, b: Candidate): boolean {
  let more = false;
  const count = Math.min(a.method.parameters.length, b.method.parameters.length);
  for (let i = 0; i < count; i++) {
    const pa = a.method.parameters[i]?.type;
    const pb = b.method.parameters[i]?.type;
    if (!pa || !pb) continue;
    const order = specificity(pa, pb);
    if (order < 0) return false;
    if (order > 0) more = true;
  }
  return more;
}

function specificity(a: Type, b: Type): number {
  if (a.kind === 'parameter') return b.kind === 'parameter' ? 0 : -1;
  if (b.kind === 'parameter') return 1;
  if (a.kind === 'array' && b.kind === 'array') return specificity(a.element, b.element);
  if (a.kind === 'named' && b.kind === 'named' && a.definition === b.definition) {
    let order = 0;
    for (const [i, arg] of a.args.entries()) {
      const other = b.args[i];
      const one = other ? specificity(arg, other) : 0;
      if (one !== 0 && order !== 0 && Math.sign(one) !== Math.sign(order)) return 0;
      if (one !== 0) order = one;
    }
    return order;
  }
  return 0;
}

/** Positive when converting to `a` is better, negative when to `b`. */
function betterConversion(binder: Binder, value: Bound, a: Type, b: Type): number {
  if (same(a, b)) return 0;
  if (value.kind === 'UnboundLambda' && isDelegate(a) && isDelegate(b)) {
    const sa = delegateShape(a);
    const sb = delegateShape(b);
    if (!sa || !sb || sa.parameters.length !== sb.parameters.length) return 0;
    if (!sa.parameters.every((type, i) => same(type, sb.parameters[i] ?? errorType))) return 0;
    if (same(sa.returns, sb.returns)) return 0;
    if (sa.returns === voidType) return -1;
    if (sb.returns === voidType) return 1;
    const { resultType } = lambdaBody(binder, value, sa.parameters);
    if (resultType && same(resultType, sa.returns)) return 1;
    if (resultType && same(resultType, sb.returns)) return -1;
    return betterTarget(sa.returns, sb.returns);
  }
  if (same(value.type, a)) return 1;
  if (same(value.type, b)) return -1;
  return betterTarget(a, b);
}

function betterTarget(a: Type, b: Type): number {
  const toB = implicitConversion(a, b) !== undefined;
  const toA = implicitConversion(b, a) !== undefined;
  if (toB && !toA) return 1;
  if (toA && !toB) return -1;
  const ka = special(a);
  const kb = special(b);
  if (isIntegral(ka) && isIntegral(kb) && ka !== 'char' && kb !== 'char') {
    const signedA = (rangeOf(ka)?.[0] ?? 0n) < 0n;
    const signedB = (rangeOf(kb)?.[0] ?? 0n) < 0n;
    if (signedA && !signedB) return 1;
    if (signedB && !signedA) return -1;
  }
  return 0;
}
