import type { PolicyDefinition } from '../schema/definition.ts';

/** Writes an entry to the request's trace and to the log. */
export const trace: PolicyDefinition = {
  name: 'trace',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      source: { type: 'string', required: true, expression: true, nonEmpty: true },
      severity: { type: 'enum', values: ['verbose', 'information', 'error'], default: 'verbose', expression: false },
    },
    text: { required: false, expression: true },
    children: {
      kind: 'all',
      items: [
        { name: 'message', min: 0, max: 1, element: { attributes: {}, text: { required: false, expression: true } } },
        {
          name: 'metadata',
          min: 0,
          max: Number.POSITIVE_INFINITY,
          element: {
            attributes: {
              name: { type: 'string', required: true, expression: false, nonEmpty: true },
              value: { type: 'string', required: true, expression: true },
            },
          },
        },
      ],
    },
  },
  validate(element, compiler) {
    if (!compiler.child(element, 'message') && !element.text)
      compiler.report(element, "The required element 'message' is missing.");
  },
  compile(element, compiler) {
    const source = compiler.string(element, 'source');
    const severity = compiler.choice(element, 'severity').constant ?? 'verbose';
    const message = compiler.text(compiler.child(element, 'message') ?? element);
    const metadata = compiler
      .children(element, 'metadata')
      .map((child) => [compiler.string(child, 'name').constant ?? '', compiler.string(child, 'value')] as const);

    return (exchange) => {
      const text = message.get(exchange) ?? '';
      const entry = {
        source: source.get(exchange) ?? '',
        severity,
        metadata: Object.fromEntries(metadata.map(([name, value]) => [name, value.get(exchange) ?? ''])),
      };
      exchange.trace(compiler.info, text, entry);
      exchange.ports.log.write(levels[severity] ?? 'debug', text, { requestId: exchange.id, ...entry });
      return undefined;
    };
  },
  notes:
    'Goes to the trace of the request and to the log: verbose as debug, information as info, error as error. Also allowed in on-error, where Microsoft itself uses it. A message may also be the text of the element.',
};

const levels: Readonly<Record<string, 'debug' | 'info' | 'error'>> = {
  verbose: 'debug',
  information: 'info',
  error: 'error',
};
