import { type IncomingDelivery, type PeerSends, readTransactionControl } from '@lazuli/amqp';
import type { Transaction } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { type Client, toServiceBusError, type WatchedLink } from './client.ts';

const credit = 100;

/** The link on which a client begins and ends transactions (AMQP 1.0, part 4). Those that it leaves open are rolled back with it. */
export function openCoordinator(client: Client, attach: PeerSends): void {
  const own = new Set<string>();
  const watched: WatchedLink = {
    needs: undefined,
    usedAt: client.options.clock.now(),
    close: (error) => link.close('info' in error ? error.info : error),
  };
  const end = (id: string): Transaction | undefined => {
    const transaction = client.transactions.get(id);
    client.transactions.delete(id);
    own.delete(id);
    return transaction;
  };
  const onDelivery = (delivery: IncomingDelivery) => {
    watched.usedAt = client.options.clock.now();
    link.grant(1);
    let control: ReturnType<typeof readTransactionControl>;
    try {
      control = readTransactionControl(delivery.payload);
      if (control.kind === 'declare') {
        const transaction = client.namespace.served.beginTransaction();
        const id = Buffer.from(transaction.id);
        client.transactions.set(id.toString('hex'), transaction);
        own.add(id.toString('hex'));
        delivery.settle({ kind: 'declared', transactionId: id });
        return;
      }
    } catch (error) {
      delivery.settle({ kind: 'rejected', error: toServiceBusError(error).info });
      return;
    }
    const transaction = end(control.transactionId.toString('hex'));
    if (transaction === undefined) {
      delivery.settle({ kind: 'rejected', error: new ServiceBusError('TransactionUnknown').info });
      return;
    }
    if (control.fail) {
      transaction.rollback();
      delivery.settle({ kind: 'accepted' });
      return;
    }
    transaction.commit().then(
      () => delivery.settle({ kind: 'accepted' }),
      (error: unknown) => delivery.settle({ kind: 'rejected', error: toServiceBusError(error).info }),
    );
  };
  const link = attach.accept(
    {},
    {
      onDelivery,
      onClosed: () => {
        client.links.delete(watched);
        for (const id of own) end(id)?.rollback();
      },
    },
  );
  client.watch(watched);
  link.grant(credit);
}
