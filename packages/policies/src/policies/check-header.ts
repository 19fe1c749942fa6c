import { PolicyError } from '../policy-error.ts';
import { textElement } from '../schema/child-schemas.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Rejects a request without a header, or with a value of it that is not on the list. */
export const checkHeader: PolicyDefinition = {
  name: 'check-header',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      name: { type: 'string', required: true, expression: true, nonEmpty: true },
      'failed-check-httpcode': { type: 'int', required: true, expression: true, min: 200, max: 999 },
      'failed-check-error-message': {
        type: 'string',
        expression: true,
        note: 'optional in the XSD, required by the page',
      },
      'ignore-case': {
        type: 'boolean',
        default: 'false',
        expression: true,
        note: 'optional in the XSD, required by the page',
      },
    },
    children: {
      kind: 'sequence',
      items: [textElement('value', { required: false })],
    },
  },
  compile(element, compiler) {
    const name = compiler.string(element, 'name');
    const status = compiler.int(element, 'failed-check-httpcode');
    const message = compiler.string(element, 'failed-check-error-message');
    const ignoreCase = compiler.boolean(element, 'ignore-case');
    const allowed = compiler.children(element, 'value').map((child) => compiler.text(child));

    return (exchange) => {
      const header = name.get(exchange) ?? '';
      const sent = exchange.request.headers.getAll(header);
      const reject = (reason: string, detail: string) =>
        new PolicyError(reason, detail, {
          status: status.get(exchange),
          message: message.get(exchange) ?? detail,
        });
      if (!sent) throw reject('HeaderNotFound', `Header ${header} was not found in the request. Access denied.`);
      if (allowed.length === 0) return undefined;

      const fold = ignoreCase.get(exchange) ? (text: string) => text.toLowerCase() : (text: string) => text;
      // A list may be checked as one value or by its members.
      const candidates = new Set([...sent, sent.join(',')].map(fold));
      if (allowed.some((value) => candidates.has(fold(value.get(exchange) ?? '')))) return undefined;
      throw reject(
        'HeaderValueNotAllowed',
        `Header ${header} value of ${sent.join(',')} is not allowed. Access denied.`,
      );
    };
  },
  notes: 'Without failed-check-error-message the message of context.LastError is sent.',
};
