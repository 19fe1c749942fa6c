import type { PolicyCompiler, Value } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import type { HeaderList } from '../http/header-list.ts';
import { headerNameProblem, headerValueProblem, repeats } from './header-rules.ts';

export type HeaderEdit = (exchange: Exchange, headers: HeaderList) => void;

/** Reports literals that no header can have. */
export function validateSetHeader(element: PolicyElement, compiler: PolicyCompiler): void {
  const name = attributeOf(element, 'name');
  if (name?.value.kind === 'literal') {
    const problem = headerNameProblem(name.value.text);
    if (problem) compiler.report(element, problem, name.value.at);
  }
  for (const value of compiler.children(element, 'value')) {
    if (value.text?.kind !== 'literal') continue;
    const problem = headerValueProblem(name?.value.text ?? '', value.text.text.trim());
    if (problem) compiler.report(value, problem, value.text.at);
  }
}

/**
 * Compiles a `set-header` element to an edit of any header list. Values that an expression gives are checked when it runs:
 * a name or a value that HTTP cannot carry, or a header of the gateway's own, is an ExpressionValueEvaluationFailure.
 * A null value is an empty one.
 */
export function compileSetHeader(element: PolicyElement, compiler: PolicyCompiler): HeaderEdit {
  const name = compiler.string(element, 'name');
  const action = compiler.choice(element, 'exists-action');
  const values = compiler.children(element, 'value').map((child) => compiler.text(child));

  const fixedValues = values.every((value) => value.constant !== undefined)
    ? values.map((value) => value.constant ?? '')
    : null;
  const fixedRepeats = name.constant === undefined ? null : repeats(name.constant ?? '');

  return (exchange, headers) => {
    const target = name.get(exchange) ?? '';
    if (name.constant === undefined) refuse(headerNameProblem(target));
    const doing = action.get(exchange);
    if (doing === 'delete') {
      headers.remove(target);
      return;
    }
    if (doing === 'skip' && headers.has(target)) return;
    const given = fixedValues ?? values.map((value) => textOf(value, exchange, target));
    const all = doing === 'append' ? [...(headers.getAll(target) ?? []), ...given] : given;
    if (all.length === 0) headers.remove(target);
    else if (all.length === 1) headers.set(target, all[0] as string);
    else headers.set(target, (fixedRepeats ?? repeats(target)) ? all : all.join(','));
  };
}

function textOf(value: Value<string | null>, exchange: Exchange, target: string): string {
  const text = value.get(exchange) ?? '';
  if (value.constant === undefined) refuse(headerValueProblem(target, text));
  return text;
}

function refuse(problem: string | undefined): void {
  if (problem) throw evaluationFailure(problem);
}
