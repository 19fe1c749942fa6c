import { ServiceBusError } from '../../errors.ts';

/**
 * Path of the entity that `ForwardTo` or `ForwardDeadLetteredMessagesTo` names: a path, or a URL in the same namespace.
 * @throws {ServiceBusError} `BadRequest`
 */
export function readForwardTarget(name: string, text: string, host: string): string {
  if (text.length > 1000)
    throw new ServiceBusError('BadRequest', { reason: `'${name}' is longer than 1000 characters.` });
  const url = /^(?:sb|https?|amqps?):\/\/([^/?#]*)\/?([^?#]*)/i.exec(text);
  if (url === null) return text.replace(/^\/+|\/+$/g, '');
  const [, authority = '', path = ''] = url;
  if (authority.replace(/:\d+$/, '').toLowerCase() !== host.replace(/:\d+$/, '').toLowerCase())
    throw new ServiceBusError('BadRequest', {
      reason: `'${name}' must name an entity of the namespace '${host}', not of '${authority.slice(0, 200)}'.`,
    });
  try {
    return decodeURIComponent(path).replace(/\/+$/, '');
  } catch (error) {
    throw new ServiceBusError('BadRequest', { reason: `'${name}' is no URL.` }, { cause: error });
  }
}
