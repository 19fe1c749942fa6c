import { Problems } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound, BoundLambda, BoundReturn, LambdaBody, LocalSymbol, UnboundLambda } from './bound.ts';
import { bestCommonType, convert, converts } from './convert.ts';
import { bindExpression } from './expressions.ts';
import { endReachable } from './reachability.ts';
import { bindBlock } from './statements.ts';
import { resolveType } from './type-syntax.ts';
import { display, errorType, type NamedType, same, substitute, substitutionOf, type Type, voidType } from './types.ts';

/** The parameter and result types of a closed delegate type. */
export function delegateShape(type: NamedType): { parameters: readonly Type[]; returns: Type } | undefined {
  const invoke = type.definition.invoke;
  if (!invoke) return undefined;
  const map = substitutionOf(type);
  return {
    parameters: invoke.parameters.map((p) => substitute(p.type, map)),
    returns: substitute(invoke.returnType, map),
  };
}

/** The types written at the parameters, or null when the lambda does not say. */
export function explicitTypes(binder: Binder, lambda: UnboundLambda): readonly Type[] | null {
  const { parameters } = lambda.syntax;
  if (parameters.length === 0 || parameters.some((p) => p.type === null)) return parameters.length === 0 ? [] : null;
  return parameters.map((p) => (p.type ? resolveType(binder, p.type) : errorType));
}

/** Can the lambda become this delegate? */
export function lambdaConverts(binder: Binder, lambda: UnboundLambda, to: NamedType, strict: boolean): boolean {
  const shape = delegateShape(to);
  if (!shape || shape.parameters.length !== lambda.syntax.parameters.length) return false;
  const explicit = explicitTypes(binder, lambda);
  if (explicit?.some((type, i) => !same(type, shape.parameters[i] ?? errorType))) return false;
  const body = lambdaBody(binder, lambda, shape.parameters);
  if (body.problems.any) return !strict;
  return resultsConvert(binder, body, shape.returns, strict);
}

function resultsConvert(binder: Binder, body: LambdaBody, returns: Type, strict: boolean): boolean {
  if (returns === voidType) {
    return body.expression ? isStatementLike(body.expression) : body.returns.every((r) => r.value === null);
  }
  if (body.expression) return body.expression.type !== voidType && converts(binder, body.expression, returns, strict);
  return (
    !body.endReachable && body.returns.every((r) => r.value !== null && converts(binder, r.value, returns, strict))
  );
}

function isStatementLike(value: Bound): boolean {
  return [
    'Call',
    'Invoke',
    'CallFunction',
    'Assign',
    'Update',
    'Initialized',
    'ConditionalAccess',
    'ThrowExpression',
    'Error',
  ].includes(value.kind);
}

/** Binds the body for the parameter types; remembered, because overload resolution asks again and again. */
export function lambdaBody(binder: Binder, lambda: UnboundLambda, types: readonly Type[]): LambdaBody {
  const key = types.map((type) => type.id).join();
  let body = lambda.bodies.get(key);
  if (!body) {
    body = bindBody(binder, lambda, types);
    lambda.bodies.set(key, body);
  }
  return body;
}

/** What is wrong in it goes to `problems` of the body: another overload may fit better. */
function bindBody(binder: Binder, lambda: UnboundLambda, types: readonly Type[]): LambdaBody {
  const { problems, checked, receiver } = binder;
  const own = new Problems();
  const returns: BoundReturn[] = [];
  binder.problems = own;
  binder.checked = lambda.checked;
  try {
    return binder.insideFunction(lambda.scope, { returnType: undefined, returns }, () => {
      const parameters = lambda.syntax.parameters.map((p, i): LocalSymbol => {
        const local = binder.newLocal(p.name, types[i] ?? errorType, { isParameter: true });
        // C# 7 has no discards here: `_` is a name, and may stand twice only from C# 9.
        binder.declare(local, p);
        return local;
      });
      return { parameters, returns, problems: own, ...bindParts(binder, lambda, returns) };
    });
  } finally {
    Object.assign(binder, { problems, checked, receiver });
  }
}

function bindParts(
  binder: Binder,
  lambda: UnboundLambda,
  returns: readonly BoundReturn[],
): Omit<LambdaBody, 'parameters' | 'returns' | 'problems'> {
  const { body } = lambda.syntax;
  if (body.kind === 'Block') {
    const statement = bindBlock(binder, body);
    const resultType = resultOf(binder, returns);
    return { expression: null, statement, endReachable: endReachable(statement), hoisted: [], resultType };
  }
  const expression = bindExpression(binder, body);
  const resultType =
    expression.type.kind !== 'pseudo' || expression.type === voidType
      ? expression.type
      : bestCommonType(binder, [expression]);
  return { expression, statement: null, endReachable: false, hoisted: binder.hoisted, resultType };
}

function resultOf(binder: Binder, returns: readonly BoundReturn[]): Type | undefined {
  const values = returns.map((r) => r.value).filter((value) => value !== null);
  return values.length === 0 ? voidType : bestCommonType(binder, values);
}

/** Converts, reporting what is wrong with the parameters, the body and the results. */
export function convertLambda(binder: Binder, lambda: UnboundLambda, to: NamedType): Bound {
  const shape = delegateShape(to);
  if (!shape) return binder.error(lambda);
  const count = lambda.syntax.parameters.length;
  if (count !== shape.parameters.length) {
    return binder.fail('CS1593', `Delegate '${display(to)}' does not take ${count} arguments`, lambda);
  }
  const explicit = explicitTypes(binder, lambda);
  if (explicit?.some((type, i) => type !== errorType && !same(type, shape.parameters[i] ?? errorType))) {
    return binder.fail(
      'CS1678',
      `The parameter types of the lambda expression do not match those of '${display(to)}'`,
      lambda,
    );
  }
  const body = lambdaBody(binder, lambda, shape.parameters);
  if (body.problems.any) {
    binder.problems.addAll(body.problems);
    return binder.error(lambda);
  }
  const { start, end } = lambda;
  const base = {
    kind: 'Lambda',
    type: to,
    parameters: body.parameters,
    returns: shape.returns,
    hoisted: body.hoisted,
    start,
    end,
  } as const;
  if (body.statement) {
    convertReturns(binder, body, shape.returns, lambda);
    return { ...base, body: body.statement } satisfies BoundLambda;
  }
  if (!body.expression) return binder.error(lambda);
  if (shape.returns === voidType) {
    if (!isStatementLike(body.expression)) {
      return binder.fail(
        'CS0201',
        'Only assignment, call, increment, decrement, and new object expressions can be used as a statement',
        body.expression,
      );
    }
    return { ...base, body: body.expression };
  }
  return { ...base, body: convert(binder, body.expression, shape.returns) };
}

function convertReturns(binder: Binder, body: LambdaBody, returns: Type, lambda: UnboundLambda): void {
  if (returns !== voidType && body.endReachable) {
    binder.report('CS1643', `Not all code paths return a value in lambda expression of type '${display(returns)}'`, {
      start: lambda.start,
      end: lambda.start + 1,
    });
  }
  for (const statement of body.returns) {
    if (returns === voidType) {
      if (statement.value)
        binder.report(
          'CS8030',
          'Anonymous function converted to a void returning delegate cannot return a value',
          statement.value,
        );
    } else if (statement.value) statement.value = convert(binder, statement.value, returns);
    else binder.report('CS0126', `An object of a type convertible to '${display(returns)}' is required`, statement);
  }
}
