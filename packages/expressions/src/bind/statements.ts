import type { BlockStatement, Expression, Statement, YieldStatement } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound, BoundStatement, LocalSymbol } from './bound.ts';
import { asValue, convert } from './convert.ts';
import { bindArrayItems } from './creations.ts';
import { bindCondition, bindExpression, bindThrown } from './expressions.ts';
import { bindForeach } from './foreach.ts';
import { bindGoto, bindLabelled, hasLabels } from './labels.ts';
import { bindInstances, bindLocalFunction, declareLocalFunction } from './local-functions.ts';
import { bindGotoCase, bindSwitch } from './switch.ts';
import { bindTry, bindUsing } from './try.ts';
import { isVar, resolveType } from './type-syntax.ts';
import { display, errorType, nullType, type Type, voidType } from './types.ts';

export function bindBlock(binder: Binder, block: BlockStatement): BoundStatement {
  return binder.inScope(() => ({
    kind: 'Block',
    statements: bindStatements(binder, block.statements),
    start: block.start,
    end: block.end,
  }));
}

/** Statements of one declaration space. Variables that expressions declare are declared before their statement. */
export function bindStatements(binder: Binder, statements: readonly Statement[]): BoundStatement[] {
  for (const statement of statements) if (statement.kind === 'LocalFunction') declareLocalFunction(binder, statement);
  const bind = (statement: Statement) => bindWithVariables(binder, statement);
  const bound = hasLabels(statements) ? [bindLabelled(binder, statements, bind)] : statements.flatMap(bind);
  return [...bound, ...bindInstances(statements)];
}

function bindWithVariables(binder: Binder, statement: Statement): BoundStatement[] {
  const outer = binder.hoisted;
  binder.hoisted = [];
  const bound = bindStatement(binder, statement);
  const declared = binder.hoisted;
  binder.hoisted = outer;
  if (declared.length === 0) return bound;
  return [{ kind: 'Declare', locals: declared, start: statement.start, end: statement.start }, ...bound];
}

/** The statement under an `if` or a loop: a scope of its own. */
export function bindEmbedded(binder: Binder, statement: Statement): BoundStatement {
  if (statement.kind === 'Block') return bindBlock(binder, statement);
  return binder.inScope(() => ({
    kind: 'Block',
    statements: bindWithVariables(binder, statement),
    start: statement.start,
    end: statement.end,
  }));
}

function bindStatement(binder: Binder, statement: Statement): BoundStatement[] {
  binder.step(statement);
  const { start, end } = statement;
  switch (statement.kind) {
    case 'Block':
      return [bindBlock(binder, statement)];
    case 'Local':
      return bindLocals(binder, statement);
    case 'LocalFunction':
      return bindLocalFunction(binder, statement);
    case 'Yield':
      return [bindYield(binder, statement)];
    case 'Expression':
      return [{ kind: 'Expression', value: bindStatementExpression(binder, statement.value), start, end }];
    case 'If':
      return [bindIf(binder, statement)];
    case 'While':
    case 'Do':
      return [bindWhile(binder, statement)];
    case 'For':
      return [bindFor(binder, statement)];
    case 'Foreach':
      return [bindForeach(binder, statement)];
    case 'Switch':
      return [bindSwitch(binder, statement)];
    case 'Break':
    case 'Continue':
      return [bindJump(binder, statement)];
    case 'Label':
      // What is embedded has no label: it was reported.
      return [{ kind: 'Empty', start, end }];
    case 'Goto':
      return [bindGoto(binder, statement)];
    case 'GotoCase':
      return [bindGotoCase(binder, statement)];
    case 'Return':
      return [bindReturn(binder, statement)];
    case 'ThrowStatement':
      if (!statement.value && binder.inCatch === 0) {
        binder.report(
          'CS0156',
          'A throw statement with no arguments is not allowed outside of a catch clause',
          statement,
        );
      }
      return [{ kind: 'ThrowStatement', value: statement.value && bindThrown(binder, statement.value), start, end }];
    case 'Try':
      return [bindTry(binder, statement)];
    case 'Using':
      return [bindUsing(binder, statement)];
    case 'CheckedBlock': {
      const { checked, uncheckedConstants } = binder;
      binder.checked = statement.checked;
      binder.uncheckedConstants = !statement.checked;
      const body = bindBlock(binder, statement.body);
      binder.checked = checked;
      binder.uncheckedConstants = uncheckedConstants;
      return [body];
    }
    case 'Empty':
      return [{ kind: 'Empty', start, end }];
  }
}

const statementExpressions: ReadonlySet<string> = new Set([
  'Assignment',
  'Call',
  'Increment',
  'New',
  'ConditionalAccess',
]);

