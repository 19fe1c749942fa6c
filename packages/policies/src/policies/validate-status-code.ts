import type { PolicyDefinition } from '../schema/definition.ts';
import { actionAttribute, asAction, ValidationErrors } from '../validation/validation-errors.ts';

/** Checks that the API's specification describes the status code of the response. */
export const validateStatusCode: PolicyDefinition = {
  name: 'validate-status-code',
  sections: ['outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'unspecified-status-code-action': actionAttribute,
      'errors-variable-name': { type: 'string', expression: false, nonEmpty: true },
      'error-variable-name': {
        type: 'string',
        expression: false,
        nonEmpty: true,
        note: 'a misspelling that the policy toolkit writes',
      },
    },
    children: {
      kind: 'sequence',
      items: [
        {
          name: 'status-code',
          min: 0,
          max: Number.POSITIVE_INFINITY,
          element: {
            attributes: {
              code: { type: 'int', required: true, expression: false, min: 100, max: 999 },
              action: actionAttribute,
            },
          },
        },
      ],
    },
  },
  compile(element, compiler) {
    const variable =
      compiler.string(element, 'errors-variable-name').constant ??
      compiler.string(element, 'error-variable-name').constant ??
      null;
    const unspecified = compiler.choice(element, 'unspecified-status-code-action');
    const actions = new Map(
      compiler
        .children(element, 'status-code')
        .map((one) => [compiler.int(one, 'code').constant ?? 0, compiler.choice(one, 'action')]),
    );
    return (exchange) => {
      const status = exchange.response?.status;
      if (status === undefined) return undefined;
      if (exchange.match.operation.responses.some(({ statusCode }) => statusCode === status)) return undefined;
      const errors = new ValidationErrors(exchange, variable);
      errors.add(asAction((actions.get(status) ?? unspecified).get(exchange)), {
        name: String(status),
        type: 'StatusCode',
        rule: 'Unspecified',
        details: `Response status code ${status} is not allowed.`,
      });
      errors.finish();
      return undefined;
    };
  },
  notes:
    'A status-code child matters only for a code that the specification does not describe. With prevent the caller gets 500 without details.',
};
