import { authenticationCertificateElement } from '../authentication/client-certificate.ts';
import { managedIdentityElement } from '../authentication/managed-identity.ts';
import { setBodyElement } from '../message/body-edit.ts';
import { existsActionElement } from '../message/exists-action.ts';
import { setMethodElement } from '../message/method-edit.ts';
import type { AttributeSchema, ContentModel } from '../schema/definition.ts';
import { proxyElement } from './proxy.ts';

/** Attributes that `send-request` and `send-one-way-request` share. */
export const outgoingRequestAttributes: Readonly<Record<string, AttributeSchema>> = {
  mode: { type: 'enum', values: ['new', 'copy'], default: 'new', expression: true },
  timeout: { type: 'int', default: '60', expression: true, min: 0, note: 'seconds' },
  'timeout-ms': { type: 'int', expression: true, min: 0, note: 'undocumented: milliseconds, instead of timeout' },
};

/** Their children, in the order that the schema has. */
export const outgoingRequestContent: ContentModel = {
  kind: 'sequence',
  items: [
    { name: 'set-url', min: 0, max: 1, element: { attributes: {}, text: { required: true, expression: true } } },
    { name: 'set-method', min: 0, max: 1, element: setMethodElement },
    { name: 'set-header', min: 0, max: Number.POSITIVE_INFINITY, element: existsActionElement },
    { name: 'set-body', min: 0, max: 1, element: setBodyElement },
    { name: 'authentication-certificate', min: 0, max: 1, element: authenticationCertificateElement },
    { name: 'authentication-managed-identity', min: 0, max: 1, element: managedIdentityElement },
    { name: 'proxy', min: 0, max: 1, element: proxyElement },
  ],
};