export function bindStatementExpression(binder: Binder, syntax: Expression): Bound {
  const bound = bindExpression(binder, syntax);
  const isCall =
    syntax.kind !== 'ConditionalAccess' || ['Call', 'Error', 'ConditionalAccess'].includes(syntax.rest.kind);
  if (bound.type !== errorType && (!statementExpressions.has(syntax.kind) || !isCall)) {
    return binder.fail(
      'CS0201',
      'Only assignment, call, increment, decrement, and new object expressions can be used as a statement',
      syntax,
    );
  }
  return bound.type === voidType ? bound : asValue(binder, bound);
}

export function bindLocals(binder: Binder, statement: Statement & { kind: 'Local' }): BoundStatement[] {
  const inferred = isVar(statement.type);
  const declared = inferred ? null : resolveType(binder, statement.type);
  if (declared === voidType) binder.report('CS1547', "Keyword 'void' cannot be used in this context", statement.type);
  if (inferred && statement.variables.length > 1) {
    binder.report('CS0819', 'Implicitly-typed variables cannot have multiple declarators', statement);
  }
  return statement.variables.map(({ name, value, start, end }): BoundStatement => {
    const bound = value ? bindInitial(binder, value, declared) : null;
    if (!bound && inferred) binder.report('CS0818', 'Implicitly-typed variables must be initialized', name);
    if (!bound && statement.isConst) binder.report('CS0145', 'A const field requires a value to be provided', name);
    const type = declared ?? bound?.type ?? errorType;
    let constant: LocalSymbol['constant'] = null;
    if (statement.isConst && bound && bound.type !== errorType) {
      if (bound.constant) constant = bound.constant;
      else if (bound.kind !== 'DecimalLiteral')
        binder.report('CS0133', `The expression being assigned to '${name.text}' must be constant`, value ?? name);
    }
    const local = binder.newLocal(name.text, type, { constant });
    binder.declare(local, name);
    return { kind: 'Local', local, value: bound, start, end };
  });
}

function bindInitial(binder: Binder, value: Expression, declared: Type | null): Bound {
  if (value.kind === 'ArrayInitializer') {
    if (declared?.kind === 'array') return bindArrayItems(binder, value, declared.element);
    if (declared === errorType) return binder.error(value);
    return binder.fail(
      declared ? 'CS0622' : 'CS0820',
      declared
        ? 'Can only use array initializer expressions to assign to array types. Try using a new expression instead.'
        : 'Cannot initialize an implicitly-typed variable with an array initializer',
      value,
    );
  }
  const bound = bindExpression(binder, value);
  if (declared) return convert(binder, bound, declared, value);
  if (bound.kind === 'UnboundLambda' || bound.kind === 'MethodGroup' || bound.type === nullType) {
    return binder.fail('CS0815', `Cannot assign ${display(bound.type)} to an implicitly-typed variable`, value);
  }
  if (bound.type === voidType)
    return binder.fail('CS0815', 'Cannot assign void to an implicitly-typed variable', value);
  return asValue(binder, bound);
}

/** `else if` chains are bound in a loop: a chain may be long. */
function bindIf(binder: Binder, statement: Statement & { kind: 'If' }): BoundStatement {
  const branches: { condition: Bound; consequent: BoundStatement; at: Span }[] = [];
  let otherwise: BoundStatement | null = null;
  for (let current: Statement & { kind: 'If' } = statement; ; ) {
    const condition = bindCondition(binder, current.condition);
    branches.push({ condition, consequent: bindEmbedded(binder, current.consequent), at: current });
    const next: Statement | null = current.otherwise;
    if (next?.kind === 'If') current = next;
    else {
      otherwise = next && bindEmbedded(binder, next);
      break;
    }
  }
  for (const { condition, consequent, at } of branches.reverse()) {
    otherwise = { kind: 'If', condition, consequent, otherwise, start: at.start, end: at.end };
  }
  return otherwise ?? { kind: 'Empty', start: statement.start, end: statement.end };
}

/** Runs `body` as the body of the loop `id`. */
export function inLoop<T>(binder: Binder, id: number, body: () => T): T {
  binder.loops.push({ breakTo: id, continueTo: id });
  try {
    return body();
  } finally {
    binder.loops.pop();
  }
}

