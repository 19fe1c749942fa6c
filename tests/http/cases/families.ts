import { chunkedBody } from './chunked-body.ts';
import { connectionHandling } from './connection-handling.ts';
import { contentLength } from './content-length.ts';
import { headSyntax } from './head-syntax.ts';
import { hostAndTarget } from './host-and-target.ts';
import { transferEncoding } from './transfer-encoding.ts';
import type { Family } from './wire-case.ts';

/** Every case that a client sends, by family. The suites, the differential test and docs/http-security.md read this list. */
export const families: readonly Family[] = [
  transferEncoding,
  contentLength,
  chunkedBody,
  headSyntax,
  hostAndTarget,
  connectionHandling,
];
