import { attributeOf } from '../document/element.ts';
import { formatQuery, parseQuery, queryPair, sameName } from '../http/query-string.ts';
import { existsActionElement } from '../message/exists-action.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Sets, adds to or removes a query parameter of the request to the backend. Other parameters keep their encoding. */
export const setQueryParameter: PolicyDefinition = {
  name: 'set-query-parameter',
  sections: ['inbound', 'backend'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: existsActionElement,
  validate(element, compiler) {
    const action = attributeOf(element, 'exists-action')?.value;
    if (action?.kind === 'expression' || action?.text === 'delete') return;
    if (compiler.children(element, 'value').length === 0)
      compiler.report(element, "A 'value' element is required unless 'exists-action' is 'delete'.");
  },
  compile(element, compiler) {
    const name = compiler.string(element, 'name');
    const action = compiler.choice(element, 'exists-action');
    const values = compiler.children(element, 'value').map((child) => compiler.text(child));
    const isFixed = name.constant !== undefined && values.every((value) => value.constant !== undefined);
    const fixed = isFixed ? values.map((value) => queryPair(name.constant ?? '', value.constant ?? '')) : null;
    return (exchange) => {
      const parameter = name.get(exchange) ?? '';
      const doing = action.get(exchange);
      const pairs = parseQuery(exchange.request.url.query);
      const first = pairs.findIndex((pair) => sameName(pair.name, parameter));
      if (doing === 'skip' && first >= 0) return undefined;
      const given = () => fixed ?? values.map((value) => queryPair(parameter, value.get(exchange) ?? ''));
      const added = doing === 'delete' ? [] : given();
      if (doing === 'append' || first < 0) {
        pairs.push(...added);
        exchange.request.url.query = formatQuery(pairs);
        return undefined;
      }
      const others = (pair: { readonly name: string }) => !sameName(pair.name, parameter);
      exchange.request.url.query = formatQuery([
        ...pairs.slice(0, first),
        ...added,
        ...pairs.slice(first + 1).filter(others),
      ]);
      return undefined;
    };
  },
  notes: 'Names are compared without regard to case. Values are percent-encoded (a blank is `%20`).',
};
