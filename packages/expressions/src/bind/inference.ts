import type { Binder } from './binder.ts';
import type { Bound, UnboundLambda } from './bound.ts';
import { implicitConversion } from './conversions.ts';
import { naturalTuple } from './convert.ts';
import { arrayElementInterfaces, instanceOf } from './hierarchy.ts';
import { explicitTypes, lambdaBody } from './lambdas.ts';
import { methodGroupReturn } from './method-groups.ts';
import {
  isDelegate,
  isNullable,
  isReferenceType,
  mentions,
  type NamedType,
  same,
  substitute,
  type Type,
  type TypeParameter,
  voidType,
} from './types.ts';

interface Bounds {
  readonly exact: Set<Type>;
  readonly lower: Set<Type>;
  readonly upper: Set<Type>;
}

/**
 * Infers the type arguments of a generic method from (parameter type, argument) pairs.
 * C# specification, "Type inference". Gives undefined when some cannot be inferred.
 */
export function inferTypes(
  binder: Binder,
  typeParameters: readonly TypeParameter[],
  pairs: readonly { readonly parameter: Type; readonly argument: Bound }[],
): Map<TypeParameter, Type> | undefined {
  const inference = new Inference(binder, typeParameters);
  return inference.run(pairs);
}

class Inference {
  readonly binder: Binder;
  readonly parameters: ReadonlySet<TypeParameter>;
  readonly bounds = new Map<TypeParameter, Bounds>();
  readonly fixed = new Map<TypeParameter, Type>();

  constructor(binder: Binder, parameters: readonly TypeParameter[]) {
    this.binder = binder;
    this.parameters = new Set(parameters);
    for (const p of parameters) this.bounds.set(p, { exact: new Set(), lower: new Set(), upper: new Set() });
  }

  run(pairs: readonly { parameter: Type; argument: Bound }[]): Map<TypeParameter, Type> | undefined {
    const lambdas: { parameter: NamedType; argument: Bound }[] = [];
    for (const { parameter, argument } of pairs) this.#first(parameter, argument, lambdas);
    let pending = lambdas;
    while (this.fixed.size < this.parameters.size || pending.length > 0) {
      const dependent = new Set(pending.flatMap(({ parameter }) => this.#outputs(parameter)));
      const before = this.fixed.size;
      const unfixed = [...this.parameters].filter((p) => !this.fixed.has(p));
      const ready = unfixed.filter((p) => !dependent.has(p) && this.#hasBounds(p));
      for (const p of ready.length > 0
        ? ready
        : unfixed.filter((x) => this.#hasBounds(x) && this.#isInput(x, pending))) {
        if (!this.#fix(p)) return undefined;
      }
      const runnable = pending.filter(({ parameter }) => this.#inputs(parameter).every((p) => this.fixed.has(p)));
      for (const { parameter, argument } of runnable) if (!this.#output(parameter, argument)) return undefined;
      pending = pending.filter((item) => !runnable.includes(item));
      if (this.fixed.size === before && runnable.length === 0) return undefined;
    }
    return this.fixed;
  }

  #hasBounds(p: TypeParameter): boolean {
    const bounds = this.bounds.get(p);
    return bounds !== undefined && bounds.exact.size + bounds.lower.size + bounds.upper.size > 0;
  }

  #isInput(p: TypeParameter, pending: readonly { parameter: NamedType }[]): boolean {
    return pending.some(({ parameter }) => this.#inputs(parameter).includes(p));
  }

  #first(parameter: Type, argument: Bound, lambdas: { parameter: NamedType; argument: Bound }[]): void {
    if (argument.kind === 'UnboundLambda' || argument.kind === 'MethodGroup') {
      if (!isDelegate(parameter)) return;
      lambdas.push({ parameter, argument });
      if (argument.kind === 'UnboundLambda') {
        const types = explicitTypes(this.binder, argument);
        const shape = openShape(parameter);
        types?.forEach((type, i) => {
          const target = shape?.parameters[i];
          if (target) this.exact(type, target);
        });
      }
      return;
    }
    if (argument.kind === 'TupleLiteral' && parameter.kind === 'parameter') {
      const tuple = naturalTuple(this.binder, argument);
      if (tuple) this.lower(tuple.type, parameter);
      return;
    }
    if (argument.kind === 'TupleLiteral' && parameter.kind === 'named') {
      argument.elements.forEach((element, i) => {
        const target = parameter.args[i];
        if (target) this.#first(target, element, lambdas);
      });
      return;
    }
    if (argument.kind === 'OutVariable' && argument.local && argument.local.type.kind !== 'pseudo')
      this.exact(argument.local.type, parameter);
    if (argument.type.kind === 'pseudo') return;
    if (argument.kind === 'Reference') this.exact(argument.type, parameter);
    else this.lower(argument.type, parameter);
  }

  #inputs(delegate: NamedType): TypeParameter[] {
    const shape = openShape(delegate);
    return [...this.parameters].filter((p) => shape?.parameters.some((type) => mentions(type, new Set([p]))));
  }

  #outputs(delegate: NamedType): TypeParameter[] {
    const shape = openShape(delegate);
    return shape ? [...this.parameters].filter((p) => mentions(shape.returns, new Set([p]))) : [];
  }

  /** Infers from what a lambda or a method group gives for the parameter types, which are now known. */
  #output(delegate: NamedType, argument: Bound): boolean {
    const shape = openShape(delegate);
    if (!shape) return false;
    if (shape.returns === voidType) return true;
    const types = shape.parameters.map((type) => substitute(type, this.fixed));
    if (argument.kind === 'MethodGroup') {
      const result = methodGroupReturn(this.binder, argument, types);
      if (result && result !== voidType) this.lower(result, shape.returns);
      return result !== undefined;
    }
    if (argument.kind !== 'UnboundLambda') return false;
    const result = this.#lambdaResult(argument, types);
    if (result && result.kind !== 'pseudo') this.lower(result, shape.returns);
    return true;
  }

  #lambdaResult(lambda: UnboundLambda, types: readonly Type[]): Type | undefined {
    if (lambda.syntax.parameters.length !== types.length) return undefined;
    return lambdaBody(this.binder, lambda, types).resultType;
  }

  exact(from: Type, to: Type): void {
    if (to.kind === 'parameter' && this.parameters.has(to)) {
      this.bounds.get(to)?.exact.add(from);
    } else if (to.kind === 'array' && from.kind === 'array') {
      this.exact(from.element, to.element);
    } else if (to.kind === 'named' && from.kind === 'named' && to.definition === from.definition) {
      to.args.forEach((arg, i) => {
        const source = from.args[i];
        if (source) this.exact(source, arg);
      });
    }
  }

  lower(from: Type, to: Type): void {
    if (!mentions(to, this.parameters)) return;
    if (to.kind === 'parameter') {
      this.bounds.get(to)?.lower.add(from);
    } else if (to.kind === 'array') {
      if (from.kind === 'array') this.#element(from.element, to.element);
    } else if (to.kind === 'named') {
      if (isNullable(to) && isNullable(from)) this.exact(from, to);
      else if (isNullable(to)) {
        const [inner] = to.args;
        if (inner && !isReferenceType(from)) this.lower(from, inner);
      } else this.#lowerNamed(from, to);
    }
  }

  #element(from: Type, to: Type): void {
    if (isReferenceType(from)) this.lower(from, to);
    else this.exact(from, to);
  }

