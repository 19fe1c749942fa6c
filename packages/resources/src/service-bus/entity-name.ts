import type { ServiceBusKind } from './entity-schema.ts';

const most: Readonly<Record<ServiceBusKind, number>> = { queue: 260, topic: 260, subscription: 50, rule: 50 };

/** Why it is no name of an entity; undefined: it is one. Queues and topics may have slashes in theirs, rules a dollar sign in front. */
export function entityNameProblem(kind: ServiceBusKind, name: string): string | undefined {
  const longest = most[kind];
  if (name.length === 0 || name.length > longest)
    return `The name of a ${kind} has 1 to ${longest} characters, not ${name.length}.`;
  const [, ...inner] = name.split('/');
  if (inner.some((segment) => /^(subscriptions|rules|\.\.?)$/i.test(segment)))
    return `'${name}' is no name of a ${kind}: what lies below an entity is called so.`;
  const form =
    kind === 'rule' ? /^\$?[\w][\w.-]*$/ : kind === 'subscription' ? /^[\w][\w.-]*$/ : /^[\w]([\w./-]*[\w])?$/;
  if (!form.test(name) || name.includes('//'))
    return `'${name.slice(0, 300)}' is no name of a ${kind}: expected letters, digits, periods, hyphens and underscores${kind === 'queue' || kind === 'topic' ? ', and slashes inside' : ''}, beginning with a letter or a digit.`;
  return undefined;
}
