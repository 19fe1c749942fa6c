import type { CallExpression, Expression } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import { mapArguments } from './argument-mapping.ts';
import { bindArguments, settleOut } from './arguments.ts';
import type { Binder } from './binder.ts';
import type { Bound, Candidate, FunctionSymbol, MethodGroup } from './bound.ts';
import { asValue, convert, converts } from './convert.ts';
import { bindExpression } from './expressions.ts';
import { extensionLevels } from './extension-methods.ts';
import { delegateShape } from './lambdas.ts';
import { bindCallee } from './member-access.ts';
import type { MethodSymbol, Parameter } from './members.ts';
import { bindNameof } from './nameof.ts';
import { type Applicable, type BoundArgument, resolveOverload } from './overloads.ts';
import { display, errorType, isDelegate, substitute, type Type } from './types.ts';

export function bindCall(binder: Binder, call: CallExpression): Bound {
  if (call.target.kind === 'Name' && call.target.name === 'nameof' && !binder.scope.find('nameof'))
    return bindNameof(binder, call);
  const callee = bindCallee(binder, call.target);
  const args = bindArguments(binder, call.args);
  if (callee.type === errorType) return finishAfterError(binder, args, call);
  if (callee.kind === 'MethodGroup') return callGroup(binder, callee, args, call);
  if (isDelegate(callee.type)) return invokeDelegate(binder, callee, args, call);
  if (callee.kind === 'TypeName')
    return binder.fail(
      'CS1955',
      `'${display(callee.named)}' is a type: write 'new ${display(callee.named)}(...)' to make one`,
      call.target,
    );
  const value = asValue(binder, callee);
  if (value.type === errorType) return finishAfterError(binder, args, call);
  return binder.fail('CS0149', 'Method name expected', call.target);
}

/** The arguments' own mistakes are told even when the method is not known. */
export function finishAfterError(binder: Binder, args: readonly BoundArgument[], at: Span): Bound {
  for (const arg of args) settleOut(arg, errorType);
  return binder.error(at);
}

export function callGroup(binder: Binder, group: MethodGroup, args: readonly BoundArgument[], at: Span): Bound {
  if (group.function) return callFunction(binder, group.function, args, at, group.typeArgs);
  const settle = { name: group.name, typeArgs: group.typeArgs, at: group.nameSpan };
  const own = group.levels.length > 0 ? resolveOverload(binder, { ...settle, levels: group.levels }, args) : undefined;
  if (own && 'found' in own) return buildCall(binder, own.found, group.receiver, args, at);
  if (group.receiver) {
    const levels = extensionLevels(binder, group.name);
    const self: BoundArgument = {
      name: null,
      mode: 'value',
      value: group.receiver,
      start: group.receiver.start,
      end: group.receiver.end,
    };
    const all = [self, ...args];
    const extension =
      levels.length > 0 ? resolveOverload(binder, { ...settle, levels, receiverIsFirst: true }, all) : undefined;
    if (extension && 'found' in extension) return buildCall(binder, extension.found, null, all, at);
    if (extension && (!own || (own.failure.rank < extension.failure.rank && extension.failure.at !== self))) {
      const { failure } = extension;
      return reportFailure(
        binder,
        failure.at === self
          ? {
              code: 'CS1929',
              message: `'${display(group.receiver.type)}' does not contain a definition for '${group.name}' that takes these arguments`,
              at: group.nameSpan,
            }
          : failure,
        args,
        at,
      );
    }
  }
  if (own) return reportFailure(binder, own.failure, args, at);
  return binder.fail(
    'CS1061',
    `'${display(group.on)}' does not contain a definition for '${group.name}'`,
    group.nameSpan,
  );
}

export function reportFailure(
  binder: Binder,
  failure: { code: string; message: string; at: Span },
  args: readonly BoundArgument[],
  at: Span,
): Bound {
  const broken = args.some((arg) => arg.value.type === errorType);
  if (!broken) {
    if (!reportLambdaProblems(binder, args)) binder.report(failure.code, failure.message, failure.at);
  }
  return finishAfterError(binder, args, at);
}

/** When a lambda does not fit because its body is wrong, the body's own mistake is what helps. */
function reportLambdaProblems(binder: Binder, args: readonly BoundArgument[]): boolean {
  for (const { value } of args) {
    if (value.kind !== 'UnboundLambda') continue;
    const bodies = [...value.bodies.values()];
    const [first] = bodies;
    if (first && bodies.every((body) => body.problems.any)) {
      binder.problems.addAll(first.problems);
      return true;
    }
  }
  return false;
}

export function buildCall(
  binder: Binder,
  found: Applicable<Candidate>,
  receiver: Bound | null,
  args: readonly BoundArgument[],
  at: Span,
): Bound {
  const { candidate, substitution } = found;
  const { method } = candidate;
  const converted = placeArguments(binder, method.parameters, found, args, at);
  const returned = method.kind === 'constructor' ? method.owner.open : method.returnType;
  const typeArgs = typeArgumentsOf(method, substitution);
  return {
    kind: 'Call',
    type: substitute(returned, substitution),
    method,
    receiver: method.isStatic ? null : receiver,
    args: converted,
    typeArgs,
    start: at.start,
    end: at.end,
  };
}