function bindWhile(binder: Binder, statement: Statement & { kind: 'While' | 'Do' }): BoundStatement {
  const id = binder.id();
  const { start, end } = statement;
  return withVariables(binder, statement, () => {
    const condition = statement.kind === 'While' ? bindCondition(binder, statement.condition) : null;
    const body = inLoop(binder, id, () => bindEmbedded(binder, statement.body));
    const last = condition ?? bindCondition(binder, statement.condition);
    return {
      kind: 'Loop',
      id,
      initial: [],
      condition: last,
      testFirst: statement.kind === 'While',
      step: [],
      body,
      start,
      end,
    };
  });
}

/** Variables of a loop's condition live in the loop's own scope. */
function withVariables(binder: Binder, at: Span, bind: () => BoundStatement): BoundStatement {
  const outer = binder.hoisted;
  binder.hoisted = [];
  const bound = binder.inScope(bind);
  const declared = binder.hoisted;
  binder.hoisted = outer;
  if (declared.length === 0) return bound;
  return {
    kind: 'Block',
    statements: [{ kind: 'Declare', locals: declared, start: at.start, end: at.start }, bound],
    start: at.start,
    end: at.end,
  };
}

function bindFor(binder: Binder, statement: Statement & { kind: 'For' }): BoundStatement {
  const id = binder.id();
  const { start, end } = statement;
  return withVariables(binder, statement, () => {
    const initial = statement.initial.flatMap((s) =>
      s.kind === 'Local'
        ? bindLocals(binder, s)
        : s.kind === 'Expression'
          ? [
              {
                kind: 'Expression',
                value: bindStatementExpression(binder, s.value),
                start: s.start,
                end: s.end,
              } as const,
            ]
          : [],
    );
    const condition = statement.condition && bindCondition(binder, statement.condition);
    const step = statement.step.map((expression) => bindStatementExpression(binder, expression));
    const body = inLoop(binder, id, () => bindEmbedded(binder, statement.body));
    return { kind: 'Loop', id, initial, condition, testFirst: true, step, body, start, end };
  });
}

function bindJump(binder: Binder, statement: Statement & { kind: 'Break' | 'Continue' }): BoundStatement {
  const { kind, start, end } = statement;
  const index = binder.loops.findLastIndex((loop) => kind === 'Break' || loop.continueTo !== null);
  const loop = binder.loops[index];
  const id = kind === 'Break' ? loop?.breakTo : loop?.continueTo;
  if (id === undefined || id === null) {
    binder.report('CS0139', 'No enclosing loop out of which to break or continue', statement);
    return { kind: 'Empty', start, end };
  }
  if (binder.inFinally && index < binder.finallyFloor)
    binder.report('CS0157', 'Control cannot leave the body of a finally clause', statement);
  return { kind, id, start, end };
}

function bindYield(binder: Binder, statement: YieldStatement): BoundStatement {
  const { start, end } = statement;
  const { yields } = binder.current;
  if (binder.inFinally) binder.report('CS1625', 'Cannot yield in the body of a finally clause', statement);
  if (!yields) {
    binder.report(
      'CS1624',
      "'yield' is not available in policy expressions but in a local function that returns IEnumerable<T>",
      statement,
    );
    return { kind: 'Return', value: null, start, end };
  }
  if (!statement.value) return { kind: 'Yield', value: null, start, end };
  const value = bindExpression(binder, statement.value);
  return { kind: 'Yield', value: convert(binder, value, yields, statement.value), start, end };
}

function bindReturn(binder: Binder, statement: Statement & { kind: 'Return' }): BoundStatement {
  const { start, end } = statement;
  if (binder.inFinally) binder.report('CS0157', 'Control cannot leave the body of a finally clause', statement);
  const { returnType, yields } = binder.current;
  if (yields) {
    binder.report('CS1622', "Cannot return a value from an iterator. Use 'yield return' or 'yield break'.", statement);
    return { kind: 'Empty', start, end };
  }
  const bound = statement.value && bindExpression(binder, statement.value);
  const value = bound && returnedValue(binder, bound, statement.value ?? statement);
  const node = { kind: 'Return', value, start, end } satisfies BoundStatement;
  binder.current.returns.push(node);
  if (returnType === undefined) return node;
  if (returnType === voidType) {
    if (value)
      binder.report(
        'CS0127',
        'Since the function returns void, a return keyword must not be followed by an object expression',
        statement,
      );
  } else if (!value)
    binder.report('CS0126', `An object of a type convertible to '${display(returnType)}' is required`, statement);
  else return { ...node, value: convert(binder, value, returnType, statement.value ?? statement) };
  return node;
}

function returnedValue(binder: Binder, value: Bound, at: Span): Bound {
  if (value.type === voidType) return binder.fail('CS8209', "A value of type 'void' cannot be returned", at);
  return value.kind === 'TypeName' || value.kind === 'Namespace' ? asValue(binder, value) : value;
}
