import { type IncomingDelivery, type PeerSends, readTransactionControl } from '@lazuli/amqp';
import { ServiceBusError, toServiceBusError } from '../errors.ts';
import type { Client, WatchedLink } from './client.ts';

const credit = 100;

/** The link on which a client begins and ends transactions (AMQP 1.0, part 4). Those that it leaves open are rolled back with it. */
export function openCoordinator(client: Client, attach: PeerSends): void {
  /** In hex. */
  const own = new Set<string>();
  const watched: WatchedLink = {
    needs: undefined,
    usedAt: client.options.clock.now(),
    close: (error) => {
      leave();
      link.close('info' in error ? error.info : error);
    },
  };
  const leave = () => {
    client.links.delete(watched);
    for (const id of own) client.takeTransaction(Buffer.from(id, 'hex'))?.rollback();
    own.clear();
  };
  const declare = (delivery: IncomingDelivery) => {
    const transactionId = Buffer.from(client.beginTransaction().id);
    own.add(transactionId.toString('hex'));
    delivery.settle({ kind: 'declared', transactionId });
  };
  const discharge = (delivery: IncomingDelivery, id: Buffer, fail: boolean) => {
    own.delete(id.toString('hex'));
    const transaction = client.takeTransaction(id);
    if (transaction === undefined) throw new ServiceBusError('TransactionUnknown');
    if (fail) {
      transaction.rollback();
      delivery.settle({ kind: 'accepted' });
      return;
    }
    transaction.commit().then(
      () => delivery.settle({ kind: 'accepted' }),
      (error: unknown) => delivery.settle({ kind: 'rejected', error: toServiceBusError(error).info }),
    );
  };
  const onDelivery = (delivery: IncomingDelivery) => {
    watched.usedAt = client.options.clock.now();
    link.grant(1);
    try {
      const control = readTransactionControl(delivery.payload);
      if (control.kind === 'declare') declare(delivery);
      else discharge(delivery, control.transactionId, control.fail);
    } catch (error) {
      delivery.settle({ kind: 'rejected', error: toServiceBusError(error).info });
    }
  };
  const link = attach.accept({}, { onDelivery, onClosed: leave });
  client.watch(watched);
  link.grant(credit);
}
