import type { PolicyCompiler, Value } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { parseQuery, queryValue } from '../http/query-string.ts';
import type { ChildSchema, PolicyDefinition } from '../schema/definition.ts';
import { reportRepetition } from '../schema/only-once.ts';
import { checkParameters, type ParameterActions, type ParameterGroup } from '../validation/check-parameters.ts';
import { exemptRequestHeaders, valuesByName } from '../validation/exempt-headers.ts';
import { actionAttribute, asAction, ValidationErrors } from '../validation/validation-errors.ts';

const parameter: ChildSchema = {
  name: 'parameter',
  min: 0,
  max: Number.POSITIVE_INFINITY,
  element: {
    attributes: {
      name: { type: 'string', required: true, expression: false, nonEmpty: true },
      action: actionAttribute,
    },
  },
};

const group = (name: 'headers' | 'query' | 'path'): ChildSchema => ({
  name,
  min: 0,
  max: 1,
  element: {
    attributes: {
      'specified-parameter-action': actionAttribute,
      ...(name === 'path' ? {} : { 'unspecified-parameter-action': actionAttribute }),
    },
    children: { kind: 'sequence', items: [parameter] },
  },
});

/** Checks path, query and headers of the request against the operation of the API's specification. */
export const validateParameters: PolicyDefinition = {
  name: 'validate-parameters',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'specified-parameter-action': actionAttribute,
      'unspecified-parameter-action': actionAttribute,
      'errors-variable-name': { type: 'string', expression: false, nonEmpty: true },
    },
    children: { kind: 'sequence', items: [group('headers'), group('query'), group('path')] },
  },
  validate(element, compiler) {
    reportRepetition(element, compiler, 'section');
  },
  compile(element, compiler) {
    const variable = compiler.string(element, 'errors-variable-name').constant ?? null;
    const headers = compileActions(element, compiler.child(element, 'headers'), compiler);
    const query = compileActions(element, compiler.child(element, 'query'), compiler);
    const path = compileActions(element, compiler.child(element, 'path'), compiler, false);
    return (exchange) => {
      const errors = new ValidationErrors(exchange, variable);
      checkParameters(exchange, headersOf(exchange), headers(exchange), errors);
      checkParameters(exchange, queryOf(exchange), query(exchange), errors);
      checkParameters(exchange, pathOf(exchange), path(exchange), errors);
      errors.finish();
      return undefined;
    };
  },
  notes:
    'Names are compared without regard to case. Headers of the connection, Accept, Authorization, Content-Type and the subscription key need not be specified. An array may be repeated or written with commas; parameters that are objects are not looked into. The message names every parameter that is wrong, at most 20.',
};

function compileActions(
  policy: PolicyElement,
  own: PolicyElement | undefined,
  compiler: PolicyCompiler,
  hasUnspecified = true,
): (exchange: Exchange) => ParameterActions {
  const specified = compiler.choice(own ?? policy, 'specified-parameter-action');
  const unspecified = hasUnspecified ? compiler.choice(own ?? policy, 'unspecified-parameter-action') : null;
  const byName = (own ? compiler.children(own, 'parameter') : []).map(
    (one) => [compiler.string(one, 'name').constant?.toLowerCase() ?? '', compiler.choice(one, 'action')] as const,
  );
  return (exchange) => ({
    specified: asAction(specified.get(exchange)),
    unspecified: unspecified && asAction(unspecified.get(exchange)),
    byName: new Map(
      byName.map(([name, action]: readonly [string, Value<string>]) => [name, asAction(action.get(exchange))]),
    ),
  });
}

const headersOf = (exchange: Exchange): ParameterGroup => ({
  type: 'RequestHeader',
  specified: exchange.match.operation.request.headers,
  given: valuesByName(exchange.request.headers),
  exempt: exemptRequestHeaders(exchange),
});

function queryOf(exchange: Exchange): ParameterGroup {
  const { api, operation } = exchange.match;
  const given = new Map<string, string[]>();
  for (const pair of parseQuery(exchange.request.url.query)) {
    if (pair.raw === '') continue;
    const known = given.get(pair.name);
    if (known) known.push(queryValue(pair));
    else given.set(pair.name, [queryValue(pair)]);
  }
  const [, templateQuery = ''] = operation.urlTemplate.split('?', 2);
  const inTemplate = operation.templateParameters.filter(({ name }) => templateQuery.includes(`{${name}}`));
  return {
    type: 'QueryParameter',
    specified: [...operation.request.queryParameters, ...inTemplate],
    given,
    exempt: new Set([api.subscriptionKeyParameterNames.query.toLowerCase()]),
  };
}

function pathOf(exchange: Exchange): ParameterGroup {
  const { matchedParameters, operation } = exchange.match;
  const [path = ''] = operation.urlTemplate.split('?', 1);
  const given = [...matchedParameters].map(([name, value]): [string, string[]] => [name, [value]]);
  return {
    type: 'PathParameter',
    specified: operation.templateParameters.filter(({ name }) => path.includes(`{${name}}`)),
    given: new Map(given),
    exempt: new Set(),
  };
}
