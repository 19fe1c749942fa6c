import { UpstreamError, type UpstreamFailure } from '../upstream.ts';

/** Says of an error of undici, of a socket or of TLS which kind of failure it is. */
export function toUpstreamError(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return new UpstreamError(failureOf(code), message === '' ? code : message, { cause: error });
}

/** The same for an error while a connection is being opened. */
export function toConnectError(error: unknown, where: string): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const code = codeOf(error);
  const message = error instanceof Error && error.message !== '' ? error.message : code;
  const failure: UpstreamFailure = isTlsCode(code) ? 'tls' : 'connect';
  return new UpstreamError(failure, `Cannot connect to ${where}: ${message}`, { cause: error });
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

function failureOf(code: string): UpstreamFailure {
  switch (code) {
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return 'timeout';
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'connect';
    case 'UND_ERR_ABORTED':
    case 'ABORT_ERR':
      return 'aborted';
    case 'UND_ERR_HEADERS_OVERFLOW':
    case 'UND_ERR_INVALID_ARG':
    case 'UND_ERR_NOT_SUPPORTED':
    case 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH':
    case 'ERR_INVALID_CHAR':
    case 'ERR_HTTP_INVALID_HEADER_VALUE':
      return 'protocol';
    default:
      if (code.startsWith('HPE_')) return 'protocol';
      return isTlsCode(code) ? 'tls' : 'reset';
  }
}

function isTlsCode(code: string): boolean {
  return (
    code === 'EPROTO' ||
    code.startsWith('ERR_TLS_') ||
    code.startsWith('ERR_SSL_') ||
    code.startsWith('ERR_OSSL_') ||
    code.startsWith('CERT_') ||
    code.startsWith('UNABLE_TO_') ||
    code.startsWith('HOSTNAME_MISMATCH') ||
    code.includes('SELF_SIGNED') ||
    code === 'INVALID_CA' ||
    code === 'INVALID_PURPOSE'
  );
}