/** What a generic implementation gets: the method's own type arguments; those of its type when it has none. */
function typeArgumentsOf(method: MethodSymbol, substitution: ReadonlyMap<unknown, Type>): Type[] {
  if (!method.isGeneric) return [];
  const parameters = method.typeParameters.length > 0 ? method.typeParameters : method.owner.typeParameters;
  return parameters.map((p) => substitution.get(p) ?? errorType);
}

/** The arguments in the order of the parameters, converted, with `params` arrays and defaults. */
function placeArguments(
  binder: Binder,
  parameters: readonly Parameter[],
  found: Pick<Applicable<unknown>, 'taken' | 'expanded' | 'substitution'>,
  args: readonly BoundArgument[],
  at: Span,
): Bound[] {
  return parameters.map((parameter, p) => {
    const type = substitute(parameter.type, found.substitution);
    const taken = (found.taken[p] ?? []).map((index) => args[index]).filter((arg) => arg !== undefined);
    if (found.expanded && parameter.isParams) {
      const element = type.kind === 'array' ? type.element : errorType;
      const items = taken.map((arg) => convert(binder, arg.value, element, arg));
      return { kind: 'NewArray', type, size: null, items, start: at.start, end: at.end };
    }
    const [arg] = taken;
    if (!arg) return defaultArgument(binder, parameter, type, at);
    return placeArgument(binder, arg, type);
  });
}

function placeArgument(binder: Binder, arg: BoundArgument, type: Type): Bound {
  if (arg.mode === 'value') return convert(binder, arg.value, type, arg);
  settleOut(arg, type);
  if (arg.value.kind === 'OutVariable') {
    const { local, start, end } = arg.value;
    const target: Bound | null = local && { kind: 'Local', symbol: local, type: local.type, start, end };
    return { kind: 'Reference', type, target, mode: 'out', start, end };
  }
  return arg.value;
}

function defaultArgument(binder: Binder, parameter: Parameter, type: Type, at: Span): Bound {
  const syntax = parameter.defaultValue;
  if (!syntax) return binder.error(at);
  const bound = bindDefault(binder, syntax);
  return { ...convert(binder, bound, type, at), start: at.start, end: at.end };
}

/** Defaults are constants: they are bound without the names of the expression that calls. */
function bindDefault(binder: Binder, syntax: Expression): Bound {
  const { scope } = binder;
  binder.scope = binder.rootScope;
  try {
    return bindExpression(binder, syntax);
  } finally {
    binder.scope = scope;
  }
}

export function callFunction(
  binder: Binder,
  target: FunctionSymbol,
  args: readonly BoundArgument[],
  at: Span,
  typeArgs: readonly Type[] | null = null,
): Bound {
  const group = { name: target.name, at, typeArgs, levels: [[functionCandidate(binder, target)]] };
  const { parameters } = target;
  const mapped = mapArguments(group, parameters, args, false);
  if ('failure' in mapped && !parameters.at(-1)?.isParams) return reportFailure(binder, mapped.failure, args, at);
  const resolved = resolveOverload(binder, group, args);
  if ('failure' in resolved) return reportFailure(binder, resolved.failure, args, at);
  const called = instanceFor(target, resolved.found, at);
  if (!called) return finishAfterError(binder, args, at);
  const converted = placeArguments(binder, parameters, resolved.found, args, at);
  return {
    kind: 'CallFunction',
    type: called.returnType,
    target: called,
    args: converted,
    start: at.start,
    end: at.end,
  };
}

/** A local function as a method that overload resolution takes. */
export function functionCandidate(binder: Binder, target: FunctionSymbol): Candidate {
  const method: MethodSymbol = {
    kind: 'method',
    name: target.name,
    owner: binder.object.definition,
    isStatic: true,
    isExtension: false,
    typeParameters: target.generic?.typeParameters ?? [],
    parameters: target.parameters,
    returnType: target.returnType,
    call: () => null,
    isGeneric: false,
  };
  return { method, substitution: new Map() };
}

function instanceFor(
  target: FunctionSymbol,
  { substitution }: Pick<Applicable<unknown>, 'substitution'>,
  at: Span,
): FunctionSymbol | undefined {
  const { generic } = target;
  if (!generic) return target;
  return generic.instantiate(
    generic.typeParameters.map((p) => substitution.get(p) ?? errorType),
    at,
  );
}

export function invokeDelegate(binder: Binder, target: Bound, args: readonly BoundArgument[], at: Span): Bound {
  const shape = target.type.kind === 'named' ? delegateShape(target.type) : undefined;
  if (!shape) return binder.error(at);
  if (args.length !== shape.parameters.length) {
    return binder.fail('CS1593', `Delegate '${display(target.type)}' does not take ${args.length} arguments`, at);
  }
  const values = args.map((arg, i) => {
    const type = shape.parameters[i] ?? errorType;
    if (arg.value.type !== errorType && !converts(binder, arg.value, type, false)) {
      return binder.fail(
        'CS1503',
        `Argument ${i + 1}: cannot convert from '${display(arg.value.type)}' to '${display(type)}'`,
        arg,
      );
    }
    return convert(binder, arg.value, type, arg);
  });
  return {
    kind: 'Invoke',
    type: shape.returns,
    target,
    args: values,
    returns: shape.returns,
    start: at.start,
    end: at.end,
  };
}
