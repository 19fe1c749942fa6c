const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** Are these the first bytes of an HTTP/2 client (RFC 9113 section 3.4)? "P" alone may still become POST or PUT. */
export function matchHttp2Preface(bytes: Buffer): 'no' | 'perhaps' | 'yes' {
  const length = Math.min(bytes.length, preface.length);
  if (bytes.compare(preface, 0, length, 0, length) !== 0) return 'no';
  return length < preface.length ? 'perhaps' : 'yes';
}
