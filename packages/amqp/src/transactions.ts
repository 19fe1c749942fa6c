import { descriptorCode, descriptors } from './codec/descriptors.ts';
import { Fields } from './frames/fields.ts';
import { readBody } from './message/read.ts';
import { scanSections } from './message/sections.ts';
import { Described } from './values.ts';
import { AmqpViolation } from './violation.ts';

/** What a message to a coordinator asks (4.5). */
export type TransactionControl =
  | { readonly kind: 'declare' }
  | { readonly kind: 'discharge'; readonly transactionId: Buffer; readonly fail: boolean };

/** @throws {AmqpViolation} `amqp:decode-error` where it is neither `declare` nor `discharge` */
export function readTransactionControl(payload: Buffer): TransactionControl {
  const [value] = readBody(payload, scanSections(payload));
  if (value instanceof Described && Array.isArray(value.value)) {
    switch (descriptorCode(value.descriptor)) {
      case descriptors.declare:
        return { kind: 'declare' };
      case descriptors.discharge: {
        const fields = new Fields('discharge', value.value);
        const transactionId = fields.binary(0, 'txn-id');
        if (transactionId !== undefined)
          return { kind: 'discharge', transactionId, fail: fields.boolean(1, 'fail') ?? false };
      }
    }
  }
  throw new AmqpViolation('amqp:decode-error', 'A message to a coordinator holds declare or discharge.');
}
