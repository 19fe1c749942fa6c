import { toStringOf } from '@lazuli/expressions';
import { attributeOf } from '../document/element.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** What an event may have at most: 200 KB. */
const largestEvent = 200 * 1024;

/** Sends a text to an event hub. The request neither waits for it nor fails with it. */
export const logToEventhub: PolicyDefinition = {
  name: 'log-to-eventhub',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'logger-id': { type: 'string', required: true, expression: false, nonEmpty: true },
      'partition-id': { type: 'string', expression: false, nonEmpty: true },
      'partition-key': { type: 'string', expression: true },
    },
    text: { required: true, expression: true },
  },
  validate(element, compiler) {
    if (compiler.has(element, 'partition-id') && compiler.has(element, 'partition-key'))
      compiler.report(element, "Only one of the attributes 'partition-id' and 'partition-key' may be given.");
    const logger = attributeOf(element, 'logger-id')?.value;
    if (logger && !logger.unresolved && !compiler.environment.loggers.has(logger.text))
      compiler.report(element, `Logger with id '${logger.written}' could not be found.`, logger.at);
  },
  compile(element, compiler) {
    const logger = compiler.string(element, 'logger-id').constant ?? '';
    const partitionId = compiler.string(element, 'partition-id').constant ?? null;
    const partitionKey = compiler.string(element, 'partition-key');
    const text = element.text?.kind === 'expression' ? compiler.value(element.text) : compiler.text(element);
    return (exchange) => {
      const { events, log } = exchange.ports;
      const value = text.get(exchange);
      const body = truncated(typeof value === 'string' ? value : toStringOf(value));
      if (events.has(logger)) events.send(logger, { body, partitionId, partitionKey: partitionKey.get(exchange) });
      else
        log.write('warn', 'An event was not sent: the logger is no event hub, or has no address.', {
          requestId: exchange.id,
          logger,
        });
      return undefined;
    };
  },
  notes:
    'An event is cut at 200 KB of UTF-8. Events wait in a bounded queue and are sent in batches over HTTPS; what cannot be delivered is dropped and logged.',
};

function truncated(text: string): string {
  if (text.length * 3 <= largestEvent) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= largestEvent) return text;
  let end = largestEvent;
  // Not inside of a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
