import type { ArrayInitializer, Expression } from '../syntax/ast.ts';
import { anonymousType } from './anonymous-types.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { asValue, bestCommonType, convert } from './convert.ts';
import { bindExpression } from './expressions.ts';
import { resolveType } from './type-syntax.ts';
import { arrayOf, display, errorType, nullType, type Type, voidType } from './types.ts';

export function bindArrayCreation(binder: Binder, syntax: Expression & { kind: 'NewArray' }): Bound {
  const element = syntax.element ? resolveType(binder, syntax.element) : null;
  const size = syntax.size ? arraySize(binder, syntax.size) : null;
  if (element === errorType || size?.type === errorType) return binder.error(syntax);
  if (!syntax.items) {
    if (!element) return binder.error(syntax);
    return { kind: 'NewArray', type: arrayOf(element), size, items: [], start: syntax.start, end: syntax.end };
  }
  if (element) {
    const array = bindArrayItems(binder, syntax.items, element);
    if (size && array.kind === 'NewArray' && size.constant?.value !== array.items.length) {
      return binder.fail(
        'CS0847',
        `An array initializer of length '${String(size.constant?.value)}' is expected`,
        syntax.items,
      );
    }
    return array;
  }
  const items = syntax.items.items.map((item) => bindExpression(binder, item));
  if (items.some((item) => item.type === errorType)) return binder.error(syntax);
  const best = bestCommonType(binder, items);
  if (!best) return binder.fail('CS0826', 'No best type found for implicitly-typed array', syntax);
  return {
    kind: 'NewArray',
    type: arrayOf(best),
    size: null,
    items: items.map((item) => convert(binder, item, best)),
    start: syntax.start,
    end: syntax.end,
  };
}

/** `{ 1, 2 }` as an array of the element type. */
export function bindArrayItems(binder: Binder, syntax: ArrayInitializer, element: Type): Bound {
  const items = syntax.items.map((item) => {
    if (item.kind !== 'ArrayInitializer') return convert(binder, bindExpression(binder, item), element, item);
    if (element.kind === 'array') return bindArrayItems(binder, item, element.element);
    return binder.fail(
      'CS0623',
      'Array initializers can only be used in a variable or field initializer. Try using a new expression instead.',
      item,
    );
  });
  if (items.some((item) => item.type === errorType)) return binder.error(syntax);
  return { kind: 'NewArray', type: arrayOf(element), size: null, items, start: syntax.start, end: syntax.end };
}

function arraySize(binder: Binder, syntax: Expression): Bound {
  const size = convert(binder, bindExpression(binder, syntax), binder.int, syntax);
  if (typeof size.constant?.value === 'number' && size.constant.value < 0) {
    return binder.fail('CS0248', 'Cannot create an array with a negative size', syntax);
  }
  return size;
}

export function bindAnonymous(binder: Binder, syntax: Expression & { kind: 'NewAnonymous' }): Bound {
  const seen = new Set<string>();
  const values = syntax.members.map(({ name, value }) => {
    if (seen.has(name.text))
      binder.report('CS0833', 'An anonymous type cannot have multiple properties with the same name', name);
    seen.add(name.text);
    const bound = asValue(binder, bindExpression(binder, value));
    if (bound.type === nullType || bound.type === voidType) {
      return binder.fail('CS0828', `Cannot assign '${display(bound.type)}' to anonymous type property`, value);
    }
    return bound;
  });
  if (values.some((value) => value.type === errorType)) return binder.error(syntax);
  const names = syntax.members.map((member) => member.name.text);
  const type = anonymousType(
    binder.universe,
    names,
    values.map((value) => value.type),
  );
  return { kind: 'Anonymous', type, names, values, start: syntax.start, end: syntax.end };
}
