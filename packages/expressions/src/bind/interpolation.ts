import type { InterpolatedPart } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { callGroup } from './calls.ts';
import { concat } from './concatenation.ts';
import { convert } from './convert.ts';
import { bindExpression, bindValue } from './expressions.ts';
import { findMethods } from './member-lookup.ts';
import { arrayOf, errorType, methodGroupType, special } from './types.ts';

/** `$"..."`: concatenation; holes with a format or an alignment go through `String.Format`. */
export function bindInterpolated(binder: Binder, parts: readonly InterpolatedPart[], at: Span): Bound {
  const values = parts.map((part): Bound => {
    if (part.kind === 'text') return binder.constant(part.text, binder.string, at);
    const value = bindValue(binder, part.value);
    if (value.type === errorType || (!part.alignment && part.format === null)) return value;
    return formatted(binder, value, part, part.value);
  });
  if (values.some((value) => value.type === errorType)) return binder.error(at);
  return concat(binder, [binder.constant('', binder.string, at), ...values], at);
}

function formatted(binder: Binder, value: Bound, part: InterpolatedPart & { kind: 'hole' }, at: Span): Bound {
  let layout = '{0';
  if (part.alignment) {
    const alignment = convert(binder, bindExpression(binder, part.alignment), binder.int);
    if (alignment.type === errorType) return alignment;
    if (typeof alignment.constant?.value !== 'number')
      return binder.fail('CS0150', 'A constant value is expected', part.alignment);
    layout += `,${alignment.constant.value}`;
  }
  // String.Format takes a brace in a format for a bracket: it is doubled, as the compiler does.
  if (part.format !== null) layout += `:${part.format.replaceAll('{', '{{').replaceAll('}', '}}')}`;
  const levels = findMethods([binder.string], 'Format', true).map((level) =>
    level.filter(({ method }) => {
      const [first, second] = method.parameters;
      const takesText = first !== undefined && special(first.type) === 'string';
      return (
        takesText &&
        method.parameters.length === 2 &&
        second !== undefined &&
        (special(second.type) === 'object' || second.type === arrayOf(binder.object))
      );
    }),
  );
  const group = {
    kind: 'MethodGroup',
    type: methodGroupType,
    name: 'Format',
    receiver: null,
    on: binder.string,
    levels,
    typeArgs: null,
    function: null,
    nameSpan: at,
    start: at.start,
    end: at.end,
  } as const;
  const argument = (bound: Bound) =>
    ({ name: null, mode: 'value', value: bound, start: at.start, end: at.end }) as const;
  return callGroup(
    binder,
    group,
    [argument(binder.constant(`${layout}}`, binder.string, at)), argument(convert(binder, value, binder.object))],
    at,
  );
}
