import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceBusError } from '../errors.ts';
import { parseConnectionString } from './connection-string.ts';

const nothing = {
  port: undefined,
  sharedAccessKeyName: undefined,
  sharedAccessKey: undefined,
  sharedAccessSignature: undefined,
  entityPath: undefined,
  useDevelopmentEmulator: false,
};

describe('a connection string', () => {
  it.each([
    [
      'Endpoint=sb://NS.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=abc=+/==',
      { hostName: 'ns.servicebus.windows.net', sharedAccessKeyName: 'Root', sharedAccessKey: 'abc=+/==' },
    ],
    [
      'Endpoint=sb://localhost;SharedAccessKeyName=R;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;',
      {
        hostName: 'localhost',
        sharedAccessKeyName: 'R',
        sharedAccessKey: 'SAS_KEY_VALUE',
        useDevelopmentEmulator: true,
      },
    ],
    [
      ' endpoint = sb://localhost:5673 ; ENTITYPATH=/orders/ ; sharedaccesskeyname=r;sharedaccesskey=k; TransportType=Amqp',
      { hostName: 'localhost', port: 5673, entityPath: 'orders', sharedAccessKeyName: 'r', sharedAccessKey: 'k' },
    ],
    [
      'Endpoint=sb://[::1]:5672/;SharedAccessSignature=SharedAccessSignature sr=a&sig=b%3D&se=1&skn=c',
      { hostName: '[::1]', port: 5672, sharedAccessSignature: 'SharedAccessSignature sr=a&sig=b%3D&se=1&skn=c' },
    ],
    ['Endpoint=https://host/;EntityPath=', { hostName: 'host' }],
  ])('%s', (text, expected) => {
    expect(parseConnectionString(text)).toEqual({ ...nothing, ...expected });
  });

  it.each([
    ['', 'Endpoint is missing'],
    ['Endpoint=', 'Endpoint is missing'],
    ['nonsense', 'every part must be Name=value'],
    ['Endpoint=host', 'Endpoint must be sb://host/'],
    ['Endpoint=sb://', 'Endpoint must be sb://host/'],
    ['Endpoint=sb://host/path', 'Endpoint must be sb://host/'],
    ['Endpoint=sb://user:secret@host/', 'Endpoint must be sb://host/'],
    ['Endpoint=sb://host:0/', 'Endpoint must be sb://host/'],
    ['Endpoint=sb://host:65536/', 'Endpoint must be sb://host/'],
    ['Endpoint=ftp://host/', 'Endpoint must be sb://host/'],
    ['Endpoint=sb://host;Endpoint=sb://other', 'Endpoint is there twice'],
    ['Endpoint=sb://host;SharedAccessKeyName=secret', 'SharedAccessKeyName and SharedAccessKey go together'],
    ['Endpoint=sb://host;SharedAccessKey=secret', 'SharedAccessKeyName and SharedAccessKey go together'],
    [
      'Endpoint=sb://host;SharedAccessKeyName=a;SharedAccessKey=secret;SharedAccessSignature=secret',
      'both a SharedAccessKey and',
    ],
    ['Endpoint=sb://host;UseDevelopmentEmulator=secret', 'UseDevelopmentEmulator must be true or false'],
    [`Endpoint=sb://${'secret'.repeat(5000)}`, 'longer than 16384 characters'],
  ])('is refused without its secrets: %s', (text, message) => {
    let error: unknown;
    try {
      parseConnectionString(text);
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({ code: 'BadRequest', message: expect.stringContaining(message) });
    expect(String(error)).not.toContain('secret');
  });

  it('is read or refused, whatever it contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const each of [text, `Endpoint=sb://${text}`, `Endpoint=sb://h;${text}`]) {
          try {
            parseConnectionString(each);
          } catch (error) {
            expect(error).toBeInstanceOf(ServiceBusError);
          }
        }
      }),
    );
  });
});
