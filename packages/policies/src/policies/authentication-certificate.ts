import {
  authenticationCertificateElement,
  compileClientCertificate,
  validateAuthenticationCertificate,
} from '../authentication/client-certificate.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Authenticates to the backend with a TLS client certificate. */
export const authenticationCertificate: PolicyDefinition = {
  name: 'authentication-certificate',
  sections: ['inbound', 'backend'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: authenticationCertificateElement,
  validate: validateAuthenticationCertificate,
  compile(element, compiler) {
    const certificate = compileClientCertificate(element, compiler);
    return (exchange) => {
      exchange.connection.certificate = certificate(exchange);
      return undefined;
    };
  },
  notes: 'body is a PFX, as byte[] or base64. Also allowed in backend.',
};
