import type { BoundLambda, BoundStatement, LocalSymbol } from '../bind/bound.ts';
import { type Type, voidType } from '../bind/types.ts';
import { charge } from '../runtime/budget.ts';
import { Sequence } from '../runtime/sequence.ts';
import { emitEffect, emitExpression } from './emit-expression.ts';
import { emitStatement } from './emit-statement.ts';
import type { Emitter } from './emitter.ts';
import { needsBox } from './runtime-types.ts';

/** A function over UNIFORM arguments with a UNIFORM result. Every call costs a step. */
export function emitLambda(emitter: Emitter, lambda: BoundLambda): string {
  const names: string[] = [];
  const unboxing: string[] = [];
  for (const parameter of lambda.parameters) {
    const name = emitter.local(parameter);
    if (needsBox(parameter.type)) {
      names.push(`$p${parameter.id}`);
      unboxing.push(`let ${name}=${emitter.fromUniform(parameter.type, `$p${parameter.id}`)};`);
    } else names.push(name);
  }
  const start = `${emitter.ref(charge)}();${unboxing.join('')}${declarations(emitter, lambda.hoisted)}`;
  const { body } = lambda;
  const text = emitter.inFunction(() => {
    if (isStatement(body)) return inReturn(emitter, lambda.returns, () => emitStatement(emitter, body));
    if (lambda.returns === voidType) return `${emitEffect(emitter, body)};`;
    return `return ${emitter.toUniform(lambda.returns, emitExpression(emitter, body))};`;
  });
  return `((${names.join(',')})=>{${start}${text}})`;
}

export function isStatement(body: BoundLambda['body']): body is BoundStatement {
  return !('type' in body);
}

/** Returns of a lambda are UNIFORM; those of a local function RAW. */
function inReturn(emitter: Emitter, type: Type, emit: () => string): string {
  const outer = emitter.boxReturns;
  emitter.boxReturns = type;
  const text = emit();
  emitter.boxReturns = outer;
  return text;
}

export function emitLocalFunction(emitter: Emitter, statement: BoundStatement & { kind: 'Function' }): string {
  const { symbol, body } = statement;
  const names = symbol.parameters.map((p) => `$l${p.local.id}`);
  const outer = emitter.boxReturns;
  emitter.boxReturns = null;
  const text = emitter.inFunction(() => emitStatement(emitter, body));
  emitter.boxReturns = outer;
  const list = names.join(',');
  const start = `${emitter.ref(charge)}();`;
  if (!statement.isIterator) return `function $f${symbol.id}(${list}){${start}${text}}`;
  // The arguments are kept as they are: every enumeration starts with them.
  const run = `function* $i${symbol.id}(${list}){${text}}`;
  return `${run}function $f${symbol.id}(${list}){${start}return new ${emitter.ref(Sequence)}(()=>$i${symbol.id}(${list}));}`;
}

export function declarations(emitter: Emitter, locals: readonly LocalSymbol[]): string {
  return locals.length === 0 ? '' : `let ${locals.map((local) => emitter.local(local)).join(',')};`;
}