  #lowerNamed(from: Type, to: NamedType): void {
    if (from.kind === 'array') {
      const [arg] = to.args;
      if (arrayElementInterfaces.has(to.definition.fullName) && arg) this.#element(from.element, arg);
      return;
    }
    const source = instanceOf(from, to.definition.fullName);
    if (!source || source.definition !== to.definition) return;
    to.definition.typeParameters.forEach((parameter, i) => {
      const a = source.args[i];
      const b = to.args[i];
      if (!a || !b) return;
      if (parameter.variance === 'out') this.#element(a, b);
      else if (parameter.variance === 'in' && isReferenceType(a)) this.#upper(a, b);
      else this.exact(a, b);
    });
  }

  #upper(from: Type, to: Type): void {
    if (to.kind === 'parameter' && this.parameters.has(to)) this.bounds.get(to)?.upper.add(from);
    else this.exact(from, to);
  }

  #fix(p: TypeParameter): boolean {
    const bounds = this.bounds.get(p);
    if (!bounds) return false;
    const candidates = [...bounds.exact, ...bounds.lower, ...bounds.upper].filter(
      (candidate) =>
        [...bounds.exact].every((exact) => same(exact, candidate)) &&
        [...bounds.lower].every((lower) => implicitConversion(lower, candidate) !== undefined) &&
        [...bounds.upper].every((upper) => implicitConversion(candidate, upper) !== undefined),
    );
    // Bounds without a common type: the error is about the argument that does not fit the first of them.
    const best =
      candidates.find((c) => candidates.every((other) => implicitConversion(other, c) !== undefined)) ?? candidates[0];
    if (!best) return false;
    // Tuples that differ in the names of their elements are one type without names.
    const isOne = [...bounds.exact, ...bounds.lower, ...bounds.upper].every(
      (bound) => bound === best || !same(bound, best),
    );
    this.fixed.set(p, isOne ? best : best.erased);
    return true;
  }
}

function openShape(type: NamedType): { parameters: readonly Type[]; returns: Type } | undefined {
  const { invoke } = type.definition;
  if (!invoke) return undefined;
  const map = new Map(type.definition.typeParameters.map((p, i) => [p, type.args[i] ?? p]));
  return {
    parameters: invoke.parameters.map((p) => substitute(p.type, map)),
    returns: substitute(invoke.returnType, map),
  };
}
