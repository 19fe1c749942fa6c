import { ServiceBusError } from '../errors.ts';

/** What a path means, case of the fixed words not regarded. */
export type Route =
  | { readonly kind: 'namespaceInformation' }
  | { readonly kind: 'entities'; readonly of: 'queue' | 'topic' }
  | { readonly kind: 'entity'; readonly path: string }
  | { readonly kind: 'subscriptions'; readonly topic: string }
  | { readonly kind: 'subscription'; readonly topic: string; readonly name: string; readonly path: string }
  | { readonly kind: 'rules'; readonly topic: string; readonly subscription: string }
  | { readonly kind: 'rule'; readonly subscription: string; readonly name: string; readonly path: string }
  | { readonly kind: 'messages'; readonly path: string }
  | { readonly kind: 'head'; readonly path: string }
  | { readonly kind: 'message'; readonly path: string; readonly id: string; readonly lockToken: string };

const longest = 1000;

/**
 * @param method Tells an entity whose name ends in `/messages` from the messages of an entity: they are posted to.
 * @throws {ServiceBusError} `BadRequest`
 */
export function routeOf(method: string, pathname: string): Route {
  const segments = segmentsOf(pathname);
  const word = (fromEnd: number) => segments.at(-fromEnd)?.toLowerCase();
  const before = (fromEnd: number) => segments.slice(0, -fromEnd).join('/');
  const { length } = segments;
  if (length === 1 && word(1) === '$namespaceinfo') return { kind: 'namespaceInformation' };
  if (length === 2 && word(2) === '$resources') {
    if (word(1) === 'queues') return { kind: 'entities', of: 'queue' };
    if (word(1) === 'topics') return { kind: 'entities', of: 'topic' };
  }
  if (length > 1 && word(1) === 'messages' && method === 'POST')
    return { kind: 'messages', path: receivePath(before(1)) };
  if (length > 2 && word(2) === 'messages' && word(1) === 'head') return { kind: 'head', path: receivePath(before(2)) };
  if (length > 3 && word(3) === 'messages')
    return {
      kind: 'message',
      path: receivePath(before(3)),
      id: segments.at(-2) ?? '',
      lockToken: segments.at(-1) ?? '',
    };
  if (length > 4 && word(2) === 'rules' && word(4) === 'subscriptions') {
    const subscription = segments.at(-3) ?? '';
    const name = segments.at(-1) ?? '';
    return { kind: 'rule', subscription, name, path: `${before(4)}/Subscriptions/${subscription}/Rules/${name}` };
  }
  if (length > 3 && word(1) === 'rules' && word(3) === 'subscriptions')
    return { kind: 'rules', topic: before(3), subscription: segments.at(-2) ?? '' };
  if (length > 2 && word(2) === 'subscriptions') {
    const name = segments.at(-1) ?? '';
    return { kind: 'subscription', topic: before(2), name, path: `${before(2)}/Subscriptions/${name}` };
  }
  if (length > 1 && word(1) === 'subscriptions') return { kind: 'subscriptions', topic: before(1) };
  return { kind: 'entity', path: segments.join('/') };
}

/** `t/subscriptions/s/$deadletterqueue` in the spelling of the service. */
function receivePath(path: string): string {
  return path
    .replace(/\/subscriptions\//i, '/Subscriptions/')
    .replace(/\/\$deadletterqueue$/i, '/$DeadLetterQueue')
    .replace(/\/\$transfer\/\$deadletterqueue$/i, '/$Transfer/$DeadLetterQueue');
}

function segmentsOf(pathname: string): string[] {
  if (pathname.length > longest)
    throw new ServiceBusError('BadRequest', { reason: `The path is longer than ${longest} characters.` });
  try {
    const segments = pathname
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
    if (segments.length === 0) throw new ServiceBusError('BadRequest', { reason: 'The path names no entity.' });
    return segments;
  } catch (error) {
    if (error instanceof ServiceBusError) throw error;
    throw new ServiceBusError('BadRequest', { reason: 'The path is not percent-encoded UTF-8.' }, { cause: error });
  }
}
