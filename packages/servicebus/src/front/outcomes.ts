import { type AmqpErrorInfo, AmqpMap, type AmqpValue, type DeliveryState } from '@lazuli/amqp';
import type { Settlement } from '../contract.ts';
import { plain, propertiesOf } from './read-values.ts';

/**
 * What a receiver's outcome means ("Service Bus AMQP 1.0 protocol guide", settlement): accepted completes, rejected dead-letters, modified
 * defers where the message is undeliverable here and abandons otherwise, as does released. Undefined: it is no outcome.
 */
export function settlementOf(state: DeliveryState): Settlement | undefined {
  switch (state.kind) {
    case 'accepted':
      return { kind: 'complete' };
    case 'released':
      return { kind: 'abandon' };
    case 'modified': {
      const properties = propertiesOf(state.annotations);
      return {
        kind: state.undeliverableHere ? 'defer' : 'abandon',
        ...(properties === undefined ? {} : { properties }),
      };
    }
    case 'rejected':
      return deadLetter(state.error);
    default:
      return undefined;
  }
}

const deadLetterCondition = 'com.microsoft:dead-letter';

function deadLetter(error: AmqpErrorInfo | undefined): Settlement {
  const info = error?.info ?? new AmqpMap();
  const text = (name: string) => {
    const value = plain(info.get(name));
    return typeof value === 'string' ? value : undefined;
  };
  const reason = text('DeadLetterReason') ?? (error?.condition === deadLetterCondition ? undefined : error?.condition);
  const description = text('DeadLetterErrorDescription') ?? error?.description;
  const properties = new Map<string, AmqpValue>();
  for (const [name, value] of propertiesOf(info) ?? [])
    if (name !== 'DeadLetterReason' && name !== 'DeadLetterErrorDescription') properties.set(name, value);
  return {
    kind: 'deadLetter',
    ...(reason === undefined ? {} : { reason }),
    ...(description === undefined ? {} : { description }),
    ...(properties.size === 0 ? {} : { properties }),
  };
}

/** The same outcome, as the last word: clients take an error in it for a failure. */
export function echoOf(state: DeliveryState): DeliveryState {
  if (state.kind === 'rejected') return { kind: 'rejected' };
  if (state.kind === 'transactional' && state.outcome !== undefined)
    return { ...state, outcome: echoOf(state.outcome) };
  return state;
}
