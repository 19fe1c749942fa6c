import type { PolicyDefinition } from '../schema/definition.ts';
import { checkParameters } from '../validation/check-parameters.ts';
import { exemptResponseHeaders, valuesByName } from '../validation/exempt-headers.ts';
import { actionAttribute, asAction, ValidationErrors } from '../validation/validation-errors.ts';

/** Checks the headers of the response against the API's specification. */
export const validateHeaders: PolicyDefinition = {
  name: 'validate-headers',
  sections: ['outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'specified-header-action': actionAttribute,
      'unspecified-header-action': actionAttribute,
      'errors-variable-name': { type: 'string', expression: false, nonEmpty: true },
    },
    children: {
      kind: 'sequence',
      items: [
        {
          name: 'header',
          min: 0,
          max: Number.POSITIVE_INFINITY,
          element: {
            attributes: {
              name: { type: 'string', required: true, expression: false, nonEmpty: true },
              action: actionAttribute,
            },
          },
        },
      ],
    },
  },
  compile(element, compiler) {
    const variable = compiler.string(element, 'errors-variable-name').constant ?? null;
    const specified = compiler.choice(element, 'specified-header-action');
    const unspecified = compiler.choice(element, 'unspecified-header-action');
    const headers = compiler
      .children(element, 'header')
      .map(
        (one) => [compiler.string(one, 'name').constant?.toLowerCase() ?? '', compiler.choice(one, 'action')] as const,
      );
    return (exchange) => {
      const { response } = exchange;
      if (!response) return undefined;
      const described = exchange.match.operation.responses.find(({ statusCode }) => statusCode === response.status);
      const errors = new ValidationErrors(exchange, variable);
      checkParameters(
        exchange,
        {
          type: 'ResponseHeader',
          specified: described?.headers ?? [],
          given: valuesByName(response.headers),
          exempt: exemptResponseHeaders(),
        },
        {
          specified: asAction(specified.get(exchange)),
          unspecified: asAction(unspecified.get(exchange)),
          byName: new Map(headers.map(([name, action]) => [name, asAction(action.get(exchange))])),
        },
        errors,
      );
      errors.finish();
      return undefined;
    };
  },
  notes:
    'Headers of the connection, Content-Type, Date and Server need not be specified. With prevent the caller gets 500 without details.',
};
